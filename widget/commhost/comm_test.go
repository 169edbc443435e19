package commhost_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/internal/layer"
	"gocomm/widget"
	"gocomm/widget/commhost"
	"gocomm/widget/widgettest"
)

type state struct {
	Value int
	Text  string
	Bytes []byte `json:"bytes,omitempty"`
}

// A raw widget is spoken to in messages.
type raw struct {
	k *commmgrtest.Kernel
	c *commmgrtest.Comm
	h *commhost.Host
	m *widget.Model[state]
}

// openRaw opens a widget whose kernel does nothing by itself. Each message that it gets
// keeps the kernel busy until the test takes it from the channel.
func openRaw(t *testing.T) (raw, <-chan commmgrtest.Message) {
	k := commmgrtest.New(t, nil)
	models := make(chan *widget.Model[state], 1)
	widgets, err := commhost.Register(k.Manager, commhost.Options{Open: func(h *commhost.Host) error {
		m, err := widget.Bind[state](t.Context(), h)
		models <- m
		return err
	}})
	require.NoError(t, err)
	r := raw{k: k, c: k.Open(commhost.Target, map[string]any{"state": map[string]any{"value": 1, "text": "t"}, "buffer_paths": []any{}})}
	r.m = <-models
	r.h = widgets.Host(r.c.ID)
	<-layer.Handled(k.Manager.Comm(r.c.ID)) // it is opened: a model that is bound now asks for the state
	t.Cleanup(r.m.Close)
	got := make(chan commmgrtest.Message)
	r.c.OnMsg(func(m commmgrtest.Message) {
		select {
		case got <- m:
		case <-t.Context().Done():
		}
	})
	return r, got
}

func (r raw) echo(m commmgrtest.Message, state any) {
	r.c.Reply(m, map[string]any{"method": "echo_update", "state": state, "buffer_paths": []any{}})
}

func stateOf(t *testing.T, m commmgrtest.Message) (state map[string]any) {
	var data struct {
		Method string
		State  map[string]any
	}
	require.NoError(t, json.Unmarshal(m.Data, &data))
	require.Equal(t, "update", data.Method)
	return data.State
}

func TestOneUpdateIsUnderWayAndTheRestMerged(t *testing.T) {
	r, got := openRaw(t)
	memory := []byte{0}
	for i := 2; i <= 100; i++ {
		require.NoError(t, r.m.Update(func(s *state) { s.Value = i; s.Bytes = memory[:i%2] }))
	}
	memory = []byte{100}
	require.NoError(t, r.m.Update(func(s *state) { s.Bytes = memory }))
	memory[0] = 9 // what waits has its own
	require.NoError(t, r.m.Update(func(s *state) { s.Text = "x" }))
	require.Len(t, r.k.Sent(), 1, "the kernel is busy with the first")
	first := <-got
	require.Equal(t, 2.0, stateOf(t, first)["value"])
	require.Empty(t, first.Buffers[0])
	second := <-got
	require.Equal(t, map[string]any{"value": 100.0, "text": "x"}, stateOf(t, second))
	require.Equal(t, [][]byte{{100}}, second.Buffers)
	r.k.Flush()
	require.Len(t, r.k.Sent(), 2)
	require.NoError(t, r.m.Update(func(s *state) { s.Value = 7 }))
	require.Equal(t, map[string]any{"value": 7.0}, stateOf(t, <-got))
}

func TestAMergedSendThatFailsIsReported(t *testing.T) {
	k := commmgrtest.New(t, nil)
	reported := make(chan error, 10)
	models := make(chan *widget.Model[state], 1)
	_, err := commhost.Register(k.Manager, commhost.Options{
		OnError: func(err error) { reported <- err },
		Open: func(h *commhost.Host) error {
			m, err := widget.Bind[state](t.Context(), h)
			models <- m
			return err
		},
	})
	require.NoError(t, err)
	c := k.Open(commhost.Target, map[string]any{"state": map[string]any{"value": 1, "text": "t"}})
	refused := errors.New("refused")
	held := make(chan bool)
	c.OnMsg(func(commmgrtest.Message) { <-held })
	m := <-models
	defer m.Close()
	require.NoError(t, m.Update(func(s *state) { s.Value = 2 }))
	require.NoError(t, m.Update(func(s *state) { s.Value = 3 }))
	k.Refuse(refused)
	held <- true
	require.ErrorIs(t, <-reported, refused)
	k.Refuse(nil)
	require.NoError(t, m.Update(func(s *state) { s.Value = 4 }), "the next is sent")
	held <- true
}

