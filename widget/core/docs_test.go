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

func choose(ctx widget.Context, m widget.Manager) error {
	dropdown, err := core.NewDropdown(ctx, m, core.Dropdown{Options: []string{"red", "green", "blue"}})
	if err != nil {
		return err
	}
	dropdown.Observe(func(_, now core.Dropdown) { println(now.Label()) }, "index")
	err = dropdown.Update(func(s *core.Dropdown) { s.Select("blue") })
	return err
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
	remove, err := core.Connect(slider, progress, func(s core.IntSlider, p *core.FloatProgress) {
		p.Value = math.Sqrt(float64(s.Value))
	}, "value")
	require.NoError(t, err)
	defer remove()
	linked := make(chan float64, 1)
	progress.Observe(func(_, now core.FloatProgress) { linked <- now.Value }, "value")
	require.NoError(t, slider.Update(func(s *core.IntSlider) { s.Value = 49 }))
	require.Equal(t, 7.0, <-linked)

	require.NoError(t, choose(ctx, p))
	other, err := core.NewIntSlider(ctx, p, core.IntSlider{})
	require.NoError(t, err)
	func(m widget.Manager) {
		link, err := core.NewLink(ctx, m, core.Link{Source: core.TraitRef(slider, "value"), Target: core.TraitRef(other, "value")})
		require.NoError(t, err)
		require.Equal(t, "value", link.Get().Source[1])
		drawn := make(chan string, 1)
		draw := func(_ float64, color string, _ bool) { drawn <- color }

		type Params struct {
			Speed float64 `min:"0" max:"10" step:"0.5"`
			Color string  `options:"red,green,blue"`
			Loud  bool    `label:"with sound"`
		}

		box, err := core.Interact(ctx, m, func(p Params) { draw(p.Speed, p.Color, p.Loud) })
		require.NoError(t, err)
		require.Len(t, box.Get().Children, 3)
		require.Equal(t, "red", <-drawn)
		dropdowns, err := core.Find[core.Dropdown](ctx, m)
		require.NoError(t, err)
		maps, err := widget.Find(ctx, m, "LeafletMapModel", "jupyter-leaflet")
		require.NoError(t, err)
		require.Len(t, dropdowns, 2)
		require.Empty(t, maps)
	}(p)

	core.NewIntSlider(ctx, m, core.IntSlider{Max: 10}, func(s *core.IntSlider) { s.Readout = false })

	leafletMap := w.Another(map[string]any{"zoom": 3, "center": []int{52, 10}})
	require.NoError(t, m.Update(func(s *State) { s.Map = widget.RefTo(leafletMap.ID()) }))
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
		leafletMap.Await("Python to have it", func() bool { return leafletMap.Get("zoom") == 5.0 })
	}()
}
