package widget_test

import (
	"context"
	"errors"
	"fmt"

	"gocomm/internal/bystander"
	"gocomm/widget"
	"gocomm/widget/commhost"
	"gocomm/widget/widgettest"
)

// A model of a widget that a host has; in a test, widgettest.Bind does the same.
func ExampleBind() {
	t := new(bystander.TB)
	defer t.End()
	type Slider struct{ Value, Max int }
	w := widgettest.New(t, map[string]any{"value": 3, "max": 10, "orientation": "vertical"})
	var h *commhost.Host = w.Host
	m, err := widget.Bind[Slider](context.Background(), h)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	fmt.Println(m.Get())

	_, err = widget.Bind[struct{ Min int }](context.Background(), h)
	fmt.Println(errors.Is(err, widget.ErrState), err)
	// Output:
	// {3 10}
	// true widget: bind: the state does not fit: state.Min has no trait: the widget needs "min", with sync=True
}

// Both sides change a trait, and follow each other.
func ExampleModel_Update() {
	t := new(bystander.TB)
	defer t.End()
	type State struct{ Value int }
	w := widgettest.New(t, map[string]any{"value": 1})
	m := widgettest.Bind[State](w)
	if err := m.Update(func(s *State) { s.Value++ }); err != nil {
		fmt.Println(err)
	}
	fmt.Println(m.Get().Value)
	w.Await("the kernel to have it", func() bool { return w.Get("value") == 2.0 })

	w.Set(map[string]any{"value": 7}) // in Python: widget.value = 7
	w.Await("the change", func() bool { return m.Get().Value == 7 })
	fmt.Println(m.Get().Value)
	// Output:
	// 2
	// 7
}

// A handler for changes of one trait.
func ExampleModel_Observe() {
	t := new(bystander.TB)
	defer t.End()
	type State struct {
		Value int
		Label string
	}
	w := widgettest.New(t, map[string]any{"value": 1, "label": "one"})
	m := widgettest.Bind[State](w)
	changes := make(chan string)
	remove := m.Observe(func(old, now State) {
		changes <- fmt.Sprint(old.Value, " -> ", now.Value, " ", now.Label)
	}, "value")
	w.Set(map[string]any{"label": "first"}) // the handler is not called for this
	w.Set(map[string]any{"value": 2})
	fmt.Println(<-changes)
	remove()
	// Output: 1 -> 2 first
}

// A handler for custom messages, which answers them.
func ExampleModel_ObserveMsg() {
	t := new(bystander.TB)
	defer t.End()
	w := widgettest.New(t, map[string]any{})
	m := widgettest.Bind[struct{}](w)
	m.ObserveMsg(func(msg *widget.Msg) error {
		var ask struct{ Name string }
		if err := msg.Decode(&ask); err != nil {
			return err
		}
		return m.Send("hello, " + ask.Name)
	})
	w.Send(map[string]any{"name": "gopher"}) // in Python: widget.send({"name": "gopher"})
	w.Await("the answer", func() bool { return len(w.Messages()) == 1 })
	fmt.Println(w.Messages()[0].Content)
	// Output: hello, gopher
}

// A message with the bytes of a numpy array.
func ExampleNumbers() {
	t := new(bystander.TB)
	defer t.End()
	w := widgettest.New(t, map[string]any{})
	m := widgettest.Bind[struct{}](w)
	numbers := make(chan []float32)
	m.ObserveMsg(func(msg *widget.Msg) error {
		samples, err := widget.Numbers[float32](msg, 0)
		numbers <- samples
		return err
	})
	w.Send("samples", []byte{0, 0, 128, 63, 0, 0, 0, 192}) // in Python: widget.send("samples", [array])
	fmt.Println(<-numbers)
	// Output: [1 -2]
}

// A box and the first of its children.
func ExampleResolve() {
	t := new(bystander.TB)
	defer t.End()
	type Box struct{ Children []widget.Ref }
	type Slider struct{ Value int }
	slider := widgettest.New(t, map[string]any{"value": 3})
	box := slider.Another(map[string]any{"children": []string{"IPY_MODEL_" + slider.ID()}})

	m := widgettest.Bind[Box](box)
	child, err := widget.Resolve[Slider](m, m, m.Get().Children[0])
	if err != nil {
		fmt.Println(err)
		return
	}
	defer child.Close()
	fmt.Println(child.Get().Value)
	// Output: 3
}

// Handlers that end together, as those of a view do.
func ExampleScope() {
	t := new(bystander.TB)
	defer t.End()
	type State struct{ Value int }
	w := widgettest.New(t, map[string]any{"value": 1})
	m := widgettest.Bind[State](w)
	var s widget.Scope
	m.In(&s).Observe(func(_, now State) {})
	m.In(&s).ObserveMsg(func(*widget.Msg) error { return nil })
	s.Add(func() { fmt.Println("the scope has ended") })
	fmt.Println(s.Len())
	s.End()
	fmt.Println(s.Len())
	// Output:
	// 3
	// the scope has ended
	// 0
}

// A handler that waits until the widget ends.
func ExampleModel_Done() {
	t := new(bystander.TB)
	defer t.End()
	w := widgettest.New(t, map[string]any{})
	m := widgettest.Bind[struct{}](w)
	ended := make(chan error)
	m.ObserveMsg(func(*widget.Msg) error {
		<-m.Done()
		ended <- m.Err()
		return nil
	})
	w.Send("watch")
	w.Close() // in Python: widget.close()
	fmt.Println(<-ended)
	fmt.Println(errors.Is(m.Send("too late"), widget.ErrEnded))
	// Output:
	// commmgr: closed by the kernel
	// true
}
