// Command widgetprobe is a widget for the tests of package view: it does what custom messages tell it, and its
// views have a button for each way in which a handler can go wrong.
package main

import (
	"errors"
	"math"
	"os"
	"runtime"
	"strconv"
	"syscall/js"
	"time"

	"gocomm/internal/widgetprobe"
	"gocomm/view"
	"gocomm/widget"
)

type state = widgetprobe.State

func main() { view.Main(view.Program[state]{Initialize: initialize, Render: render}) }

// views is how many goroutines of views there are.
var views int

//lint:ignore U1000 it takes up memory
var kept []byte

func initialize(m *widget.Model[state]) error {
	if m.Get().Text == "no initialize" {
		return errors.New("as told by the state")
	}
	widgetprobe.Run(m)
	m.ObserveMsg(func(msg *widget.Msg) error {
		var order struct {
			Op     string
			Number int
		}
		if err := msg.Decode(&order); err != nil {
			return err
		}
		switch order.Op {
		case "keep": // Number bytes
			kept = make([]byte, order.Number)
			return m.Send(map[string]int{"kept": order.Number})
		case "slow": // for Number milliseconds
			time.Sleep(time.Duration(order.Number) * time.Millisecond)
			return m.Send(map[string]any{"slow": order.Number, "bulk": make([]int, 1000)})
		case "await the end":
			<-m.Done()
			js.Global().Set("sawTheEnd", m.Err().Error())
			return nil
		}
		if order.Op != "stats" {
			return nil
		}
		for range 3 { // finalizers of what one collection finds run before the next
			runtime.GC()
			runtime.Gosched()
		}
		var mem runtime.MemStats
		runtime.ReadMemStats(&mem)
		return m.Send(map[string]int{"goroutines": runtime.NumGoroutine(), "views": views, "heap": int(mem.HeapAlloc)})
	})
	return nil
}

func render(m *widget.Model[state], v *view.View) error {
	switch m.Get().Text {
	case "no render":
		return errors.New("as told by the state")
	case "panic in render":
		panic("as told by the state")
	}
	text := v.Append("output")
	show := func(_, now state) {
		s := strconv.Itoa(now.Value) + " " + now.Text
		floats := now.Floats
		if now.Float != 0 {
			floats = append([]float64{now.Float}, floats...)
		}
		for _, f := range floats {
			s += " " + strconv.FormatFloat(f, 'g', -1, 64)
		}
		text.Set("textContent", s)
	}
	show(state{}, m.Get())
	m.Observe(show, "value", "text", "float", "floats")
	m.Observe(func(_, now state) {
		if now.Text == "panic in Observe" {
			panic("as told by the state")
		}
	})
	m.ObserveMsg(func(msg *widget.Msg) error {
		var order struct{ Op string }
		if err := msg.Decode(&order); err != nil || order.Op != "await the view's end" {
			return err
		}
		<-v.Done()
		js.Global().Set("sawTheEnd", v.Err().Error())
		return nil
	})
	for name, h := range map[string]func(js.Value) error{
		"count":  func(js.Value) error { return m.Update(func(s *state) { s.Value++ }) },
		"large":  func(js.Value) error { return m.Update(func(s *state) { s.Value = 1 << 60 }) },
		"NaN":    func(js.Value) error { return m.Update(notANumber) },
		"fail":   func(js.Value) error { return errors.New("as told") },
		"panic":  func(js.Value) error { panic("as told") },
		"goexit": func(js.Value) error { runtime.Goexit(); return nil },
		"throw":  func(js.Value) error { js.Global().Call("eval", "throw new Error('as told')"); return nil },
		"wait":   func(js.Value) error { <-v.Done(); return nil },
		"exit":   func(js.Value) error { os.Exit(3); return nil },
		"fatal":  func(js.Value) error { go func() { panic("as told") }(); return nil }, // ends the program
		"prevent": func(e js.Value) error {
			e.Call("preventDefault")
			return nil
		},
	} {
		button := v.Append("button")
		button.Set("textContent", name)
		button.Set("className", name)
		v.Listen(button, "click", h)
	}
	v.Listen(js.Global(), "probe-event", func(js.Value) error { text.Set("className", "heard"); return nil })
	views++
	defer func() { views-- }()
	<-v.Done() // a Render may last as long as its view
	return nil
}

func notANumber(s *state) {
	s.Float = math.NaN()
	s.Floats = []float64{1, math.NaN(), math.Inf(1)}
}
