package view

import (
	"errors"
	"runtime"
	"unsafe"

	"gocomm/internal/border"
	"gocomm/internal/panics"
	"gocomm/internal/spin"
	"gocomm/widget"
	"gocomm/widget/host"
)

// A model is a widget on the page.
type model struct {
	number int32

	mu     spin.Mutex // guards what follows
	busy   bool       // a goroutine is at work
	again  bool       // something has happened since
	sink   host.Sink
	inst   instance
	scope  *widget.Scope
	views  map[int32]*View
	sets   int // how often this side has set traits
	ended  bool
	target string // the comm target by which this side has made it, or ""

	// These belong to the goroutine at work.
	e      event
	seen   int    // sets, when e was taken
	room   []byte // what came with e
	misfit bool   // a value that does not fit is shown in the place of the views
}

// begin tells whether a goroutine is to see to what has happened: else one is at work.
func (m *model) begin() bool {
	m.mu.Lock()
	begin := !m.busy
	m.again = m.busy
	m.busy = true
	m.mu.Unlock()
	return begin
}

// rest ends the work, unless something has happened since the last event was taken.
func (m *model) rest() bool {
	m.mu.Lock()
	m.busy = m.again
	m.again = false
	rest := !m.busy
	m.mu.Unlock()
	return rest
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
		more := m.next() == taken
		if more {
			kind := m.e.kind
			m.handle()
			if kind == end {
				done = true
				return
			}
			more = m.e.more == 1
		}
		if len(m.room) > mostRoom {
			m.room = nil
		}
		if !more && m.rest() {
			done = true
			return
		}
	}
}

func (m *model) handle() {
	defer m.e.slot.Release()
	switch m.e.kind {
	case initialize:
		m.initialize()
		m.shed()
	case render:
		m.render(m.e.view)
	case change:
		if sink := m.sinkNow(); sink != nil {
			m.changed(sink, m.change(sink))
		}
	case message:
		if sink := m.sinkNow(); sink != nil {
			m.check(sink.Deliver(m.text(), m.buffers()))
		}
	case gap:
		if sink := m.sinkNow(); sink != nil {
			sink.Gap()
		}
	case remove:
		m.endView(m.e.view)
		m.shed()
	case end:
		m.endSink(m.e.failure)
		m.close()
		m.mu.Lock()
		m.ended = true
		m.mu.Unlock()
		program.models.remove(m.number)
		forget(m.number)
	}
}

// over tells whether the widget has ended, and its number was given back.
func (m *model) over() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ended
}

// errClosed is why widgets end that the program has looked up or made, unless the kernel has refused them.
var errClosed = errors.New("the widget was closed, or its kernel has ended")

// endSink tells a model of a widget that the program has looked up, or made, of its end. refusal is the number of a staged
// text, why the kernel has not made it; or -1.
func (m *model) endSink(refusal int32) {
	reason := errClosed
	if refusal >= 0 {
		reason = &widget.RefusedError{Reason: string(border.Staged(refusal))}
	}
	m.mu.Lock()
	sink := m.sink
	if m.inst != nil { // it has an end of its own
		sink = nil
	}
	if refused, ok := reason.(*widget.RefusedError); ok {
		refused.Target = m.target
	}
	m.mu.Unlock()
	if sink != nil {
		sink.End(reason)
	}
}

// shed lets go of what is large of a widget that has no views: after a cell is run again the page keeps
// the widgets of the run before, and Go's memory is one for all.
func (m *model) shed() {
	m.mu.Lock()
	sink, unseen := m.sink, len(m.views) == 0 && m.e.more == 0
	m.mu.Unlock()
	if sink != nil && unseen {
		sink.Shed()
	}
}

func (m *model) sinkNow() host.Sink {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sink
}

// changed shows that a value does not fit, until all do.
func (m *model) changed(sink host.Sink, err error) {
	switch {
	case err != nil:
		m.misfit = true
		failModel(m.number, text(err), untilFits)
	case m.misfit && !sink.Misfit():
		m.misfit = false
		failModel(m.number, "", untilFits)
	}
}

