package view

import (
	"runtime"
	"structs"
	"syscall/js"
	"unsafe"

	"gocomm/widget"
	"gocomm/widget/host"
)

// A Program is what a widget does on the page. Both functions may be nil.
type Program[S any] struct {
	// Initialize is called once for each widget, before its views. What comes for the
	// widget waits until it returns. The model's Done is closed when the widget ends.
	Initialize func(*widget.Model[S]) error
	// Render draws a view. The handlers that it sets on the model end with the view. It may
	// wait, also until the view's end.
	Render func(*widget.Model[S], *View) error
}

// Main runs a program on the page. It does not return.
func Main[S any](p Program[S]) {
	run(func() instance { return &typedInstance[S]{p: p} })
}

// An instance is a widget's part of a [Program], without its type.
type instance interface {
	initialize(host.Host, *widget.Scope) error
	render(*View) error
	close()
}

type typedInstance[S any] struct {
	p Program[S]
	m *widget.Model[S]
}

func (i *typedInstance[S]) initialize(h host.Host, s *widget.Scope) (err error) {
	if i.m, err = widget.Bind[S](nil, h); err != nil || i.p.Initialize == nil {
		return err
	}
	return i.p.Initialize(i.m.In(s))
}

func (i *typedInstance[S]) render(v *View) error {
	if i.p.Render == nil {
		return nil
	}
	return i.p.Render(i.m.In(&v.scope), v)
}

func (i *typedInstance[S]) close() {
	if i.m != nil {
		i.m.Close()
	}
}

// program is the state that exported functions need.
var program struct {
	wake chan struct{}
	pace pace

	page     js.Value // web/afm.js's registry, which has the views' elements
	instance func() instance
	models   map[int32]*model
	requests map[int32]chan opened
	last     int32 // request
}

// An opened is web/afm/imports.js's answer to open.
type opened struct {
	_       structs.HostLayout
	request int32
	model   int32 // or -1
	slot    slot  // with an error's text, or -1
}

func run(newInstance func() instance) {
	if hello(abiVersion) < 0 {
		return // the page has been told why
	}
	program.wake = make(chan struct{}, 1)
	program.instance = newInstance
	program.models = map[int32]*model{}
	program.requests = map[int32]chan opened{}
	global := js.Global()
	key := global.Get("Symbol").Call("for", "gocomm.afm.1")
	program.page = global.Get("Reflect").Call("get", global, key)
	ready()
	for {
		pump()
		<-program.wake
	}
}

// pump has the models' goroutines see to what has happened.
func pump() {
	var o opened
	for nextOpened(unsafe.Pointer(&o)) == 1 {
		if answer := program.requests[o.request]; answer != nil {
			delete(program.requests, o.request)
			answer <- o // its buffer has room
		} else if o.model >= 0 {
			forget(o.model) // nobody waits any more
		}
	}
	for {
		n := nextModel()
		if n < 0 {
			return
		}
		go modelOf(n).work() // ends when it has seen to all
		runtime.Gosched()    // it runs now, until it waits or ends
		program.pace.yield()
	}
}
