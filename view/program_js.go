package view

import (
	"sync"
	"syscall/js"

	"gocomm/internal/border"
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

	mu     sync.Mutex // guards what follows
	m      *widget.Model[S]
	closed bool
}

func (i *typedInstance[S]) initialize(h host.Host, s *widget.Scope) error {
	m, err := widget.Bind[S](nil, h)
	if err != nil {
		return err
	}
	i.mu.Lock()
	i.m = m
	closed := i.closed
	i.mu.Unlock()
	if closed { // the widget has ended meanwhile
		m.Close()
	}
	if i.p.Initialize == nil {
		return nil
	}
	return i.p.Initialize(m.In(s))
}

func (i *typedInstance[S]) render(v *View) error {
	if i.p.Render == nil {
		return nil
	}
	return i.p.Render(i.m.In(&v.scope), v)
}

func (i *typedInstance[S]) close() {
	i.mu.Lock()
	i.closed = true
	m := i.m
	i.mu.Unlock()
	if m != nil {
		m.Close()
	}
}

// program is the state that exported functions need.
var program struct {
	page     js.Value // web/afm.js's registry, which has the views' elements
	instance func() instance
	models   models
	requests border.Table[chan opened]
	waits    waits
}

func run(newInstance func() instance) {
	if !border.Hello() {
		return // the page has been told why
	}
	program.instance = newInstance
	global := js.Global()
	key := global.Get("Symbol").Call("for", "gocomm.afm.1")
	program.page = global.Get("Reflect").Call("get", global, key)
	border.Ready("")
	select {}
}