// change hands on what has changed.
func (m *model) change(sink host.Sink) error {
	var v values
	v.slot = border.None
	defer func() { v.slot.Release() }()
	return sink.Change(func() (host.Values, error) {
		if m.e.failure >= 0 {
			return host.Values{}, border.JSError(border.Staged(m.e.failure))
		}
		m.mu.Lock()
		fresh := m.seen == m.sets
		m.mu.Unlock()
		if fresh {
			return host.Values{Traits: m.text(), Paths: m.paths(), Buffers: m.buffers()}, nil
		}
		// This side has set traits since the event was taken: its values may be older.
		if err := border.Result(changed(m.number, unsafe.Pointer(&v))); err != nil {
			return host.Values{}, err
		}
		return v.read(), nil
	})
}

func (m *model) initialize() {
	m.close()
	m.misfit = false
	scope := &widget.Scope{Report: m.fail}
	inst := program.instance()
	m.mu.Lock()
	m.inst, m.scope = inst, scope
	m.mu.Unlock()
	err := contain(func() error { return inst.initialize(modelHost{number: m.number}, scope) }, m.fail)
	if err != nil {
		until := until(err)
		if until == untilNext || m.sinkNow() == nil { // the page could not read the state
			until = untilFits
		}
		m.close()
		failModel(m.number, text(err), until)
	}
}

func (m *model) render(number int32) {
	m.endView(number)
	m.mu.Lock()
	inst := m.inst
	m.mu.Unlock()
	if inst == nil {
		return // it has failed, which is shown
	}
	v := newView(m, number)
	m.mu.Lock()
	m.views[number] = v
	m.mu.Unlock()
	go v.render(inst) // ends when Render returns, which may wait for the view's end
	runtime.Gosched() // it runs now, until it waits or ends
}

// endView ends a view, if there is one of the number.
func (m *model) endView(number int32) {
	m.mu.Lock()
	v := m.views[number]
	delete(m.views, number)
	m.mu.Unlock()
	v.end()
}

// ending ends a view, or all there is of the widget, while a handler may still be running.
func (m *model) ending(view int32) {
	if view > 0 {
		m.endView(view)
	} else {
		m.endSink(-1 - view)
		m.close()
	}
}

// close ends what there is of the widget. It may be called again.
func (m *model) close() {
	none := map[int32]*View{}
	m.mu.Lock()
	views, inst, scope := m.views, m.inst, m.scope
	m.views, m.inst, m.sink = none, nil, nil
	m.mu.Unlock()
	for _, v := range views {
		v.end()
	}
	if inst != nil {
		inst.close()
		scope.End()
	}
}

func (m *model) check(err error) {
	if err != nil {
		m.fail(err)
	}
}

// fail shows an error in the place of the widget's views.
func (m *model) fail(err error) { failModel(m.number, text(err), until(err)) }

// until tells failures of a value from others: the next one may fit.
//
//go:noinline
func until(err error) int32 {
	if f, ok := err.(interface{ Misfit() bool }); ok && f.Misfit() {
		return untilNext
	}
	return untilReload
}

// models are the records of models by their numbers.
type models struct {
	mu       spin.Mutex // guards byNumber
	byNumber map[int32]*model
}

// modelOf gives the record of a model, and makes it where there is none.
func modelOf(number int32) *model {
	m := modelIfAny(number)
	if m != nil {
		return m
	}
	made := &model{number: number, views: map[int32]*View{}}
	all := &program.models
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.byNumber == nil {
		all.byNumber = map[int32]*model{}
	}
	if m = all.byNumber[number]; m == nil {
		m = made
		all.byNumber[number] = m
	}
	return m
}

func modelIfAny(number int32) *model {
	program.models.mu.Lock()
	defer program.models.mu.Unlock()
	return program.models.byNumber[number]
}

func (all *models) remove(number int32) {
	all.mu.Lock()
	delete(all.byNumber, number)
	all.mu.Unlock()
}

// contain calls f, and makes of a panic an error. A runtime.Goexit is told.
func contain(f func() error, goexit func(error)) (err error) {
	returned := false
	defer func() {
		if v := recover(); v != nil {
			err = &widget.PanicError{Value: v, Stack: panics.Stack()}
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
func text(err error) string {
	s := panics.Text(err)
	if p, ok := errors.AsType[*widget.PanicError](err); ok {
		s += "\n\n" + string(p.Stack)
	}
	return s
}
