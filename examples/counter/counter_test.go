package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/widget/widgettest"
)

func TestCounter(t *testing.T) {
	w := widgettest.New(t, map[string]any{"value": 0})
	m := widgettest.Bind[State](w)
	require.Equal(t, "count is 0", label(m.Get()))

	require.NoError(t, count(m)) // a click
	w.Await("the kernel to count along", func() bool { return w.Get("value") == 1.0 })

	shown := make(chan string, 1)
	m.OnChange(func(_, now State) { shown <- label(now) })
	w.Set(map[string]any{"value": 41}) // in Python: widget.value = 41
	require.Equal(t, "count is 41", <-shown)

	require.NoError(t, count(m))
	require.Equal(t, "count is 42", <-shown)
	w.Await("the kernel to count along", func() bool { return w.Get("value") == 42.0 })
	require.Empty(t, w.Errors())
}
