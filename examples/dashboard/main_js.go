package main

import (
	"gocomm/view"
	"gocomm/widget"
	"gocomm/widget/core"
)

func main() { view.Main(view.Program[State]{Initialize: initialize, Render: render}) }

// render shows what Go has made above what Python has made.
func render(m *widget.Model[State], v *view.View) error {
	row := func(widgets ...widget.Referrer) error {
		e := v.Append("div")
		e.Get("style").Set("cssText", "display: flex; flex-wrap: wrap; gap: 8px;")
		for _, w := range widgets {
			if _, err := v.ShowIn(e, w); err != nil {
				return err
			}
		}
		return nil
	}
	s := m.Get()
	if err := row(s.Place, s.Months, s.Zoom); err != nil {
		return err
	}
	return row(s.Figure, s.Map)
}

// A dashboard has the models of all widgets.
type dashboard struct {
	*widget.Model[State]
	lines        *widget.Model[Lines]
	figure       *widget.Model[Figure]
	leaflet      *widget.Model[Map]
	place        *widget.Model[core.Dropdown]
	months, zoom *widget.Model[core.IntSlider]
}

// initialize makes the controls, or finds those that are there since before the page was loaded again, and joins them to what Python
// has made.
func initialize(m *widget.Model[State]) error {
	d := &dashboard{Model: m}
	if err := d.find(); err != nil {
		return err
	}
	if m.Get().Zoom == nil {
		if err := d.make(); err != nil {
			return err
		}
	}
	show := func() {
		if err := d.show(); err != nil {
			println("dashboard:", err.Error())
		}
	}
	d.place.Observe(func(_, _ core.Dropdown) { show() }, "index")
	d.months.Observe(func(_, _ core.IntSlider) { show() }, "value")
	// The slider and the map have the same zoom, whichever of them is moved.
	d.zoom.Observe(func(_, now core.IntSlider) {
		_ = d.leaflet.Update(func(s *Map) { s.Zoom = float64(now.Value) })
	}, "value")
	d.leaflet.Observe(func(_, now Map) {
		_ = d.zoom.Update(func(s *core.IntSlider) { s.Value = int(now.Zoom) })
	}, "zoom")
	return d.show()
}

// find has the models of what there is.
func (d *dashboard) find() (err error) {
	s := d.Get()
	if d.lines, err = s.Lines.Resolve(d, d); err != nil {
		return err
	}
	if d.figure, err = s.Figure.Resolve(d, d); err != nil {
		return err
	}
	if d.leaflet, err = s.Map.Resolve(d, d); err != nil || s.Zoom == nil {
		return err
	}
	if d.place, err = s.Place.Resolve(d, d); err != nil {
		return err
	}
	if d.months, err = s.Months.Resolve(d, d); err != nil {
		return err
	}
	d.zoom, err = s.Zoom.Resolve(d, d)
	return err
}

// make makes the controls.
func (d *dashboard) make() (err error) {
	var names []string
	for _, p := range d.Get().Places {
		names = append(names, p.Name)
	}
	if d.place, err = core.NewDropdown(d, d, core.Dropdown{Options: names, Description: "place"}); err != nil {
		return err
	}
	if d.months, err = core.NewIntSlider(d, d, core.IntSlider{Min: 1, Max: 6, Value: 1, Description: "months"}); err != nil {
		return err
	}
	zoom := int(d.leaflet.Get().Zoom)
	if d.zoom, err = core.NewIntSlider(d, d, core.IntSlider{Min: 1, Max: 8, Value: zoom, Description: "zoom"}); err != nil {
		return err
	}
	return d.Update(func(s *State) {
		s.Place, s.Months, s.Zoom = new(core.RefTo(d.place)), new(core.RefTo(d.months)), new(core.RefTo(d.zoom))
	})
}

// show puts what the controls say into the plot and onto the map.
func (d *dashboard) show() error {
	places, index := d.Get().Places, d.place.Get().Index
	if index == nil || *index >= len(places) {
		return nil
	}
	p := places[*index]
	if err := d.lines.Update(func(s *Lines) { s.Y = arrayOf(smooth(p.Values, d.months.Get().Value)) }); err != nil {
		return err
	}
	if err := d.figure.Update(func(s *Figure) { s.Title = p.Name }); err != nil {
		return err
	}
	return d.leaflet.Update(func(s *Map) { s.Center = p.Center })
}
