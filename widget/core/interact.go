package core

import (
	"errors"
	"reflect"
	"sync"

	"gocomm/internal/panics"
	"gocomm/widget"
)

// Interact makes a control for each field of P, a struct, and calls f with their values: once at the start, and after each
// change, whoever has made it. It is for Go what ipywidgets' interact is for Python, with a struct in the place of the
// parameters.
//
//	type Params struct {
//		Speed float64 `min:"0" max:"10" step:"0.5"`
//		Color string  `options:"red,green,blue"`
//		Loud  bool    `label:"with sound"`
//	}
//	box, err := core.Interact(m, m, func(p Params) { … })
//	…
//	err = m.Update(func(s *State) { s.Controls = box.Ref() })
//
// The controls are those of package core in a [VBox], whose model is what Interact gives:
//
//	bool           Checkbox
//	int, int64, …  IntSlider; tags min, max, step
//	float64, …     FloatSlider; tags min, max, step
//	time.Duration  FloatSlider in seconds, as its tags are
//	string         Text; Dropdown with the tag options, which has commas between the labels
//	a struct       the controls of its fields
//
// set gives the fields their first values. A number without min and max gets the bounds that ipywidgets' interact gives it:
// from minus its first value to three times it, or 0 and 1. The tag label says what stands beside a control, which is the
// field's name otherwise. A field with the tag label:"-" gets no control, nor does one that is not exported.
//
// f may take its time: it is called on a goroutine of its own, never twice at a time, and then with the newest values. Its
// panic is reported as a handler's is. It is called until the box is closed or its model ends.
//
// The error names the field that has a wrong tag, or a type of which there is no control; nothing was made then. Otherwise
// it is that of the first control that could not be made.
func Interact[P any](ctx widget.Context, m widget.Manager, f func(P), set ...func(*P)) (*widget.Model[VBox], error) {
	p := new(P)
	for _, s := range set {
		s(p)
	}
	i := &interaction{wake: make(chan struct{}, 1), call: func(v reflect.Value) { f(v.Interface().(P)) }}
	return i.begin(ctx, m, reflect.ValueOf(p).Elem())
}

// An interaction is what does not depend on the type of the parameters.
type interaction struct {
	call func(reflect.Value)
	wake chan struct{} // its buffer holds that something has changed

	mu     sync.Mutex // guards values; not held while anything is called
	values reflect.Value

	ends []func(close bool) // of the controls
}

func (i *interaction) begin(ctx widget.Context, m widget.Manager, values reflect.Value) (*widget.Model[VBox], error) {
	plan, err := planControls(values)
	if err != nil {
		return nil, &failure{op: "interact", err: err}
	}
	i.values = values
	var refs []widget.Ref
	for _, c := range plan {
		ref, err := c.make(i, ctx, m)
		if err != nil {
			i.end(true)
			return nil, &failure{op: "interact: " + c.name, err: err}
		}
		refs = append(refs, ref)
	}
	box, err := NewVBox(ctx, m, VBox{Children: refs})
	if err != nil {
		i.end(true)
		return nil, &failure{op: "interact", err: err}
	}
	report, ok := m.Manager().(reporter)
	if !ok {
		report, _ = box.Manager().(reporter)
	}
	i.changed()
	go i.run(box.Done(), report) // ends with the box
	return box, nil
}

// A reporter takes errors that have no caller to return to.
type reporter interface{ Report(error) }

func (i *interaction) run(done <-chan struct{}, to reporter) {
	defer i.end(false)
	for {
		select {
		case <-done:
			return
		case <-i.wake:
		}
		now := reflect.New(i.values.Type()).Elem()
		i.mu.Lock()
		now.Set(i.values)
		i.mu.Unlock()
		if err := i.contain(now); err != nil && to != nil {
			to.Report(&failure{op: "interact", err: err})
		}
	}
}

var errGoexit = errors.New("runtime.Goexit was called")

// contain calls the function, and makes an error of its panic. A runtime.Goexit would end the calls: so it gets a goroutine.
func (i *interaction) contain(now reflect.Value) (err error) {
	err = errGoexit
	done := make(chan struct{})
	go func() { // ends when the function returns
		defer close(done)
		defer func() {
			if v := recover(); v != nil {
				err = &widget.PanicError{Value: v, Stack: panics.Stack()}
			}
		}()
		i.call(now)
		err = nil
	}()
	<-done
	return err
}

// changed has the function called soon, if it is not about to be.
func (i *interaction) changed() {
	select {
	case i.wake <- struct{}{}:
	default:
	}
}

func (i *interaction) end(close bool) {
	for _, end := range i.ends {
		end(close)
	}
}

// follow has a field follow a control's trait value. read sets the field at v.
func follow[S any](i *interaction, at []int, model *widget.Model[S], err error, trait string, read func(v reflect.Value, s S)) (widget.Ref, error) {
	if err != nil {
		return "", err
	}
	i.ends = append(i.ends, func(close bool) {
		if close {
			_ = model.CloseWidget() // the error that is told came before
		}
		model.Close()
	})
	set := func(now S) {
		i.mu.Lock()
		read(i.values.FieldByIndex(at), now)
		i.mu.Unlock()
	}
	set(model.Get())
	model.Observe(func(_, now S) {
		set(now)
		i.changed()
	}, trait)
	return model.Ref(), nil
}
