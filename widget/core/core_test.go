package core_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr/commmgrtest"
	"gocomm/widget"
	"gocomm/widget/commhost"
	"gocomm/widget/core"
)

func stateOf(t *testing.T, m commmgrtest.Message) (state map[string]any) {
	t.Helper()
	var data struct{ State map[string]any }
	require.NoError(t, json.Unmarshal(m.Data, &data))
	return data.State
}

// TestASliderHasALayoutAndAStyle: they are made first, and referred to.
func TestASliderHasALayoutAndAStyle(t *testing.T) {
	p := open(t, "")
	w, err := core.NewIntSlider(t.Context(), p, core.IntSlider{Min: 2, Max: 10})
	require.NoError(t, err)
	opens := p.opened()
	require.Len(t, opens, 3)
	names := []any{}
	for _, o := range opens {
		require.Equal(t, "jupyter.widget", o.TargetName)
		require.JSONEq(t, `{"version": "2.1.0"}`, string(o.Metadata))
		names = append(names, stateOf(t, o)["_model_name"])
	}
	require.Equal(t, []any{"LayoutModel", "SliderStyleModel", "IntSliderModel"}, names)
	s := w.Get()
	require.Equal(t, []string{opens[0].CommID, opens[1].CommID, opens[2].CommID}, []string{s.Layout.ID(), s.Style.ID(), w.ID()})
	require.Equal(t, core.Ref[core.IntSlider]("IPY_MODEL_"+w.ID()), core.RefTo(w))
	require.Equal(t, 2, s.Value, "it is between the bounds")
	require.Equal(t, 1, s.Step)
	require.Equal(t, core.OrientationHorizontal, s.Orientation)
	require.True(t, s.Readout)
	require.Equal(t, "2.0.0", stateOf(t, opens[2])["_model_module_version"])
	require.NotContains(t, stateOf(t, opens[2]), "description_tooltip", "which ipywidgets 8 has not")

	style, err := s.Style.Resolve(t.Context(), w)
	require.NoError(t, err)
	require.NoError(t, style.Update(func(s *core.SliderStyle) { s.HandleColor = new("red") }))
	p.Flush()
	sent := p.Sent()
	require.Equal(t, s.Style.ID(), sent[len(sent)-1].CommID)
	require.Equal(t, map[string]any{"handle_color": "red"}, stateOf(t, sent[len(sent)-1]))
}

func TestWhatIsGivenIsNotMade(t *testing.T) {
	p := open(t, "1.5.0")
	layout, err := core.NewLayout(nil, p, core.Layout{Width: new("50%"), Visibility: new(core.VisibilityHidden)})
	require.NoError(t, err)
	box, err := core.NewVBox(nil, p, core.VBox{Layout: core.RefTo(layout)}, func(s *core.VBox) { s.BoxStyle = core.StyleInfo })
	require.NoError(t, err)
	label, err := core.NewLabel(nil, box, core.Label{Value: "in it"})
	require.NoError(t, err)
	require.NoError(t, box.Update(func(s *core.VBox) { s.Children = core.Children(label) }))
	opens := p.opened()
	require.Len(t, opens, 5, "a layout, a box, and a label with both")
	require.Equal(t, "50%", stateOf(t, opens[0])["width"])
	require.Equal(t, "IPY_MODEL_"+layout.ID(), stateOf(t, opens[1])["layout"])
	require.Equal(t, "1.5.0", stateOf(t, opens[1])["_model_module_version"])
	require.Equal(t, "DescriptionStyleModel", stateOf(t, opens[3])["_model_name"], "as in ipywidgets 7")
	require.NotContains(t, stateOf(t, opens[1]), "tooltip", "which ipywidgets 7 has not")
	child, err := widget.Resolve[core.Label](nil, box, box.Get().Children[0])
	require.NoError(t, err)
	require.Equal(t, "in it", child.Get().Value)
}

func TestZeroIsSetByAFunction(t *testing.T) {
	p := open(t, "")
	w, err := core.NewIntSlider(nil, p, core.IntSlider{}, func(s *core.IntSlider) { s.Readout, s.Step = false, 0 })
	require.NoError(t, err)
	state := stateOf(t, p.opened()[2])
	require.Equal(t, []any{false, 0.0, 100.0, true}, []any{state["readout"], state["step"], state["max"], state["continuous_update"]})
	require.False(t, w.Get().Readout)
}

func TestBothSidesChangeIt(t *testing.T) {
	p := open(t, "")
	var kernel *commmgrtest.Comm
	p.RegisterTarget(commhost.Target, func(c *commmgrtest.Comm, msg commmgrtest.Message) {
		kernel = c
		// What the kernel says before the model is bound is not lost.
		c.Send(map[string]any{"method": "update", "state": map[string]any{"description": "from the kernel"}})
	})
	w, err := core.NewIntSlider(nil, p, core.IntSlider{Value: 1})
	require.NoError(t, err)
	p.Flush()
	seen := make(chan int, 10)
	w.Observe(func(_, now core.IntSlider) { seen <- now.Value }, "value")
	require.NoError(t, w.Update(func(s *core.IntSlider) { s.Value = 2 }))
	require.Equal(t, 2, <-seen)
	require.Equal(t, 2.0, stateOf(t, kernel.Await(2)[1])["value"])
	kernel.Send(map[string]any{"method": "update", "state": map[string]any{"value": 3}})
	require.Equal(t, 3, <-seen)
	require.Equal(t, "from the kernel", w.Get().Description)
	kernel.Close(nil)
	ended(t, w)
	require.NotErrorIs(t, w.Err(), widget.ErrRefused)
}

