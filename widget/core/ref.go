package core

import "gocomm/widget"

// A Ref is a trait that refers to a widget whose state is a T, or to none where it is empty.
type Ref[T any] string

// RefTo gives the Ref to a model's widget.
func RefTo[T any](m *widget.Model[T]) Ref[T] { return Ref[T](m.Ref()) }

// ID gives the widget's model id, or "".
func (r Ref[T]) ID() string { return widget.Ref(r).ID() }

// Ref gives r without the type of the widget's state.
func (r Ref[T]) Ref() widget.Ref { return widget.Ref(r) }

// Resolve gives a model of the widget, as [widget.Resolve] does, with the same errors. m is a model of a widget of
// the same kernel, such as the one that r is a trait of.
func (r Ref[T]) Resolve(ctx widget.Context, m widget.Manager) (*widget.Model[T], error) {
	return widget.Resolve[T](ctx, m, widget.Ref(r))
}

// Find gives references to the widgets of a type that are here, whoever has made them: after a reload, those that the
// kernel has. m says where, and the errors are those of [widget.Find], which finds the widgets of other libraries.
//
//	sliders, err := core.Find[core.IntSlider](ctx, m)
func Find[S interface{ kind() *kind }](ctx widget.Context, m widget.Manager) ([]Ref[S], error) {
	var s S
	k := s.kind()
	found, err := widget.Find(ctx, m, k.model, string(k.module))
	if err != nil {
		return nil, err
	}
	refs := make([]Ref[S], len(found))
	for i, r := range found {
		refs[i] = Ref[S](r)
	}
	return refs, nil
}

// Children gives references to widgets, such as those of models, for the trait children of a box.
func Children(widgets ...widget.Referrer) []widget.Ref {
	refs := make([]widget.Ref, len(widgets))
	for i, w := range widgets {
		refs[i] = w.Ref()
	}
	return refs
}
