// Package view is the page's side of widgets in Go: a program that draws the views of
// its widgets, as an anywidget front-end module (AFM) that web/afm.js makes of it.
//
//	func main() { view.Main(view.Program[State]{Render: render}) }
//
//	func render(m *widget.Model[State], v *view.View) error {
//		button := v.Append("button")
//		show := func(_, now State) { button.Set("textContent", now.Value) }
//		show(State{}, m.Get())
//		m.Observe(show)
//		v.Listen(button, "click", func(js.Value) error {
//			return m.Update(func(s *State) { s.Value++ })
//		})
//		return nil
//	}
//
// One instance of the program serves all widgets of its kind on the page. Each has a
// model, and any number of views. What a view has added ends with it: its listeners, and
// the handlers that were set on the model that it was given.
//
// A view's handlers are called one at a time, and may wait. Up to where one first waits
// it runs within the event's dispatch, so that preventDefault has its effect. What
// fails or panics is shown in the view's place, with a button that draws it anew.
//
// As in package gocomm/jsglue, functions exported to and imported from JavaScript carry
// what travels, and CONTRIBUTING.md has the rules that hold for them. A js.Func is made
// for each listener only.
//
// What there is, for GOOS=js and GOARCH=wasm only. `GOOS=js GOARCH=wasm go doc gocomm/view` has the
// comments, and `GOOS=js GOARCH=wasm go doc gocomm/view View.Listen` those of one name:
//
//	type Program[S any] struct {
//		Initialize func(*widget.Model[S]) error // called once for each widget, before its views
//		Render     func(*widget.Model[S], *View) error // draws a view
//	}
//	func Main[S any](p Program[S]) // runs a program, and does not return
//
//	type View struct {
//		Root js.Value // an empty element, to draw in
//	}
//	func (v *View) Append(tag string) js.Value // adds an element
//	func (v *View) Listen(target js.Value, event string, h func(js.Value) error) (remove func()) // until the view ends
//	func (v *View) Show(w widget.Referrer) (remove func(), err error) // shows another widget, made in Go or in Python
//	func (v *View) ShowIn(parent js.Value, w widget.Referrer) (remove func(), err error) // in an element of the view
//	func (v *View) Defer(f func()) (now func()) // has f called at the view's end
//	func (v *View) Done() <-chan struct{} // closed at the view's end
//	func (v *View) Err() error // ErrEnded after it
//	var ErrEnded error
package view
