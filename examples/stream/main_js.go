package main

import (
	"strconv"
	"syscall/js"

	"gocomm/view"
	"gocomm/widget"
)

func main() { view.Main(view.Program[State]{Render: render}) }

func render(m *widget.Model[State], v *view.View) error {
	p := newPlot(m, v)
	m.Observe(func(_, _ State) { p.redraw() })
	m.ObserveMsg(p.hear)
	p.listen()
	return m.Send(map[string]bool{"ready": true}) // Python sends the frame that it has
}

// listen has the user pan and zoom: with the mouse, a finger, or the keyboard.
func (p *plot) listen() {
	at := func(e js.Value) float64 { return e.Get("offsetX").Float() / p.canvas.Get("clientWidth").Float() }
	last, down := 0.0, false
	p.v.Listen(p.canvas, "pointerdown", func(e js.Value) error {
		p.canvas.Call("setPointerCapture", e.Get("pointerId"))
		last, down = at(e), true
		return nil
	})
	p.v.Listen(p.canvas, "pointermove", func(e js.Value) error {
		if !down {
			return nil
		}
		x := at(e)
		by := last - x
		last = x
		return p.m.Update(func(s *State) { s.pan(by) })
	})
	for _, end := range []string{"pointerup", "pointercancel"} {
		p.v.Listen(p.canvas, end, func(js.Value) error { down = false; return nil })
	}
	p.v.Listen(p.canvas, "wheel", func(e js.Value) error {
		e.Call("preventDefault")
		factor := 1.25
		if e.Get("deltaY").Float() < 0 {
			factor = 1 / factor
		}
		x := at(e)
		return p.m.Update(func(s *State) { s.zoom(x, factor) })
	})
	p.v.Listen(p.canvas, "keydown", func(e js.Value) error {
		change := map[string]func(*State){
			"ArrowLeft":  func(s *State) { s.pan(-0.1) },
			"ArrowRight": func(s *State) { s.pan(0.1) },
			"+":          func(s *State) { s.zoom(0.5, 0.5) },
			"-":          func(s *State) { s.zoom(0.5, 2) },
			"0":          func(s *State) { s.moveTo(0, 1) },
		}[e.Get("key").String()]
		if change == nil || e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool() {
			return nil
		}
		// The notebook has shortcuts on the same keys.
		e.Call("stopPropagation")
		e.Call("preventDefault")
		return p.m.Update(change)
	})
}

func (p *plot) say(rate float64) {
	p.status.Set("textContent", "frame "+strconv.Itoa(p.frame)+": "+strconv.Itoa(len(p.samples))+" samples, "+
		strconv.FormatFloat(rate, 'f', 1, 64)+" frames/s")
}
