// Command coreprobe is a widget for tests, whose program makes and drives widgets of ipywidgets', as messages say.
package main

import (
	"errors"
	"strconv"

	"gocomm/view"
	"gocomm/widget"
	"gocomm/widget/core"
)

// A state has references to what was made in Go, and to what Python has made.
type state struct {
	Slider core.Ref[core.IntSlider]
	Box    widget.Ref
	Date   widget.Ref
}

// A report tells Python of the slider.
type report struct {
	Value int
	Label string
	Ended string
	Error string
	Shown int        // how many widgets a view shows, and has shown
	Ref   widget.Ref // of what was made
}

func main() { view.Main(view.Program[state]{Initialize: initialize, Render: render}) }

// render has an element that other widgets are shown in, as messages say.
func render(m *widget.Model[state], v *view.View) error {
	frame := v.Append("section")
	var remove []func()
	m.ObserveMsg(func(msg *widget.Msg) error {
		var order struct {
			Op  string
			Ref widget.Ref
		}
		if err := msg.Decode(&order); err != nil {
			return err
		}
		switch order.Op {
		case "show":
			r, err := v.ShowIn(frame, order.Ref)
			if err != nil {
				return m.Send(report{Error: err.Error()})
			}
			remove = append(remove, r)
			return m.Send(report{Shown: len(remove)})
		case "hide":
			for _, r := range remove {
				r()
			}
		}
		return nil
	})
	if m.Get().Slider == "" {
		return nil
	}
	if _, err := v.Show(m.Get().Slider); err != nil {
		return err
	}
	return nil
}

// params are those of an interaction.
type params struct {
	Color string `options:"red,green,blue"`
	Count int    `min:"1" max:"5"`
	Loud  bool
}

func initialize(m *widget.Model[state]) error {
	m.ObserveMsg(func(msg *widget.Msg) error {
		var order struct {
			Op    string
			Value int
		}
		if err := msg.Decode(&order); err != nil {
			return err
		}
		if err := obey(m, order.Op, order.Value); err != nil {
			return m.Send(report{Error: err.Error()})
		}
		return nil
	})
	return nil
}

func obey(m *widget.Model[state], op string, value int) error {
	switch op {
	case "show", "hide": // which is for the views
		return nil
	case "make":
		slider, err := core.NewIntSlider(m, m, core.IntSlider{Min: 2, Max: value, Description: "made in Go"})
		if err != nil {
			return err
		}
		follow(m, slider)
		box, err := core.NewVBox(m, m, core.VBox{Children: core.Children(slider)})
		if err != nil {
			return err
		}
		return m.Update(func(s *state) { s.Slider, s.Box = core.RefTo(slider), box.Ref() })
	case "area": // an area of outputs
		return makeArea(m)
	case "refused":
		slider, err := core.NewIntSlider(m, m, core.IntSlider{}, func(s *core.IntSlider) { s.Orientation = "sideways" })
		if err != nil {
			return err
		}
		<-slider.Done()
		if errors.Is(slider.Err(), widget.ErrRefused) {
			return slider.Err()
		}
		return errors.New("it is closed otherwise: " + slider.Err().Error())
	case "label": // puts one into the box
		label, err := core.NewLabel(m, m, core.Label{Value: "a label"})
		if err != nil {
			return err
		}
		box, err := widget.Resolve[core.VBox](m, m, m.Get().Box)
		if err != nil {
			return err
		}
		return box.Update(func(s *core.VBox) { s.Children = append(core.Children(label), s.Children...) })
	case "choose": // puts a dropdown into a box with the slider, to which another one is linked
		return choose(m)
	case "options":
		box, err := widget.Resolve[core.VBox](m, m, m.Get().Box)
		if err != nil {
			return err
		}
		dropdown, err := widget.Resolve[core.Dropdown](m, m, box.Get().Children[0])
		if err != nil {
			return err
		}
		return dropdown.Update(func(s *core.Dropdown) {
			s.Options = []string{"round", "square"}
			s.Select("square")
		})
	case "interact":
		box, err := core.Interact(m, m, func(p params) {
			_ = m.Send(report{Label: p.Color + " " + strconv.Itoa(p.Count) + " " + strconv.FormatBool(p.Loud)})
		}, func(p *params) { p.Count = 3 })
		if err != nil {
			return err
		}
		return m.Update(func(s *state) { s.Box = box.Ref() })
	case "find":
		found, err := core.Find[core.Dropdown](m, m)
		if err != nil {
			return err
		}
		return m.Send(report{Value: len(found)})
	case "unlinkable":
		slider, err := m.Get().Slider.Resolve(m, m)
		if err != nil {
			return err
		}
		link, err := core.NewLink(m, m, core.Link{Source: core.TraitRef(slider, "volume"), Target: core.TraitRef(slider, "loudness")})
		if err != nil {
			return err
		}
		<-link.Done()
		return link.Err()
	case "date": // a widget of which the page has another form than what travels
		picker, err := widget.Resolve[struct{ Value *core.Date }](m, m, m.Get().Date)
		if err != nil {
			return err
		}
		return picker.Update(func(s *struct{ Value *core.Date }) {
			next := *s.Value
			next.Date++
			s.Value = &next
		})
	}
	slider, err := m.Get().Slider.Resolve(m, m)
	if err != nil {
		return err
	}
	defer slider.Close()
	if op == "close" {
		return slider.CloseWidget()
	}
	return slider.Update(func(s *core.IntSlider) { s.Value = value })
}

