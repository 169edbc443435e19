package view

import (
	"errors"
	"strconv"
	"syscall/js"

	"gocomm/internal/codec"
	"gocomm/internal/spin"
	"gocomm/widget"
)

// mostEvents is how many events may wait for a view's handlers.
const mostEvents = 1024

// A View is one view of a widget on the page.
type View struct {
	// Root is an empty element of the view's own, to draw in.
	Root js.Value

	m      *model
	number int32
	scope  widget.Scope
	done   chan struct{}

	mu    spin.Mutex // guards what follows
	ended bool
	queue []func() error
	busy  bool // a goroutine calls what is queued
}

func newView(m *model, number int32) *View {
	v := &View{Root: program.page.Call("element", number), m: m, number: number, done: make(chan struct{})}
	v.scope.Report = v.fail
	return v
}

func (v *View) render(inst instance) {
	if err := contain(func() error { return inst.render(v) }, v.fail); err != nil && v.Err() == nil {
		v.fail(err)
	}
}

// Done is closed when the view has ended. A View is a [widget.Context].
func (v *View) Done() <-chan struct{} { return v.done }

// Err says that the view has ended, and is nil while it lives.
func (v *View) Err() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended {
		return ErrEnded
	}
	return nil
}

// ErrEnded: the view has ended.
var ErrEnded = errors.New("view: the view has ended")

// Append adds an element to the view.
func (v *View) Append(tag string) js.Value {
	e := js.Global().Get("document").Call("createElement", tag)
	v.Root.Call("append", e)
	return e
}

// Listen calls h for an event of a target, until the view ends or remove is called. What h
// returns or panics with is shown in the view's place.
func (v *View) Listen(target js.Value, event string, h func(js.Value) error) (remove func()) {
	f := js.FuncOf(func(_ js.Value, args []js.Value) any {
		e := js.Undefined()
		if len(args) > 0 {
			e = args[0]
		}
		v.enqueue(func() error { return h(e) })
		return nil
	})
	target.Call("addEventListener", event, f)
	return v.scope.Add(func() {
		target.Call("removeEventListener", event, f)
		f.Release()
	})
}

// Show shows another widget in the view, below what is there, until the view ends, the widget is closed, or remove is called.
// The widget may be of any library, made in Go or in Python: w is its model, or a trait that refers to it. The page's widget
// manager draws it; its place is there at once, and Show waits until it is drawn.
//
// The error is [ErrEnded] when the view has ended; otherwise it says that the page has no widget manager of ipywidgets', or no
// such widget, that the widget is closed, or why it cannot be drawn.
func (v *View) Show(w widget.Referrer) (remove func(), err error) { return v.ShowIn(v.Root, w) }

// ShowIn is [View.Show] in an element of the view, as its last child.
func (v *View) ShowIn(parent js.Value, w widget.Referrer) (remove func(), err error) {
	ref := w.Ref()
	if ref.ID() == "" {
		return nil, &showError{errors.New(codec.Quote(string(ref)) + " refers to no widget")}
	}
	if err := v.Err(); err != nil {
		return nil, err
	}
	place := int32(program.page.Call("place", v.number, parent).Int())
	remove = v.scope.Add(func() { hide(v.m.number, v.number, place) })
	l := link{m: v.m}
	_, _, err = l.ask(v, func(request int32) int32 { return show(v.m.number, v.number, place, ref.ID(), request) }, forgetModel)
	if ended := v.Err(); ended != nil {
		return nil, ended // its end has taken the place away
	}
	if err != nil {
		remove()
		return nil, &showError{err}
	}
	return remove, nil
}

type showError struct{ err error }

func (e *showError) Error() string { return "view: show: " + e.err.Error() }
func (e *showError) Unwrap() error { return e.err }

// Defer has f called at the view's end.
func (v *View) Defer(f func()) (now func()) { return v.scope.Add(f) }

// enqueue has f called when those before it are done. It does not wait: it is called in the
// middle of an event's dispatch.
func (v *View) enqueue(f func() error) {
	v.mu.Lock()
	full := len(v.queue) >= mostEvents
	start := false
	if !v.ended && !full {
		v.queue = append(v.queue, f)
		start = !v.busy
		v.busy = true
	}
	v.mu.Unlock()
	if full {
		v.fail(errors.New("more than " + strconv.Itoa(mostEvents) + " events wait for the view's handlers: does one never return?"))
	} else if start {
		go v.drain() // ends when the queue is empty
	}
}

// next takes what is first in the queue, or ends the drain: then it is nil.
func (v *View) next() (f func() error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.queue) == 0 {
		v.busy = false
		return nil
	}
	f = v.queue[0]
	v.queue = v.queue[1:]
	return f
}

func (v *View) drain() {
	done := false
	defer func() {
		if !done { // a handler has called Goexit
			go v.drain()
		}
	}()
	for f := v.next(); f != nil; f = v.next() {
		if err := contain(f, v.fail); err != nil {
			v.fail(err)
		}
	}
	done = true
}

// fail ends the view, and shows an error in its place.
func (v *View) fail(err error) {
	v.end()
	failView(v.m.number, v.number, text(err), until(err))
}

// end takes away what the view has added. It may be called again.
func (v *View) end() {
	if v == nil {
		return
	}
	v.mu.Lock()
	first := !v.ended
	v.ended = true
	v.queue = nil
	v.mu.Unlock()
	if first {
		close(v.done)
		v.scope.End()
	}
}
