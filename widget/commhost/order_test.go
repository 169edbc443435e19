package commhost_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/widget"
	"gocomm/widget/commhost"
	"gocomm/widget/widgettest"
)

// TestAnotherModelSeesNoOlderValue has one model of a widget updated many times, and another one follow it.
func TestAnotherModelSeesNoOlderValue(t *testing.T) {
	for range 200 {
		w := widgettest.New(t, map[string]any{"value": 0, "text": "t"})
		a := widgettest.Bind[state](w)
		b := widgettest.Bind[struct{ Value int }](w)
		last := make(chan int, 1)
		seen := []int{0}
		b.Observe(func(_, now struct{ Value int }) {
			seen = append(seen, now.Value)
			if now.Value == 3 {
				last <- now.Value
			}
		})
		for i := 1; i <= 3; i++ {
			require.NoError(t, a.Update(func(s *state) { s.Value = i }))
		}
		receive(t, last, "the last value")
		w.Await("the kernel to have it", func() bool { return w.Get("value") == 3.0 })
		w.Kernel.Flush()
		b.Close()
		require.IsIncreasing(t, seen)
		require.Equal(t, 3, b.Get().Value)
	}
}

// TestTheKernelIsNewerThanAnotherModel: what waits to be told gives way to what the kernel has sent since.
func TestTheKernelIsNewerThanAnotherModel(t *testing.T) {
	r, got := openRaw(t)
	b := r.bind(t)
	r.answer(t, receive(t, got, "the request"), 1)
	bound := receive(t, b, "the model")
	require.NoError(t, bound.err)
	defer bound.m.Close()
	busy, goOn := make(chan bool), make(chan bool)
	go bound.m.Update(func(*state) { busy <- true; <-goOn }) // what it is told waits until then
	receive(t, busy, "the update")
	require.NoError(t, r.m.Update(func(s *state) { s.Value = 2 }))
	<-got
	delivered := make(chan bool)
	go func() {
		r.k.Driver.Deliver(message(t, r.c.ID, map[string]any{"method": "update", "state": map[string]any{"value": 3}}))
		close(delivered)
	}()
	<-delivered
	require.Eventually(t, func() bool { return r.m.Get().Value == 3 }, 10*time.Second, time.Millisecond)
	goOn <- true
	require.Eventually(t, func() bool { return bound.m.Get().Value == 3 }, 10*time.Second, time.Millisecond)
	require.Never(t, func() bool { return bound.m.Get().Value != 3 }, 50*time.Millisecond, time.Millisecond)
}

// TestAGapForgetsEchoes: the echo of an update is lost; what other clients change is followed nevertheless.
func TestAGapForgetsEchoes(t *testing.T) {
	r, got := openRaw(t)
	require.NoError(t, r.m.Update(func(s *state) { s.Value = 2 }))
	<-got // and its echo is lost
	r.k.Gap(commmgr.Gap{})
	r.answer(t, receive(t, got, "the request"), 2)
	r.echo(commmgrtest.Message{MsgID: "of another client"}, map[string]any{"value": 60})
	require.Eventually(t, func() bool { return r.m.Get().Value == 60 }, 5*time.Second, time.Millisecond)
}

// TestModelsBoundWhileTheWidgetIsOpened: the first one's update is newer than what the kernel has sent.
func TestModelsBoundWhileTheWidgetIsOpened(t *testing.T) {
	k := commmgrtest.New(t, nil)
	second := make(chan *widget.Model[state], 1)
	_, err := commhost.Register(k.Manager, commhost.Options{Open: func(h *commhost.Host) error {
		a, err := widget.Bind[state](nil, h)
		if err != nil {
			return err
		}
		if err := a.Update(func(s *state) { s.Value, s.Bytes = 2, []byte("b") }); err != nil {
			return err
		}
		b, err := widget.Bind[state](nil, h)
		second <- b
		return err
	}})
	require.NoError(t, err)
	k.Open(commhost.Target, map[string]any{"state": map[string]any{"value": 1, "text": "t"}})
	b := receive(t, second, "the second model")
	defer b.Close()
	require.Eventually(t, func() bool { return b.Get().Value == 2 }, 10*time.Second, time.Millisecond)
	require.Equal(t, state{2, "t", []byte("b")}, b.Get())
}
