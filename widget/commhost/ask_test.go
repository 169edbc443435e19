package commhost_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/widget"
)

// A bound is what widget.Bind gives.
type bound struct {
	m   *widget.Model[state]
	err error
}

// bind binds another model, which asks the kernel for the state.
func (r raw) bind(t *testing.T) <-chan bound {
	done := make(chan bound, 1)
	go func() {
		m, err := widget.Bind[state](t.Context(), r.h)
		done <- bound{m, err}
	}()
	return done
}

func receive[T any](t *testing.T, ch <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(10 * time.Second):
		t.Fatalf("waited 10 s for %s in vain", what)
		panic("unreachable")
	}
}

// answer answers a request_state with the whole state.
func (r raw) answer(t *testing.T, request commmgrtest.Message, value int) {
	t.Helper()
	require.JSONEq(t, `{"method":"request_state"}`, string(request.Data))
	r.c.Reply(request, map[string]any{"method": "update", "state": map[string]any{"value": value, "text": "t"}})
}

// TestOnlyTheAnswerIsTheState sends other messages of the widget while the state is asked for.
func TestOnlyTheAnswerIsTheState(t *testing.T) {
	r, got := openRaw(t)
	b := r.bind(t)
	request := receive(t, got, "the request")
	other := commmgrtest.Message{MsgID: "of another client"}
	r.echo(other, map[string]any{"value": 5})                                                     // a slider is dragged elsewhere
	r.c.Reply(other, map[string]any{"method": "update", "state": map[string]any{"value": 6}})     // Python assigns
	r.c.Reply(other, map[string]any{"method": "update", "state": map[string]any{"text": "gone"}}) // before the answer
	r.answer(t, request, 7)
	got7 := receive(t, b, "the model")
	require.NoError(t, got7.err)
	defer got7.m.Close()
	require.Equal(t, state{Value: 7, Text: "t"}, got7.m.Get())
}

// TestEachAskerGetsAnAnswer: two models are bound at once, and the first one's answer is lost.
func TestEachAskerGetsAnAnswer(t *testing.T) {
	r, got := openRaw(t)
	a := r.bind(t)
	first := receive(t, got, "the first request")
	b := r.bind(t)
	second := receive(t, got, "the second request")
	r.answer(t, first, 1)
	boundA := receive(t, a, "the first model")
	require.NoError(t, boundA.err)
	defer boundA.m.Close()
	select {
	case <-b:
		t.Fatal("it has another's answer")
	default:
	}
	r.answer(t, second, 2)
	boundB := receive(t, b, "the second model")
	require.NoError(t, boundB.err)
	defer boundB.m.Close()
	require.Equal(t, 2, boundB.m.Get().Value)
	require.Eventually(t, func() bool { return boundA.m.Get().Value == 2 }, 10*time.Second, time.Millisecond)
}

// TestAnAnswerIsLost: the one to the request that follows a gap stands for it.
func TestAnAnswerIsLost(t *testing.T) {
	r, got := openRaw(t)
	b := r.bind(t)
	receive(t, got, "the request")
	r.k.Gap(commmgr.Gap{})
	r.answer(t, receive(t, got, "the request after the gap"), 3)
	bound := receive(t, b, "the model")
	require.NoError(t, bound.err)
	defer bound.m.Close()
	require.Equal(t, 3, bound.m.Get().Value)
}
