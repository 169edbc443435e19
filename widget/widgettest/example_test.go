package widgettest_test

import (
	"fmt"

	"gocomm/internal/bystander"
	"gocomm/widget/widgettest"
)

// The logic of a thermometer, tested without a browser: it follows Python's value,
// and sets the other trait.
func Example() {
	t := new(bystander.TB)
	defer t.End()
	type state struct {
		Celsius float64 `json:"celsius"`
		Warm    bool    `json:"warm"`
	}
	w := widgettest.New(t, map[string]any{"celsius": 12.5, "warm": false})
	m := widgettest.Bind[state](w)
	m.Observe(func(_, now state) {
		if err := m.Update(func(s *state) { s.Warm = now.Celsius > 20 }); err != nil {
			fmt.Println(err)
		}
	})
	fmt.Println(m.Get().Celsius)

	w.Set(map[string]any{"celsius": 25}) // in Python: widget.celsius = 25
	w.Await("Python to hear that it is warm", func() bool { return w.Get("warm") == true })
	fmt.Println(m.Get())
	// Output:
	// 12.5
	// {25 true}
}
