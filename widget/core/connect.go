package core

import (
	"errors"
	"reflect"
	"unsafe"

	"gocomm/internal/codec"
	"gocomm/widget"
)

// Connect has one widget follow another: f changes b's state for each change of a's, and at once, with a function of one's own
// in between, which ipywidgets' jsdlink has not.
//
//	remove, err := core.Connect(slider, progress, func(s core.IntSlider, p *core.FloatProgress) {
//		p.Value = math.Sqrt(float64(s.Value))
//	}, "value")
//
// fields are those of a, as [widget.Model.Observe] has them; none means all. f is called as [widget.Model.Update] calls its
// function: it does not wait. The error is that of the first update, after which nothing is connected. Later ones are
// reported as a handler's errors are. The connection lasts until remove is called, or either model ends.
func Connect[A, B any](a *widget.Model[A], b *widget.Model[B], f func(A, *B), fields ...string) (remove func(), err error) {
	c := newConnection()
	ab := end[A, B]{c: c, from: a, to: b, f: f, own: new(echo[B])}
	return ab.begin(fields)
}

// ConnectBoth has two widgets follow each other: toB changes b's state for each change of a's, and at once, and toA does the
// other way round. What one of them has changed does not come back through the other: so the functions need not be each
// other's inverses, to the last bit. Otherwise it is as [Connect].
func ConnectBoth[A, B any](a *widget.Model[A], b *widget.Model[B], toB func(A, *B), toA func(B, *A)) (remove func(), err error) {
	c := newConnection()
	ab := end[A, B]{c: c, from: a, to: b, f: toB, own: new(echo[B]), other: new(echo[A])}
	ba := end[B, A]{c: c, from: b, to: a, f: toA, own: ab.other, other: ab.own}
	stop, err := ab.begin(nil)
	if err != nil {
		return nil, err
	}
	back := ba.observe(nil)
	return func() { stop(); back() }, nil
}

// A connection is held while one of its two models is read and the other is changed. A goroutine that waits for it waits for
// functions that do not wait.
type connection chan struct{}

func newConnection() connection { return make(connection, 1) }

// An echo is a state that a connection has set, of which the model's handlers are yet to be told.
type echo[S any] struct {
	expected bool
	state    S
}

// An end is one direction of a connection.
type end[A, B any] struct {
	c     connection
	from  *widget.Model[A]
	to    *widget.Model[B]
	f     func(A, *B)
	own   *echo[B] // what it sets
	other *echo[A] // what the other direction sets, or nil
}

func (e end[A, B]) begin(fields []string) (remove func(), err error) {
	remove = e.observe(fields)
	if err := e.carry(true); err != nil {
		remove()
		return nil, err
	}
	return remove, nil
}

func (e end[A, B]) observe(fields []string) (remove func()) {
	return e.from.Observe(func(_, _ A) {
		err := e.carry(false)
		if r, ok := e.to.Manager().(interface{ Report(error) }); ok && err != nil && !errors.Is(err, widget.ErrEnded) {
			r.Report(err)
		}
	}, fields...)
}

// carry has one model follow the other, as that is now, unless it has its state from the first.
func (e end[A, B]) carry(first bool) error {
	e.c <- struct{}{}
	defer func() { <-e.c }()
	now := e.from.Get()
	if !first && e.other != nil && e.other.expected {
		e.other.expected = false
		if same(reflect.TypeFor[A](), unsafe.Pointer(&now), unsafe.Pointer(&e.other.state)) {
			return nil
		}
	}
	err := e.to.Update(func(s *B) {
		before := *s
		e.f(now, s)
		e.own.state = *s
		e.own.expected = !same(reflect.TypeFor[B](), unsafe.Pointer(&before), unsafe.Pointer(s))
	})
	if err != nil {
		e.own.expected = false
	}
	return err
}

// same tells whether two states of a type are.
func same(t reflect.Type, p, q unsafe.Pointer) bool {
	typ, err := codec.StructOf(t)
	if err != nil {
		return false
	}
	for i := range typ.Fields {
		if !typ.Fields[i].Same(p, q) {
			return false
		}
	}
	return true
}
