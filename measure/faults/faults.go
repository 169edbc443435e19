//go:build measure

// Command faults measures what gocomm promises when things go wrong, and the stock
// comm manager with it where the same can be done there: docs/faults.md describes the
// figures.
//
// It prints a table and writes dist/faults.json. The exit status is 1 when a row is not
// as promised. Its tests measure a small part of each figure.
package main

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// A Row is a figure, or a part of one.
type Row struct {
	ID    int      `json:"id"` // of the figure
	Name  string   `json:"name"`
	Value *float64 `json:"value"` // null where it could not be measured
	Goal  string   `json:"goal"`  // for the value: "= 0", "<= 50 ms"
	Pass  bool     `json:"pass"`
	// Control is what the stock manager shows in its place; null where there is none.
	Control *float64 `json:"control"`

	// Timed tells that the value is a time, which says nothing on a busy machine.
	Timed bool `json:"-"`

	meets func(float64) bool
}

// is makes a row whose value has to be a number.
func is(id int, name string, value, want float64) Row {
	return row(id, name, value, fmt.Sprintf("= %g", want), func(v float64) bool { return v == want })
}

// atMost makes a row whose value has a limit.
func atMost(id int, name string, value, limit float64, unit string) Row {
	r := row(id, name, value, strings.TrimSpace(fmt.Sprintf("<= %g %s", limit, unit)), func(v float64) bool { return v <= limit })
	r.Timed = unit == "ms" || unit == "s"
	return r
}

// below makes a row whose value stays below a limit.
func below(id int, name string, value, limit float64, unit string) Row {
	return row(id, name, value, fmt.Sprintf("< %g %s", limit, unit), func(v float64) bool { return v < limit })
}

func row(id int, name string, value float64, goal string, meets func(float64) bool) Row {
	return Row{ID: id, Name: name, Value: &value, Goal: goal, Pass: meets(value), meets: meets}
}

// against adds the control's value.
func (r Row) against(control float64) Row {
	r.Control = &control
	return r
}

// failing adds the value of a control that has to miss the goal: where it does not, the
// figure shows nothing.
func (r Row) failing(control float64) Row {
	r.Control = &control
	if r.meets(control) {
		r.Pass = false
		r.Goal += ", missed by the control"
	}
	return r
}

// A Figure is one of the scoreboard's.
type Figure struct {
	ID      int
	Name    string
	measure func(*Lab) ([]Row, error)
}

// Figures are all of them; the numbers 2 and 3 are not used.
func Figures() []Figure {
	return []Figure{
		{1, "many messages", messages},
		{4, "kernels that end", ends},
		{5, "comms that come and go", leaks},
		{6, "malformed messages", malformed},
		{7, "handlers that fail", handlers},
		{8, "programs that die", dying},
		{9, "files that do not come", loading},
		{10, "messages before there is a program", early},
		{11, "two pages", tabs},
		{12, "buffers", buffers},
		{13, "a flood", flood},
		{14, "hostile opens", hostile},
		{15, "a running cell", live},
	}
}

// Measure gives the figure's rows. What could not be measured is a row that fails: a
// product that is broken may not get as far as to a number.
func (f Figure) Measure(l *Lab) []Row {
	start := time.Now()
	rows, err := f.measure(l)
	if err != nil && l.ctx.Err() == nil {
		l.Logf("figure %d, %s: %v", f.ID, f.Name, err)
		rows = append(rows, Row{ID: f.ID, Name: f.Name + ": not measured", Goal: "to be measured"})
	}
	l.Logf("figure %d, %s: %.0f s", f.ID, f.Name, time.Since(start).Seconds())
	return rows
}

// both measures on gocomm and on the stock manager, one after the other.
func both[T any](measure func(gocomm bool) (T, error)) (ours, control T, err error) {
	ours, err = measure(true)
	if err != nil {
		return ours, control, err
	}
	if control, err = measure(false); err != nil {
		err = errors.Join(errors.New("the control"), err)
	}
	return ours, control, err
}
