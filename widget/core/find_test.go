package core_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/widget"
	"gocomm/widget/commhost"
	"gocomm/widget/core"
)

// TestFind: widgets are found by their kind, whoever has made them.
func TestFind(t *testing.T) {
	p := open(t, "")
	made, err := core.NewIntSlider(nil, p, core.IntSlider{})
	require.NoError(t, err)
	of := func(model, module string) string {
		return p.Open(commhost.Target, map[string]any{"state": map[string]any{"_model_name": model, "_model_module": module, "value": 3}}).ID
	}
	slider := of("IntSliderModel", "@jupyter-widgets/controls")
	of("IntSliderModel", "another library")
	leaflet := of("LeafletMapModel", "jupyter-leaflet")
	last := of("IntTextModel", "@jupyter-widgets/controls")
	require.Eventually(t, func() bool { return p.Host(last) != nil }, soon, 1)

	sliders, err := core.Find[core.IntSlider](nil, p)
	require.NoError(t, err)
	require.ElementsMatch(t, []core.Ref[core.IntSlider]{core.RefTo(made), core.Ref[core.IntSlider](widget.RefTo(slider))}, sliders)
	maps, err := widget.Find(nil, made, "LeafletMapModel", "jupyter-leaflet")
	require.NoError(t, err)
	require.Equal(t, []widget.Ref{widget.RefTo(leaflet)}, maps)
	none, err := core.Find[core.Dropdown](nil, p)
	require.NoError(t, err)
	require.Empty(t, none)
	made.Close()
	_, err = core.Find[core.IntSlider](nil, made)
	require.ErrorIs(t, err, widget.ErrEnded)
}

// TestVersions: widgets are made as the kernel's ipywidgets has them, where its widgets tell.
func TestVersions(t *testing.T) {
	layout := func(p *page, version string) {
		c := p.Open(commhost.Target, map[string]any{"state": map[string]any{"_model_name": "LayoutModel", "_model_module": "@jupyter-widgets/base", "_model_module_version": version}})
		require.Eventually(t, func() bool { return p.Host(c.ID) != nil }, soon, 1)
		p.Flush()
	}
	p := open(t, "")
	layout(p, "1.2.0")
	_, err := core.NewLabel(nil, p, core.Label{})
	require.NoError(t, err)
	opens := p.opened()
	require.Equal(t, "1.5.0", stateOf(t, opens[len(opens)-1])["_model_module_version"])
	_, err = core.NewTagsInput(nil, p, core.TagsInput{})
	require.EqualError(t, err, "core: new TagsInput: ipywidgets 7 has no such widget")
	layout(p, "3.1.0")
	_, err = core.NewLabel(nil, p, core.Label{})
	require.ErrorContains(t, err, "ipywidgets' controls are of version 3.1.0")

	p = open(t, "2.0.0")
	layout(p, "1.2.0")
	_, err = core.NewLabel(nil, p, core.Label{})
	require.EqualError(t, err, "core: new Label: the kernel's ipywidgets has controls of version 1.5.0, but Options.Controls is 2.0.0: leave it empty, or install the other ipywidgets for the kernel")
}
