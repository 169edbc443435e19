package main

import (
	"testing"
	"time"

	"gocomm/widget/widgettest"
)

func TestCounter(t *testing.T) {
	w := widgettest.New(t, map[string]any{"value": 0})
	m := widgettest.Bind[State](w)
	shown := make(chan string, 10)
	m.Observe(func(_, now State) { shown <- label(now) })
	shows := func(want string) {
		t.Helper()
		select {
		case got := <-shown:
			if got != want {
				t.Fatalf("it shows %q, not %q", got, want)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("it does not show %q within 5 s", want)
		}
	}

	if err := click(m); err != nil {
		t.Fatal(err)
	}
	shows("count is 1")
	w.Await("the kernel to count along", func() bool { return w.Get("value") == 1.0 })

	w.Set(map[string]any{"value": 41}) // in Python: widget.value = 41
	shows("count is 41")
	if err := click(m); err != nil {
		t.Fatal(err)
	}
	shows("count is 42")
	w.Await("the kernel to count along", func() bool { return w.Get("value") == 42.0 })
	if errs := w.Errors(); len(errs) > 0 {
		t.Fatal(errs)
	}
}
