package core_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr/commmgrtest"
	"gocomm/widget/core"
	"gocomm/widget/host"
)

const soon = 10 * time.Second

// TestConnect: one widget follows another with a function in between, until that is taken away.
func TestConnect(t *testing.T) {
	p := open(t, "")
	slider, err := core.NewIntSlider(nil, p, core.IntSlider{Value: 16})
	require.NoError(t, err)
	progress, err := core.NewFloatProgress(nil, p, core.FloatProgress{})
	require.NoError(t, err)
	calls := make(chan int, 10)
	remove, err := core.Connect(slider, progress, func(s core.IntSlider, p *core.FloatProgress) {
		calls <- s.Value
		p.Value = math.Sqrt(float64(s.Value))
	}, "value")
	require.NoError(t, err)
	require.Equal(t, 4.0, progress.Get().Value, "at once")
	require.Equal(t, 16, <-calls)
	require.NoError(t, slider.Update(func(s *core.IntSlider) { s.Value = 49 }))
	require.Equal(t, 49, <-calls)
	require.Eventually(t, func() bool { return progress.Get().Value == 7 }, soon, time.Millisecond)
	require.NoError(t, slider.Update(func(s *core.IntSlider) { s.Description = "no value" }))
	require.NoError(t, progress.Update(func(s *core.FloatProgress) { s.Value = 1 }))
	remove()
	remove()
	require.NoError(t, slider.Update(func(s *core.IntSlider) { s.Value = 64 }))
	p.Flush()
	require.Equal(t, 1.0, progress.Get().Value)
	require.Empty(t, calls)

	require.Panics(t, func() { core.Connect(slider, progress, func(core.IntSlider, *core.FloatProgress) {}, "volume") })
	progress.Close()
	_, err = core.Connect(slider, progress, func(_ core.IntSlider, p *core.FloatProgress) { p.Value++ })
	require.ErrorContains(t, err, "the model has ended")
}

// TestConnectBoth: what comes from the other widget does not go back, so functions that round do not either change what
// was set, or go on for ever.
func TestConnectBoth(t *testing.T) {
	p := open(t, "")
	kernel := map[string]*commmgrtest.Comm{}
	p.RegisterTarget(host.Ipywidgets, func(c *commmgrtest.Comm, msg commmgrtest.Message) { kernel[c.ID] = c })
	celsius, err := core.NewFloatText(nil, p, core.FloatText{Value: 21.3})
	require.NoError(t, err)
	fahrenheit, err := core.NewIntText(nil, p, core.IntText{})
	require.NoError(t, err)
	var there, back int
	remove, err := core.ConnectBoth(celsius, fahrenheit, func(c core.FloatText, f *core.IntText) {
		there++
		f.Value = int(math.Round(c.Value*9/5 + 32))
	}, func(f core.IntText, c *core.FloatText) {
		back++
		c.Value = math.Round(float64(f.Value-32)*5/9) + .25*float64(back) // never the same
	})
	require.NoError(t, err)
	require.Equal(t, 70, fahrenheit.Get().Value)
	p.Flush()
	values := func(c float64, f int) {
		t.Helper()
		require.Eventually(t, func() bool { return celsius.Get().Value == c && fahrenheit.Get().Value == f }, soon, time.Millisecond)
		p.Flush()
		time.Sleep(20 * time.Millisecond) // what would go on has the time to
		require.Equal(t, c, celsius.Get().Value)
		require.Equal(t, f, fahrenheit.Get().Value)
	}
	values(21.3, 70)
	require.NoError(t, celsius.Update(func(s *core.FloatText) { s.Value = 100.2 }))
	values(100.2, 212)
	kernel[fahrenheit.ID()].Send(map[string]any{"method": "update", "state": map[string]any{"value": 50}})
	values(10.25, 50)
	require.NoError(t, celsius.Update(func(s *core.FloatText) { s.Value = 100.2 }))
	values(100.2, 212)
	require.NoError(t, fahrenheit.Update(func(s *core.IntText) { s.Value = 50 }))
	values(10.5, 50)
	remove()
	require.NoError(t, fahrenheit.Update(func(s *core.IntText) { s.Value = 32 }))
	values(10.5, 32)
	require.Equal(t, []int{3, 2}, []int{there, back})
}

// TestLinkGoesOnWithoutGo: the models of ipywidgets' links are made with references.
func TestLinkGoesOnWithoutGo(t *testing.T) {
	p := open(t, "")
	slider, err := core.NewIntSlider(nil, p, core.IntSlider{})
	require.NoError(t, err)
	progress, err := core.NewIntProgress(nil, p, core.IntProgress{})
	require.NoError(t, err)
	source, target := core.TraitRef(slider, "value"), core.TraitRef(progress, "value")
	p.opened()
	link, err := core.NewLink(nil, p, core.Link{Source: source, Target: target})
	require.NoError(t, err)
	opens := p.opened()
	require.Len(t, opens, 1)
	require.Equal(t, "gocomm.widget", opens[0].TargetName)
	require.Equal(t, []any{source[0], "value"}, stateOf(t, opens[0])["source"])
	require.Equal(t, []any{target[0], "value"}, stateOf(t, opens[0])["target"])
	require.NoError(t, link.CloseWidget())
	_, err = core.NewDirectionalLink(nil, p, core.DirectionalLink{Source: source})
	require.EqualError(t, err, `core: new DirectionalLink: DirectionalLink.Target refers to no trait of a widget: make it with TraitRef`)
}
