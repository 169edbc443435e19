package main

import (
	"syscall/js"

	"gocomm/view"
	"gocomm/widget"
)

func main() { view.Main(view.Program[State]{Render: render}) }

func render(m *widget.Model[State], v *view.View) error {
	button := v.Append("button")                                      // a real one: the keyboard works, and screen readers know it
	button.Set("className", "jupyter-widgets jupyter-button counter") // as ipywidgets' own look, in light and dark
	show := func(_, now State) { button.Set("textContent", label(now)) }
	show(State{}, m.Get())
	m.Observe(show)
	v.Listen(button, "click", func(js.Value) error { return click(m) })
	return nil
}
