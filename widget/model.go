package widget

import (
	"errors"
	"reflect"
	"unsafe"

	"gocomm/internal/codec"
	"gocomm/widget/host"
)

// A Model is a widget's state in Go: the traits that S has fields for. Its methods may be called on
// any goroutine, and by handlers. A Model is a [Context] that ends with its widget.
type Model[S any] struct {
	c     *core
	scope *Scope
}

// Bind makes a model of the widget that a host has, and waits for the widget's state until ctx, such
// as a context.Context, ends. The error is [ErrState], and names the field, when S does not fit the
// widget's state; [ErrEnded] when the widget has ended; otherwise it is the host's, or ctx's.
func Bind[S any](ctx Context, h host.Host) (*Model[S], error) {
	c, err := bind(ctx, h, reflect.TypeFor[S]())
	if err != nil {
		return nil, err
	}
	return &Model[S]{c: c}, nil
}

// In gives the same model for a scope: handlers that are added to it end with the scope.
func (m *Model[S]) In(s *Scope) *Model[S] { return &Model[S]{c: m.c, scope: s} }

// Get gives the state.
func (m *Model[S]) Get() S {
	return *(*S)(m.c.get())
}

// Update changes the state: f changes a copy, and Update sends the traits that differ to the kernel.
// Observe's handlers are called soon, on another goroutine. A model makes one update at a time: f
// does not wait, nor call Update.
//
// When Update fails the state is as before. The error is [ErrEnded] after the model's end, [ErrState]
// when a value cannot be JSON, such as an integer beyond 2^53 on a page, or when it would take the place
// of a value of the kernel's that did not fit: f has not seen that. Otherwise the error is the host's,
// which has sent nothing.
func (m *Model[S]) Update(f func(*S)) error {
	return m.c.update(func(next unsafe.Pointer) { f((*S)(next)) })
}

// Observe adds a handler for changes of the given fields, or of any where none is given. A name is
// the trait's or the field's. Observe panics when S has no such field: the text names the ones that
// it has.
//
// h gets the state of the handlers' last call, and the present one. It is called whoever has made the
// change, the kernel or this side. remove ends that; it may be called more than once.
func (m *Model[S]) Observe(h func(old, now S), fields ...string) (remove func()) {
	return m.c.observe(m.scope, fields, func(old, now unsafe.Pointer) { h(*(*S)(old), *(*S)(now)) })
}

// Send sends a custom message: content as JSON, and binary buffers, which are copied. The error is
// [ErrEnded] after the model's end; otherwise it says what of content cannot be JSON, or is the
// host's. A message that Send refuses is not sent at all.
func (m *Model[S]) Send(content any, buffers ...[]byte) error { return m.c.send(content, buffers) }

// ObserveMsg adds a handler for custom messages. Each handler gets all messages. Messages that come while
// there is none are dropped. remove ends that; it may be called more than once.
//
// While h handles a message, Get gives the state that the message was sent with, and what this side
// has changed since: what the kernel sends later waits until the handlers have returned.
func (m *Model[S]) ObserveMsg(h func(*Msg) error) (remove func()) {
	return m.c.add(&m.c.onMsg, &handler{scope: m.scope, msg: h})
}

// ObserveGap adds a handler for gaps: the connection to the kernel was lost and is back, and messages
// that the kernel has sent meanwhile, or shortly before, may be lost. The model asks the kernel for
// its state by itself; its changes follow, and Observe's handlers are told of them. What messages
// carried is for h to ask for again. Hosts that cannot know of a gap do not call h: package
// gocomm/view knows of them on Jupyter's own pages. remove ends that; it may be called more than once.
func (m *Model[S]) ObserveGap(h func() error) (remove func()) {
	return m.c.add(&m.c.onGap, &handler{scope: m.scope, gap: h})
}

// Done is closed when the widget ends, or Close is called: at once, also while handlers are at work.
func (m *Model[S]) Done() <-chan struct{} { return m.c.done }

// Err gives the reason for the model's end, and nil before.
func (m *Model[S]) Err() error {
	return m.c.reason()
}

// Close ends the model and drops its handlers. The widget lives on.
func (m *Model[S]) Close() { m.c.close() }

// CloseWidget closes the widget itself, here and in the kernel, as Widget.close does in Python: its views disappear,
// and all its models end. The error is [ErrEnded] after the model's end; otherwise it is the host's.
func (m *Model[S]) CloseWidget() error { return m.c.closeWidget() }

