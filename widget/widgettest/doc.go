// Package widgettest has a widget of a kernel in memory, so that go test alone tests a widget's
// logic in Go.
//
//	w := widgettest.New(t, map[string]any{"value": 0})
//	m := widgettest.Bind[State](w)
//	count(m)                           // the logic under test sets its handlers
//	w.Set(map[string]any{"value": 41}) // as Python does
//	w.Send("add")
//	w.Await("42", func() bool { return w.Get("value") == 42.0 })
//
// It speaks Jupyter widgets 2.1 with package gocomm/widget/commhost, on a kernel of
// gocomm/commmgr/commmgrtest.
package widgettest
