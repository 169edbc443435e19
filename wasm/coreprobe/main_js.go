// Command coreprobe is a widget for tests, whose program makes and drives widgets of ipywidgets', as messages say.
package main

import (
	"errors"

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

// follow tells Python what Go sees of the slider.
func follow(m *widget.Model[state], slider *widget.Model[core.IntSlider]) {
	slider.Observe(func(_, now core.IntSlider) { _ = m.Send(report{Value: now.Value}) }, "value")
	go func() { // ends with the slider
		<-slider.Done()
		_ = m.Send(report{Ended: slider.Err().Error()})
	}()
}
