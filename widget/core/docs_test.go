package core_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/widget"
	"gocomm/widget/core"
	"gocomm/widget/widgettest"
)

// What docs/core.md shows.

type State struct {
	Slider core.Ref[core.IntSlider]
	Map    widget.Ref
}

func initialize(m *widget.Model[State]) error {
	slider, err := core.NewIntSlider(m, m, core.IntSlider{Min: 0, Max: 10, Description: "speed"})
	if err != nil {
		return err
	}
	slider.Observe(func(_, now core.IntSlider) { println(now.Value) }, "value")
	return m.Update(func(s *State) { s.Slider = core.RefTo(slider) })
}

func TestDocs(t *testing.T) {
	w := widgettest.New(t, map[string]any{"slider": "", "map": ""})
	m := widgettest.Bind[State](w)
	require.NoError(t, initialize(m))
	w.Await("Python to have the reference", func() bool { return w.Get("slider") == string(m.Get().Slider) })
	require.NotEmpty(t, m.Get().Slider.ID())

	p, ctx := open(t, ""), t.Context()
	slider, err := core.NewIntSlider(ctx, p, core.IntSlider{})
	require.NoError(t, err)
	progress, err := core.NewFloatProgress(ctx, p, core.FloatProgress{})
	require.NoError(t, err)
	slider.Observe(func(_, now core.IntSlider) {
		_ = progress.Update(func(s *core.FloatProgress) { s.Value = math.Sqrt(float64(now.Value)) })
	}, "value")
	linked := make(chan float64, 1)
	progress.Observe(func(_, now core.FloatProgress) { linked <- now.Value }, "value")
	require.NoError(t, slider.Update(func(s *core.IntSlider) { s.Value = 49 }))
	require.Equal(t, 7.0, <-linked)

	core.NewIntSlider(ctx, m, core.IntSlider{Max: 10}, func(s *core.IntSlider) { s.Readout = false })

	other := w.Another(map[string]any{"zoom": 3, "center": []int{52, 10}})
	require.NoError(t, m.Update(func(s *State) { s.Map = widget.RefTo(other.ID()) }))
	func() {
		type Map struct {
			Zoom   float64
			Center [2]float64
		}

		leaflet, err := widget.Resolve[Map](ctx, m, m.Get().Map)
		if err == nil {
			err = leaflet.Update(func(s *Map) { s.Zoom = 5 })
		}
		require.NoError(t, err)
		other.Await("Python to have it", func() bool { return other.Get("zoom") == 5.0 })
	}()
}
