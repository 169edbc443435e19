//go:build measure

// Command sliders is a widget that makes and moves sliders of ipywidgets', in a box that Python has made.
package main

import (
	"strconv"
	"syscall/js"

	"gocomm/view"
	"gocomm/widget"
	"gocomm/widget/core"
)

// A state has references to what Python has made.
type state struct {
	Box   core.Ref[core.VBox]
	Moved core.Ref[core.IntSlider]
}

func main() { view.Main(view.Program[state]{Render: render}) }

// render shows buttons, each with the property number. One makes as many sliders as it says, all with that value; "move" has a
// slider go 1,000 steps to it.
func render(m *widget.Model[state], v *view.View) error {
	box, err := m.Get().Box.Resolve(v, m)
	if err != nil {
		return err
	}
	moved, err := m.Get().Moved.Resolve(v, m)
	if err != nil {
		return err
	}
	button := func(name string, clicked func(value int) error) {
		b := v.Append("button")
		b.Set("className", "go-"+name)
		v.Listen(b, "click", func(js.Value) error { return clicked(b.Get("number").Int()) })
	}
	for _, n := range []int{1, 100} {
		button(strconv.Itoa(n), func(value int) error {
			var children []widget.Ref
			for range n {
				slider, err := core.NewIntSlider(m, m, core.IntSlider{Value: value, Max: 1e9})
				if err != nil {
					return err
				}
				children = append(children, slider.Ref())
			}
			return box.Update(func(s *core.VBox) { s.Children = children })
		})
	}
	button("move", func(value int) error {
		for n := value - 999; n <= value; n++ {
			if err := moved.Update(func(s *core.IntSlider) { s.Value = n }); err != nil {
				return err
			}
		}
		return nil
	})
	return nil
}