func TestEchoes(t *testing.T) {
	r, got := openRaw(t)
	values := make(chan int, 100)
	r.m.Observe(func(_, now state) { values <- now.Value }, "value")
	require.NoError(t, r.m.Update(func(s *state) { s.Value = 2 }))
	require.Equal(t, 2, <-values)
	first := <-got
	foreign := commmgrtest.Message{MsgID: "of another client"}
	r.echo(foreign, map[string]any{"value": 50, "text": "theirs"}) // the kernel had this before ours
	require.Eventually(t, func() bool { return r.m.Get().Text == "theirs" }, 10*time.Second, time.Millisecond)
	require.Equal(t, 2, r.m.Get().Value, "ours is still to come")
	r.echo(first, map[string]any{"value": 2})
	r.echo(foreign, map[string]any{"value": 60}) // after ours
	require.Equal(t, 60, <-values)

	// What the kernel has made of ours counts.
	require.NoError(t, r.m.Update(func(s *state) { s.Value = 61 }))
	require.Equal(t, 61, <-values)
	r.echo(<-got, map[string]any{"value": 62})
	require.Equal(t, 62, <-values)

	// The echo of an older one does not, while a newer one waits.
	require.NoError(t, r.m.Update(func(s *state) { s.Value = 63 }))
	require.Equal(t, 63, <-values)
	require.NoError(t, r.m.Update(func(s *state) { s.Value = 64 }))
	require.Equal(t, 64, <-values)
	r.k.Driver.Deliver(reply(t, r.c.ID, r.k.Sent()[2].MsgID, map[string]any{"method": "echo_update", "state": map[string]any{"value": 63, "text": "seen"}}))
	require.Eventually(t, func() bool { return r.m.Get().Text == "seen" }, 10*time.Second, time.Millisecond)
	require.Equal(t, 64, r.m.Get().Value)
	<-got
	r.echo(<-got, map[string]any{"value": 64})

	// An update counts always.
	require.NoError(t, r.m.Update(func(s *state) { s.Value = 3 }))
	require.Equal(t, 3, <-values)
	<-got
	r.c.Send(map[string]any{"method": "update", "state": map[string]any{"value": 70}})
	require.Equal(t, 70, <-values)
}

// TestAMergedUpdateWinsHereToo: the kernel will have it.
func TestAMergedUpdateWinsHereToo(t *testing.T) {
	r, got := openRaw(t)
	require.NoError(t, r.m.Update(func(s *state) { s.Value = 2 }))
	require.NoError(t, r.m.Update(func(s *state) { s.Value = 3 }))
	r.k.Driver.Deliver(message(t, r.c.ID, map[string]any{"method": "update", "state": map[string]any{"value": 99}}))
	require.Eventually(t, func() bool { return r.m.Get().Value == 99 }, 10*time.Second, time.Millisecond)
	<-got
	require.Equal(t, map[string]any{"value": 3.0}, stateOf(t, <-got))
	require.Eventually(t, func() bool { return r.m.Get().Value == 3 }, 10*time.Second, time.Millisecond)
}

// TestTheAnswerIsOlderThanWhatWasSentSince: the kernel answers requests in their order.
func TestTheAnswerIsOlderThanWhatWasSentSince(t *testing.T) {
	r, got := openRaw(t)
	values := make(chan int, 100)
	r.m.Observe(func(_, now state) { values <- now.Value }, "value")
	r.k.Gap(commmgr.Gap{})
	request := <-got
	require.JSONEq(t, `{"method":"request_state"}`, string(request.Data))
	require.NoError(t, r.m.Update(func(s *state) { s.Value = 2 }))
	require.Equal(t, 2, <-values)
	r.c.Reply(request, map[string]any{"method": "update", "state": map[string]any{"value": 1, "text": "missed"}})
	<-got
	require.Eventually(t, func() bool { return r.m.Get().Text == "missed" }, 10*time.Second, time.Millisecond)
	require.Equal(t, 2, r.m.Get().Value)
	r.c.Send(map[string]any{"method": "update", "state": map[string]any{"value": 3}})
	require.Equal(t, 3, <-values, "any other update counts")
}

