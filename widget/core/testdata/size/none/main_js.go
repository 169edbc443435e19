// Command none is a widget whose program knows of no other widget.
package main

import (
	"strconv"

	"gocomm/view"
	"gocomm/widget"
)

type state struct {
	Value  int
	Slider widget.Ref
}

func main() { view.Main(view.Program[state]{Initialize: initialize}) }

func initialize(m *widget.Model[state]) error {
	m.Observe(func(_, now state) { println(strconv.Itoa(now.Value)) }, "value")
	return m.Update(func(s *state) { s.Value++ })
}
