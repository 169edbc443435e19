// Command counter is a widget's front end: a button that counts its clicks, in step with the
// trait "value" in Python.
package main

import (
	"strconv"

	"gocomm/widget"
)

// State has the widget's traits.
type State struct {
	Value int
}

func label(s State) string { return "count is " + strconv.Itoa(s.Value) }

// click is what a click does.
func click(m *widget.Model[State]) error {
	return m.Update(func(s *State) { s.Value++ })
}
