package widget

import (
	"errors"
	"reflect"
	"unsafe"

	"gocomm/internal/codec"
)

// A Model is a widget's state in Go: the traits that S has fields for. Its methods may
// be called on any goroutine, and from handlers.
type Model[S any] struct {
	c     *core
	scope *Scope
}

// Bind makes a model of the widget that a host has. It fails when the widget's state
// does not fit S: the error is [ErrState] and names the field. ctx, a context.Context
// say, ends the waiting for the state.
func Bind[S any](ctx Context, h Host) (*Model[S], error) {
	c, err := bind(ctx, h, reflect.TypeFor[S]())
	if err != nil {
		return nil, err
	}
	return &Model[S]{c: c}, nil
}

// In gives the same model, whose handlers that are added from here on end with a scope.
func (m *Model[S]) In(s *Scope) *Model[S] { return &Model[S]{c: m.c, scope: s} }

// Get gives the state.
func (m *Model[S]) Get() S {
	m.c.mu.Lock()
	defer m.c.mu.Unlock()
	return *m.c.state.Addr().Interface().(*S)
}

// Update changes the state: f gets a copy to change, and what it has changed is sent
// to the kernel. When that fails the state is as before. Handlers are called soon, on
// another goroutine. Updates of a model are made one at a time: f does not wait, nor
// call Update.
func (m *Model[S]) Update(f func(*S)) error {
	c := m.c
	c.updates.Lock()
	defer c.updates.Unlock()
	if err := c.live("update"); err != nil {
		return err
	}
	before := m.Get()
	next := before
	f(&next)
	return c.commit(unsafe.Pointer(&before), unsafe.Pointer(&next))
}

// OnChange sets a handler for changes of the named fields, or of any where none is
// named; a name is the trait's or the field's. It gets the state that it was told last,
// and the one now, whoever has changed it, the kernel or this side.
func (m *Model[S]) OnChange(h func(old, now S), fields ...string) (remove func()) {
	wanted, err := m.c.wanted(fields)
	if err != nil {
		m.c.report(m.scope, err)
		return func() {}
	}
	return m.c.add(&m.c.onChange, &handler{scope: m.scope, fields: wanted, change: func(old, now reflect.Value) {
		h(*old.Addr().Interface().(*S), *now.Addr().Interface().(*S))
	}})
}

// Send sends a custom message: content as JSON, and binary buffers.
func (m *Model[S]) Send(content any, buffers ...[]byte) error { return m.c.send(content, buffers) }

// OnMsg sets a handler for custom messages. Those that no handler is there for are
// ignored. There may be several; each gets them all.
func (m *Model[S]) OnMsg(h func(*Msg) error) (remove func()) {
	return m.c.add(&m.c.onMsg, &handler{scope: m.scope, msg: h})
}

// Done is closed when the widget has ended, or Close was called.
func (m *Model[S]) Done() <-chan struct{} { return m.c.done }

// Err says why the model has ended, and nil while it lives.
func (m *Model[S]) Err() error {
	m.c.mu.Lock()
	defer m.c.mu.Unlock()
	return m.c.err
}

// Close has the model follow its widget no longer. The widget lives on.
func (m *Model[S]) Close() { m.c.End(errClosed) }

// A Ref is a trait that refers to another widget: "IPY_MODEL_" and its model id.
type Ref string

const refPrefix = "IPY_MODEL_"

// RefTo refers to the widget with a model id.
func RefTo(id string) Ref { return Ref(refPrefix + id) }

// ID gives the model id, or "" where the Ref is none.
func (r Ref) ID() string {
	if len(r) <= len(refPrefix) || r[:len(refPrefix)] != refPrefix {
		return ""
	}
	return string(r[len(refPrefix):])
}

// Resolve gives a model of the widget that a trait of m refers to. It may wait. Close
// it when it is not wanted any more; it ends with m's scope.
func Resolve[T, S any](ctx Context, m *Model[S], r Ref) (*Model[T], error) {
	id := r.ID()
	if id == "" {
		return nil, &failure{"resolve", ErrState, errors.New(codec.Quote(string(r)) + " refers to no widget")}
	}
	if err := m.c.live("resolve"); err != nil {
		return nil, err
	}
	h, err := m.c.link.Open(ctx, id)
	if err != nil {
		return nil, &failure{"resolve " + id, nil, err}
	}
	child, err := Bind[T](ctx, h)
	if err != nil {
		return nil, err
	}
	child.scope = m.scope
	if m.scope != nil {
		m.scope.Add(child.Close)
	}
	return child, nil
}
