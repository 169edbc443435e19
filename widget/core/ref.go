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

// Children gives references to widgets, such as those of models, for the trait children of a box.
func Children(widgets ...widget.Referrer) []widget.Ref {
	refs := make([]widget.Ref, len(widgets))
	for i, w := range widgets {
		refs[i] = w.Ref()
	}
	return refs
}