// TestAGapAsksForTheState loses an update of the kernel's in a gap.
func TestAGapAsksForTheState(t *testing.T) {
	w := widgettest.New(t, map[string]any{"value": 1, "text": "t"})
	m := widgettest.Bind[state](w)
	w.Kernel.Drop()
	w.Set(map[string]any{"value": 2})
	w.Kernel.Flush()
	require.Equal(t, 1, m.Get().Value)
	w.Kernel.Reconnect(1)
	w.Await("the state to be here", func() bool { return m.Get().Value == 2 })
	require.Empty(t, w.Errors())
}

func TestTwoModelsOfOneWidget(t *testing.T) {
	w := widgettest.New(t, map[string]any{"value": 1, "text": "t"})
	a := widgettest.Bind[state](w)
	b := widgettest.Bind[struct{ Value int }](w)
	heard := make(chan int, 1)
	remove := b.Observe(func(_, now struct{ Value int }) { heard <- now.Value })
	require.NoError(t, a.Update(func(s *state) { s.Value = 2 }))
	require.Equal(t, 2, receive(t, heard, "the other model's change"))
	remove()
	require.NoError(t, b.Update(func(s *struct{ Value int }) { s.Value = 4 }))
	w.Await("the others to follow", func() bool { return a.Get().Value == 4 && w.Get("value") == 4.0 })
	w.Set(map[string]any{"value": 5})
	w.Await("both to follow the kernel", func() bool { return a.Get().Value == 5 && b.Get().Value == 5 })
	b.Close()
	require.NoError(t, a.Update(func(s *state) { s.Value = 3 }))
	w.Await("the kernel to have it", func() bool { return w.Get("value") == 3.0 })
	require.Equal(t, 5, b.Get().Value, "it follows no longer")
	require.Empty(t, w.Errors())
}

func TestTheKernelsEnd(t *testing.T) {
	w := widgettest.New(t, map[string]any{"value": 1, "text": "t"})
	m := widgettest.Bind[state](w)
	w.Kernel.End()
	<-m.Done()
	require.ErrorIs(t, m.Err(), commmgr.ErrKernelGone)
	require.ErrorIs(t, m.Update(func(s *state) { s.Value = 2 }), commmgr.ErrKernelGone)
	require.Nil(t, w.Widgets.Host(w.ID()))
}

func TestWidgetsThatAreRefused(t *testing.T) {
	k := commmgrtest.New(t, nil)
	_, err := commhost.Register(k.Manager, commhost.Options{Open: func(h *commhost.Host) error {
		if h.Text("_model_name") == "OtherModel" {
			return nil
		}
		_, err := widget.Bind[state](t.Context(), h)
		return err
	}})
	require.NoError(t, err)
	misfit := k.Open(commhost.Target, map[string]any{"state": map[string]any{"value": "x", "text": "t", "_model_name": "M"}})
	closing := misfit.Await(1)[0]
	require.Equal(t, commmgr.CommClose, closing.MsgType)
	require.Contains(t, string(closing.Data), `cannot unmarshal string into field \"state.value\" of type int`)
	require.ErrorIs(t, k.AwaitErrors(1)[0], widget.ErrState)

	other := k.Open(commhost.Target, map[string]any{"state": map[string]any{"_model_name": "OtherModel"}})
	other.Send(map[string]any{"method": "nonsense"})
	require.ErrorIs(t, k.AwaitErrors(2)[1], widget.ErrMessage)
	require.ErrorContains(t, k.AwaitErrors(2)[1], `the method "nonsense" is not known`)

	k.Deliver(`{"header": {"msg_type": "comm_open"}, "parent_header": {}, "metadata": {"version": "1.0"},
		"content": {"comm_id": "old", "target_name": "jupyter.widget", "data": {"state": {}}}}`)
	require.ErrorContains(t, k.AwaitErrors(3)[2], "the widget is of protocol version 1.0; version 2 is known here")
}