// ID gives the widget's model id, or "" where the host does not know it: that of anywidget's own front ends.
func (m *Model[S]) ID() string { return m.c.id }

// Ref gives a Ref to the widget, for a trait of another one. It refers to no widget where ID gives "".
func (m *Model[S]) Ref() Ref {
	return m.c.ref()
}

// A Ref is a trait that refers to another widget. Its text is "IPY_MODEL_" and the widget's model id
// (Jupyter widgets 2.1, "Special serialization").
type Ref string

const refPrefix = "IPY_MODEL_"

// RefTo gives a Ref to the widget with a model id.
func RefTo(id string) Ref { return Ref(refPrefix + id) }

// ID gives the model id, or "" where r refers to no widget, as the empty Ref does.
func (r Ref) ID() string { return idOf(string(r)) }

//go:noinline
func idOf(r string) string {
	if len(r) <= len(refPrefix) || r[:len(refPrefix)] != refPrefix {
		return ""
	}
	return r[len(refPrefix):]
}

// Ref gives r: it is a [Referrer].
func (r Ref) Ref() Ref { return r }

// A Referrer refers to a widget: a [Model], or a trait with a reference, such as a [Ref].
type Referrer interface{ Ref() Ref }

// A Manager is where widgets are found, and made by package gocomm/widget/core: a [Model], for those of the same
// kernel and page, or commhost.Widgets.
type Manager interface{ Manager() host.Manager }

// Manager is [Manager]'s method.
func (m *Model[S]) Manager() host.Manager { return m.c.link }

// from says what the models that m finds are to end with, or why it finds none.
func (m *Model[S]) from(op string) (*Scope, error) { return m.scope, m.c.live(op) }

type finder interface {
	from(op string) (*Scope, error)
}

// Resolve gives a model of the widget that r refers to, a trait of m's for example. Close it when it is no longer
// needed; where m is a model, it ends with m's scope at the latest.
//
// Resolve waits until ctx ends, m for example. The error is [ErrState] when r refers to no widget or
// T does not fit the widget's state, [ErrEnded] after m's end; otherwise it is the host's: the kernel
// has no such widget.
func Resolve[T any](ctx Context, m Manager, r Ref) (*Model[T], error) {
	h, err := find(ctx, m, r)
	if err != nil {
		return nil, err
	}
	return BindIn[T](ctx, m, h)
}

// find is the part of [Resolve] that needs no type.
func find(ctx Context, m Manager, r Ref) (host.Host, error) {
	id := r.ID()
	if id == "" {
		return nil, &failure{"resolve", ErrState, errors.New(codec.Quote(string(r)) + " refers to no widget")}
	}
	if from, ok := m.(finder); ok {
		if _, err := from.from("resolve"); err != nil {
			return nil, err
		}
	}
	h, err := m.Manager().Open(orBackground(ctx), id)
	if err != nil {
		return nil, &failure{"resolve " + id, nil, err}
	}
	return h, nil
}

// Find gives references to the widgets of a kind that are here: those whose model has a name, such as "LeafletMapModel",
// and is of a module, such as "jupyter-leaflet". m says where, as for [Resolve]. After a reload the page has the kernel's
// widgets again. Find may wait for the page until ctx ends; the error is the host's.
func Find(ctx Context, m Manager, model, module string) ([]Ref, error) {
	if from, ok := m.(finder); ok {
		if _, err := from.from("find"); err != nil {
			return nil, err
		}
	}
	ids, err := m.Manager().Find(orBackground(ctx), model, module)
	if err != nil {
		return nil, &failure{"find " + model, nil, err}
	}
	refs := make([]Ref, len(ids))
	for i, id := range ids {
		refs[i] = RefTo(id)
	}
	return refs, nil
}

// BindIn is [Bind] for a widget that m has found or made: where m is a model, the new one ends with m's scope at the
// latest.
func BindIn[T any](ctx Context, m Manager, h host.Host) (*Model[T], error) {
	c, scope, err := bindIn(ctx, m, h, reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	return &Model[T]{c, scope}, nil
}

// bindIn is the part of [BindIn] that needs no type.
func bindIn(ctx Context, m Manager, h host.Host, t reflect.Type) (c *core, scope *Scope, err error) {
	if c, err = bind(ctx, h, t); err != nil {
		return nil, nil, err
	}
	if from, ok := m.(finder); ok {
		if scope, _ = from.from(""); scope != nil {
			scope.Add(c.close)
		}
	}
	return c, scope, nil
}
