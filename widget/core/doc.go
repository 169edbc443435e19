// Package core has the core widgets of ipywidgets for Go: a type for each model, and functions that make them.
//
//	slider, err := core.NewIntSlider(ctx, m, core.IntSlider{Min: 0, Max: 10, Description: "speed"})
//	…
//	slider.Observe(func(_, now core.IntSlider) { … now.Value … }, "value")
//	err = slider.Update(func(s *core.IntSlider) { s.Value = 7 })
//
// The widget is one object for Go, the page and Python, where ipywidgets.Widget.widgets has it. m says where: a
// model that package gocomm/view has given, whose page and kernel the new widget shares, or the Widgets of
// gocomm/widget/commhost, natively and on pages without ipywidgets. What New… gives is a [widget.Model], with which
// a program reads, follows and changes the widget, and closes it.
//
// # Drive what Python has made
//
// A type of this package, or a struct of one's own with the traits that one wants, is the state of a widget of any
// library. [widget.Resolve] finds the widget that a trait refers to, and [Ref.Resolve] also knows its type:
//
//	style, err := slider.Get().Style.Resolve(ctx, slider)
//	plot, err := widget.Resolve[struct{ Title string }](ctx, m, m.Get().Plot)
//
// [TraitOf] has one trait by its name, where that is not known before the program runs.
//
// [Find] gives the widgets of a type that are there.
//
// # Links and controls
//
// [Connect] and [ConnectBoth] have widgets follow each other, with a function of one's own in between. [Interact] makes the
// controls of a struct's fields.
//
// # Versions
//
// One program serves ipywidgets 7 and 8: the types have the traits of both, and a trait that only one of them has
// says so. Such traits are zero in the other version, and not sent to it when a widget is made. Widgets are made as the
// kernel's ipywidgets has them.
//
// # Types
//
// The types, their texts and defaults are generated from ipywidgets' schemas. A trait that may be None is a pointer,
// which Go's new makes: Layout{Width: new("50%")}. An enumeration is a type with constants. A field that is zero
// gets ipywidgets' default in New…; what is to be zero where the default is not, a function sets after that:
//
//	core.NewIntSlider(ctx, m, core.IntSlider{Max: 10}, func(s *core.IntSlider) { s.Readout = false })
//
// An empty list that is sent is not nil: Python takes None for a nil slice, and refuses it.
//
// # What the kernel must have
//
// Python makes its side of a widget only once ipywidgets is imported in the kernel. Otherwise, and where it has no
// such model or does not take a trait's value, the widget ends, and the model's Err is [widget.ErrRefused]. New…
// does not wait for the kernel, which may be busy with a cell.
//
// Widgets with options, and links, are made by gocomm's Python package, which has to be imported there.
package core

//go:generate go run gocomm/internal/coregen .
