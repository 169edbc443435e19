// Command slider is a widget whose program makes a slider.
package main

import (
	"strconv"

	"gocomm/view"
	"gocomm/widget"
	"gocomm/widget/core"
)

type state struct {
	Value  int
	Slider core.Ref[core.IntSlider]
}

func main() { view.Main(view.Program[state]{Initialize: initialize}) }

func initialize(m *widget.Model[state]) error {
	s, err := core.NewIntSlider(m, m, core.IntSlider{Max: 10})
	if err != nil {
		return err
	}
	s.Observe(func(_, now core.IntSlider) { println(strconv.Itoa(now.Value)) }, "value")
	return m.Update(func(st *state) { st.Slider = core.RefTo(s) })
}