// makeArea makes an area with an output of each kind.
func makeArea(m *widget.Model[state]) error {
	area, err := core.NewOutput(m, m, core.Output{})
	if err != nil {
		return err
	}
	err = area.Update(func(s *core.Output) {
		s.AppendStdout("one\n")
		s.AppendHTML("<b class=two>two</b>")
	})
	if err != nil {
		return err
	}
	const circle = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><circle cx="10" cy="10" r="8" fill="teal"/></svg>`
	picture, err := core.DisplayData(map[string]any{"image/svg+xml": circle, "text/plain": "a circle"})
	if err != nil {
		return err
	}
	err = area.Update(func(s *core.Output) {
		s.Append(picture)
		s.AppendError(errors.New("a failure in Go"))
		s.AppendStderr("three\n")
		s.AppendStderr("four\n")
	})
	if err != nil {
		return err
	}
	return m.Send(report{Ref: area.Ref()})
}

// choose puts a dropdown into a box with the slider, and links another slider to that one.
func choose(m *widget.Model[state]) error {
	dropdown, err := core.NewDropdown(m, m, core.Dropdown{Options: []string{"red", "green", "blue"}, Description: "color"})
	if err != nil {
		return err
	}
	dropdown.Observe(func(_, now core.Dropdown) { _ = m.Send(report{Label: now.Label()}) }, "index")
	slider, err := m.Get().Slider.Resolve(m, m)
	if err != nil {
		return err
	}
	other, err := core.NewIntSlider(m, m, core.IntSlider{Max: 10})
	if err != nil {
		return err
	}
	if _, err := core.NewLink(m, m, core.Link{Source: core.TraitRef(slider, "value"), Target: core.TraitRef(other, "value")}); err != nil {
		return err
	}
	box, err := core.NewVBox(m, m, core.VBox{Children: core.Children(dropdown, slider)})
	if err != nil {
		return err
	}
	return m.Update(func(s *state) { s.Box = box.Ref() })
}

// follow tells Python what Go sees of the slider.
func follow(m *widget.Model[state], slider *widget.Model[core.IntSlider]) {
	slider.Observe(func(_, now core.IntSlider) { _ = m.Send(report{Value: now.Value}) }, "value")
	go func() { // ends with the slider
		<-slider.Done()
		_ = m.Send(report{Ended: slider.Err().Error()})
	}()
}
