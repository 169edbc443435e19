package view

import (
	"errors"
	"runtime"
	"structs"
	"unsafe"

	"gocomm/widget"
	"gocomm/widget/host"
)

// What happens to a model; web/afm/model.js has the same numbers.
const (
	initialize = 1
	render     = 2
	change     = 3
	message    = 4
	remove     = 5
	end        = 6
)

// An event is what web/afm/imports.js's next_event gives.
type event struct {
	_    structs.HostLayout
	kind int32
	view int32
	slot slot
}

// A model is a widget on the page.
type model struct {
	number int32
	sink   host.Sink
	inst   instance
	scope  *widget.Scope
	views  map[int32]*View
}

// work sees to what has happened to the model, in order.
func (m *model) work() {
	done := false
	defer func() {
		if !done { // a handler has called Goexit
			go m.work()
		}
	}()
	for {
		var e event
		if nextEvent(m.number, unsafe.Pointer(&e)) != 1 {
			done = true
			return
		}
		m.handle(e)
		if e.kind == end {
			done = true
			return
		}
		program.pace.yield()
	}
}

func (m *model) handle(e event) {
	if e.slot >= 0 {
		defer e.slot.free()
	}
	switch e.kind {
	case initialize:
		m.initialize()
	case render:
		m.render(e.view)
	case change:
		if m.sink != nil {
			m.check(m.change())
		}
	case message:
		if m.sink != nil {
			m.check(m.sink.Deliver(e.slot.text(0), e.slot))
		}
	case remove:
		m.views[e.view].end()
		delete(m.views, e.view)
	case end:
		m.close()
		delete(program.models, m.number)
		forget(m.number)
	}
}

// modelOf gives the record of a model.
func modelOf(number int32) *model {
	m := program.models[number]
	if m == nil {
		m = &model{number: number, views: map[int32]*View{}}
		program.models[number] = m
	}
	return m
}

// change hands on what has changed.
func (m *model) change() error {
	s := slot(-1)
	defer func() {
		if s >= 0 {
			s.free()
		}
	}()
	return m.sink.Change(func() (host.Values, error) {
		code := changed(m.number)
		if err := result(code); err != nil {
			return host.Values{}, err
		}
		s = slot(code)
		return host.Values{Traits: s.text(0), Paths: s.text(1), Buffers: s}, nil
	})
}

func (m *model) initialize() {
	m.close()
	m.scope = &widget.Scope{Report: m.fail}
	inst := program.instance()
	m.inst = inst
	err := contain(func() error { return inst.initialize(modelHost{number: m.number}, m.scope) }, m.fail)
	if err != nil {
		m.close()
		m.fail(err)
	}
}

func (m *model) render(number int32) {
	m.views[number].end()
	if m.inst == nil {
		return // it has failed, which is shown
	}
	v := newView(m, number)
	m.views[number] = v
	go v.render(m.inst) // ends when Render returns, which may wait for the view's end
	runtime.Gosched()   // it runs now, until it waits or ends
}

// close ends what there is of the widget.
func (m *model) close() {
	for _, v := range m.views {
		v.end()
	}
	clear(m.views)
	if m.inst == nil {
		return
	}
	m.scope.End()
	m.inst.close()
	m.inst, m.sink = nil, nil
}

func (m *model) check(err error) {
	if err != nil {
		m.fail(err)
	}
}

// fail shows an error in the place of the widget's views.
func (m *model) fail(err error) { failModel(m.number, text(err)) }

// contain calls f, and makes of a panic an error. A runtime.Goexit is told.
func contain(f func() error, goexit func(error)) (err error) {
	returned := false
	defer func() {
		if v := recover(); v != nil {
			buf := make([]byte, 16<<10)
			err = &widget.PanicError{Value: v, Stack: buf[:runtime.Stack(buf, false)]}
		} else if !returned {
			goexit(errGoexit)
		}
	}()
	err = f()
	returned = true
	return err
}

var errGoexit = errors.New("runtime.Goexit was called")

// text gives an error's text, and the stack of a panic.
func text(err error) (s string) {
	defer func() {
		if recover() != nil {
			s = "an error whose text cannot be had"
		}
	}()
	s = err.Error()
	if p, ok := errors.AsType[*widget.PanicError](err); ok {
		s += "\n\n" + string(p.Stack)
	}
	return s
}
