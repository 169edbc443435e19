package core_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/jsonmsg"
	"gocomm/widget"
	"gocomm/widget/core"
	"gocomm/widget/host"
)

// TestOptions: gocomm's Python package makes what has options.
func TestOptions(t *testing.T) {
	p := open(t, "")
	colors := []string{"red", "green", "blue"}
	w, err := core.NewDropdown(nil, p, core.Dropdown{Options: colors})
	require.NoError(t, err)
	opens := p.opened()
	targets := []string{}
	for _, o := range opens {
		targets = append(targets, o.TargetName)
	}
	require.Equal(t, []string{"jupyter.widget", "jupyter.widget", "gocomm.widget"}, targets)
	require.Equal(t, []any{"red", "green", "blue"}, stateOf(t, opens[2])["_options_labels"])
	require.Equal(t, 0.0, stateOf(t, opens[2])["index"], "as in Python, the first one")
	require.Equal(t, "red", w.Get().Label())

	require.NoError(t, w.Update(func(s *core.Dropdown) { require.True(t, s.Select("blue")) }))
	require.Equal(t, "blue", w.Get().Label())
	require.Equal(t, 2, *w.Get().Index)
	require.NoError(t, w.Update(func(s *core.Dropdown) { require.False(t, s.Select("pink")) }))
	require.Equal(t, "blue", w.Get().Label())
	p.Flush()
	sent := p.Sent()
	require.Equal(t, map[string]any{"index": 2.0}, stateOf(t, sent[len(sent)-1]))

	none, err := core.NewDropdown(nil, p, core.Dropdown{Options: colors}, func(s *core.Dropdown) { s.Index = nil })
	require.NoError(t, err)
	require.Empty(t, none.Get().Label())
	opens = p.opened()
	require.Contains(t, stateOf(t, opens[2]), "index")
	require.Nil(t, stateOf(t, opens[2])["index"])
}

func TestLabels(t *testing.T) {
	colors := []string{"red", "green", "blue"}
	many := core.SelectMultiple{Options: colors}
	require.Empty(t, many.Labels())
	require.True(t, many.Select("blue", "red"))
	require.Equal(t, []int{2, 0}, many.Index)
	require.False(t, many.Select("red", "pink"))
	require.Equal(t, []string{"blue", "red"}, many.Labels())
	span := core.SelectionRangeSlider{Options: colors}
	require.Equal(t, []string{"red", "red"}, span.Labels())
	require.False(t, span.Select("green", "pink"))
	require.True(t, span.Select("green", "blue"))
	require.Equal(t, []string{"green", "blue"}, span.Labels())
	slider := core.SelectionSlider{Options: colors}
	require.Equal(t, "red", slider.Label())
	require.True(t, slider.Select("green"))
	require.Equal(t, 1, slider.Index)
	require.Empty(t, core.SelectionSlider{}.Label())
}

// TestASelectionThatPythonRefuses is an error at once.
func TestASelectionThatPythonRefuses(t *testing.T) {
	p := open(t, "")
	_, err := core.NewDropdown(nil, p, core.Dropdown{Options: []string{"a", "b"}, Index: new(2)})
	require.EqualError(t, err, "core: new Dropdown: Dropdown.Index is 2, but there are 2 options")
	_, err = core.NewSelectionSlider(nil, p, core.SelectionSlider{})
	require.EqualError(t, err, "core: new SelectionSlider: SelectionSlider.Options is empty: it needs at least one")
	_, err = core.NewSelectionRangeSlider(nil, p, core.SelectionRangeSlider{Options: []string{"a"}, Index: [2]int{0, 1}})
	require.ErrorContains(t, err, "SelectionRangeSlider.Index is 1, but there are 1 options")
	require.Empty(t, p.opened())
}

// TestWhyTheKernelRefuses: the reason is the kernel's, or that nobody is there who makes such widgets.
func TestWhyTheKernelRefuses(t *testing.T) {
	for reason, data := range map[string]string{
		"widget: the kernel has refused the widget: TraitError: a reason":                                        `{"reason": "TraitError: a reason"}`,
		"gocomm's Python package makes it, which is not imported there: run import gocomm in the notebook first": `{}`,
	} {
		p, made := open(t, ""), make(chan struct{})
		p.RegisterTarget(host.Gocomm, func(c *commmgrtest.Comm, _ commmgrtest.Message) { // before the kernel is idle again
			p.Driver.Deliver(jsonmsg.New(jsonmsg.Raw{
				Header:       []byte(`{"msg_id": "1", "msg_type": "comm_close"}`),
				ParentHeader: []byte(`{"msg_id": "2", "msg_type": "comm_open"}`),
				Metadata:     []byte(`{}`),
				Content:      []byte(`{"comm_id": "` + c.ID + `", "data": ` + data + `}`),
			}, commmgrtest.Session))
		})
		p.RegisterTarget(host.Ipywidgets, func(c *commmgrtest.Comm, msg commmgrtest.Message) {
			if stateOf(t, msg)["_model_name"] == "DescriptionStyleModel" { // what follows comes when the model is there
				<-made
			}
		})
		w, err := core.NewDropdown(nil, p, core.Dropdown{})
		require.NoError(t, err)
		close(made)
		select {
		case <-w.Done():
		case <-time.After(10 * time.Second):
			t.Fatal("the model has not ended")
		}
		require.ErrorIs(t, w.Err(), widget.ErrRefused)
		require.ErrorContains(t, w.Err(), reason)
	}
}