func ended(t *testing.T, w *widget.Model[core.IntSlider]) {
	t.Helper()
	select {
	case <-w.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("the model has not ended")
	}
}

func TestItIsClosed(t *testing.T) {
	p := open(t, "")
	w, err := core.NewIntSlider(nil, p, core.IntSlider{})
	require.NoError(t, err)
	other, err := core.RefTo(w).Resolve(nil, w)
	require.NoError(t, err)
	p.Flush()
	require.NoError(t, w.CloseWidget())
	ended(t, w)
	ended(t, other)
	p.Flush()
	sent := p.Sent()
	require.Equal(t, "comm_close", sent[len(sent)-1].MsgType)
	require.Equal(t, w.ID(), sent[len(sent)-1].CommID)
	require.ErrorIs(t, w.CloseWidget(), widget.ErrEnded)
	_, err = core.NewIntSlider(nil, w, core.IntSlider{})
	require.ErrorContains(t, err, "core: new IntSlider: ")
	_, err = widget.Resolve[core.IntSlider](nil, p, w.Ref())
	require.ErrorContains(t, err, "the kernel has no such widget")
}

// TestTheKernelRefuses: no target, as long as ipywidgets is not imported.
func TestTheKernelRefuses(t *testing.T) {
	p := open(t, "")
	p.RegisterTarget(commhost.Target, nil)
	w, err := core.NewIntSlider(nil, p, core.IntSlider{})
	require.NoError(t, err)
	ended(t, w)
	require.ErrorIs(t, w.Err(), widget.ErrRefused)
	require.ErrorContains(t, w.Update(func(s *core.IntSlider) { s.Value = 1 }), "is ipywidgets imported there?")
}

func TestItCannotBeMade(t *testing.T) {
	_, err := core.NewTagsInput(nil, open(t, "1.5.0"), core.TagsInput{})
	require.EqualError(t, err, "core: new TagsInput: ipywidgets 7 has no such widget")
	_, err = core.NewLabel(nil, open(t, "3.0.0"), core.Label{})
	require.ErrorContains(t, err, "ipywidgets' controls are of version 3.0.0; versions 1 and 2")
	p := open(t, "")
	p.Refuse(errors.New("no connection"))
	_, err = core.NewLabel(nil, p, core.Label{})
	require.ErrorContains(t, err, "core: new Label: ")
	require.ErrorContains(t, err, "no connection")
}

// TestAConstructorSaysWhatIsNotSo: while Python makes a box, its constructor sends that it has no children. The state is
// asked for instead.
func TestAConstructorSaysWhatIsNotSo(t *testing.T) {
	p := open(t, "1.5.0")
	label, err := core.NewLabel(nil, p, core.Label{})
	require.NoError(t, err)
	box, err := core.NewVBox(nil, p, core.VBox{Children: core.Children(label)})
	require.NoError(t, err)
	p.Flush()
	for range 2 {
		p.Deliver(`{"header": {"msg_id": "1", "msg_type": "comm_msg"}, "parent_header": {"msg_id": "2", "msg_type": "comm_open", "session": "` + commmgrtest.Session + `"},
			"metadata": {}, "content": {"comm_id": "` + box.ID() + `", "data": {"method": "update", "state": {"children": []}, "buffer_paths": []}}}`)
	}
	asked := func() (n int) {
		for _, m := range p.Sent() {
			if m.CommID == box.ID() && string(m.Data) == `{"method":"request_state"}` {
				n++
			}
		}
		return n
	}
	require.Eventually(t, func() bool { return asked() == 1 }, 10*time.Second, time.Millisecond)
	p.Flush()
	require.Equal(t, 1, asked())
	require.Len(t, box.Get().Children, 1)
}

func TestATraitByItsName(t *testing.T) {
	p := open(t, "")
	image, err := core.NewImage(nil, p, core.Image{Value: []byte{1, 2}, Format: "png"})
	require.NoError(t, err)
	format, err := core.TraitOf[string](nil, image, image.Ref(), "format")
	require.NoError(t, err)
	require.Equal(t, "png", format.Get())
	seen := make(chan string, 1)
	format.Observe(func(old, now string) { seen <- old + " " + now })
	require.NoError(t, image.Update(func(s *core.Image) { s.Format, s.Width = "jpg", "3" }))
	require.Equal(t, "png jpg", <-seen)
	require.NoError(t, format.Set("gif"))
	require.Eventually(t, func() bool { return image.Get().Format == "gif" }, 10*time.Second, time.Millisecond)
	var last commmgrtest.Message
	require.Eventually(t, func() bool { // it waits while the update before it is under way
		sent := p.Sent()
		last = sent[len(sent)-1]
		return strings.Contains(string(last.Data), "gif")
	}, 10*time.Second, time.Millisecond)
	require.Equal(t, map[string]any{"format": "gif"}, stateOf(t, last))

	_, err = core.TraitOf[string](nil, p, image.Ref(), "volume")
	require.ErrorContains(t, err, `the widget has no trait "volume"`)
	_, err = core.TraitOf[int](nil, p, image.Ref(), "format")
	require.ErrorIs(t, err, widget.ErrState)
	_, err = core.TraitOf[int](nil, p, "", "format")
	require.ErrorContains(t, err, `core: trait "format": `)
	format.Close()
	require.ErrorIs(t, format.Set("png"), widget.ErrEnded)
}
