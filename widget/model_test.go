package widget_test

import (
	"errors"
	"math"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gocomm/widget"
	"gocomm/widget/widgettest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type state struct {
	Value int
	Text  string
	Float float64
	List  []int
}

func traits() map[string]any {
	return map[string]any{"value": 1, "text": "t", "float": 0.5, "list": []int{1}}
}

const patience = 10 * time.Second

// receive takes the next value of ch, or fails the test, naming what it waited for.
func receive[T any](t *testing.T, ch <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(patience):
		t.Fatalf("waited %v for %s in vain", patience, what)
		panic("unreachable")
	}
}

func TestWhatComesMeanwhileIsToldAtOnce(t *testing.T) {
	w := widgettest.New(t, traits())
	m := widgettest.Bind[state](w)
	began, goOn := make(chan bool), make(chan bool)
	var changes [][2]int
	done := make(chan bool, 100)
	m.Observe(func(old, now state) {
		changes = append(changes, [2]int{old.Value, now.Value})
		if len(changes) == 1 {
			began <- true
			<-goOn
		}
		done <- true
	}, "value")
	require.NoError(t, m.Update(func(s *state) { s.Value = 2 }))
	receive(t, began, "the handler")
	for i := 3; i <= 50; i++ {
		require.NoError(t, m.Update(func(s *state) { s.Value++ }), "an update does not wait for a handler")
	}
	require.Equal(t, 50, m.Get().Value)
	goOn <- true
	receive(t, done, "the first call")
	receive(t, done, "the second call")
	w.Await("the kernel to have the last", func() bool { return w.Get("value") == 50.0 })
	require.Equal(t, [][2]int{{1, 2}, {2, 50}}, changes)
}

func TestAnUpdateThatFailsChangesNothing(t *testing.T) {
	w := widgettest.New(t, traits())
	m := widgettest.Bind[state](w)
	m.Observe(func(old, now state) { t.Error("nothing has changed") })
	odd := widgettest.Bind[struct{ Value, Text any }](w)
	err := odd.Update(func(s *struct{ Value, Text any }) { s.Value, s.Text = 2, make(chan int) })
	require.ErrorIs(t, err, widget.ErrState)
	require.EqualError(t, err, "widget: update: the state does not fit: cannot send chan int as field \"state.text\" of type interface {}: the type cannot be read and written: chan int is none of JSON's")
	require.Equal(t, "t", odd.Get().Text)
	odd.Close()
	refused := errors.New("the connection is gone")
	w.Kernel.Refuse(refused)
	err = m.Update(func(s *state) { s.Value = 2 })
	require.ErrorIs(t, err, refused)
	require.ErrorIs(t, m.Send("x"), refused)
	w.Kernel.Refuse(nil)
	require.Panics(t, func() { _ = m.Update(func(s *state) { s.Value = 2; panic("on purpose") }) })
	require.Equal(t, state{1, "t", 0.5, []int{1}}, m.Get())
	for _, m := range w.Kernel.Sent() {
		require.JSONEq(t, `{"method":"request_state"}`, string(m.Data), "that is how it was bound")
	}
}

// A value that does not fit is reported, and the next that fits is taken. Meanwhile nothing that
// was made of an older value takes its place.
func TestTheNextValueThatFitsIsTaken(t *testing.T) {
	for trait, bad := range map[string]any{"value": "one", "text": nil, "float": "one", "list": []any{1, nil}} {
		w := widgettest.New(t, traits())
		m := widgettest.Bind[state](w)
		changes := make(chan state, 10)
		m.Observe(func(_, now state) { changes <- now })
		w.Set(map[string]any{trait: bad})
		w.Await("the report", func() bool { return len(w.Errors()) == 1 })
		err := w.Errors()[0]
		require.ErrorIs(t, err, widget.ErrState)
		require.ErrorContains(t, err, "state."+trait)
		require.Equal(t, state{1, "t", 0.5, []int{1}}, m.Get(), "what was there is kept")
		err = m.Update(func(s *state) { s.Value, s.Text, s.Float, s.List = s.Value+1, "u", 1, nil })
		require.ErrorIs(t, err, widget.ErrState)
		require.ErrorContains(t, err, "state."+trait)
		good := map[string]any{"value": 5, "text": "five", "float": 5.5, "list": []int{5}}
		w.Set(map[string]any{trait: good[trait]})
		got := receive(t, changes, "the next value")
		require.Contains(t, []any{got.Value, got.Text, got.Float, got.List}, good[trait])
		require.NoError(t, m.Update(func(s *state) { s.Value, s.Text, s.Float, s.List = 6, "six", 6.5, []int{6} }))
		require.Len(t, w.Errors(), 1)
	}
}

// NaN and infinities come and go: the kernel's texts for them are jupyter_client's.
func TestNonFinite(t *testing.T) {
	first := traits()
	first["float"] = nil // with orjson
	w := widgettest.New(t, first)
	m := widgettest.Bind[state](w)
	require.True(t, math.IsNaN(m.Get().Float))
	for text, f := range map[string]float64{"inf": math.Inf(1), "-inf": math.Inf(-1)} {
		w.Set(map[string]any{"float": text})
		w.Await(text, func() bool { return m.Get().Float == f })
		require.NoError(t, m.Update(func(s *state) { s.Float = math.NaN() }))
		w.Await("NaN", func() bool { return w.Get("float") == "nan" })
		require.NoError(t, m.Update(func(s *state) { s.Float = f }))
		w.Await(text, func() bool { return w.Get("float") == text })
	}
	require.Empty(t, w.Errors())
}

// Integers beyond 2^53 are exact where no page rounds them.
func TestLargeIntegers(t *testing.T) {
	w := widgettest.New(t, traits())
	m := widgettest.Bind[state](w)
	w.Set(map[string]any{"value": int64(1<<60 + 1), "list": []int64{1<<53 + 1}})
	w.Await("the value", func() bool { return m.Get().Value == 1<<60+1 && m.Get().List[0] == 1<<53+1 })
	require.NoError(t, m.Update(func(s *state) { s.Value++ }))
	sent := w.Kernel.Sent()
	require.Contains(t, string(sent[len(sent)-1].Data), `"value":1152921504606846978`)
}

func TestAfterTheEnd(t *testing.T) {
	w := widgettest.New(t, traits())
	m := widgettest.Bind[state](w)
	m.Observe(func(old, now state) { t.Error("it has ended") })
	w.Close()
	receive(t, m.Done(), "the end")
	require.ErrorContains(t, m.Err(), "closed by the kernel")
	for _, err := range []error{m.Update(func(s *state) { s.Value = 2 }), m.Send(1)} {
		require.ErrorIs(t, err, widget.ErrEnded)
		require.ErrorContains(t, err, "the model has ended: ")
	}
	_, err := widget.Resolve[state](t.Context(), m, widget.RefTo("x"))
	require.ErrorIs(t, err, widget.ErrEnded)
	m.Close()
}

func TestStatesThatDoNotFit(t *testing.T) {
	w := widgettest.New(t, map[string]any{"value": "one", "text": "t", "float": 1, "list": nil})
	_, err := widget.Bind[state](t.Context(), w.Host)
	require.ErrorIs(t, err, widget.ErrState)
	require.EqualError(t, err, "widget: bind: the state does not fit: cannot unmarshal string into field \"state.value\" of type int")
	_, err = widget.Bind[struct{ Frame []float32 }](t.Context(), w.Host)
	require.EqualError(t, err, `widget: bind: the state does not fit: state.Frame has no trait: the widget needs "frame", with sync=True`)
	_, err = widget.Bind[struct{ F func() }](t.Context(), w.Host)
	require.EqualError(t, err, `widget: bind: the state does not fit: the type cannot be read and written: field "f" of type func() is none of JSON's`)
	_, err = widget.Bind[int](t.Context(), w.Host)
	require.EqualError(t, err, `widget: bind: the state does not fit: int is no struct`)
	m, err := widget.Bind[struct {
		Text  string
		Other int `json:"other,omitempty"`
	}](t.Context(), w.Host)
	require.NoError(t, err)
	require.Equal(t, "t", m.Get().Text)
	m.Close()
}

func TestScopes(t *testing.T) {
	w := widgettest.New(t, traits())
	m := widgettest.Bind[state](w)
	var mu sync.Mutex
	var heard []string
	note := func(s string) {
		mu.Lock()
		defer mu.Unlock()
		heard = append(heard, s)
	}
	var failed error
	scope := &widget.Scope{Report: func(err error) { failed = err }}
	scoped := m.In(scope)
	scoped.Observe(func(_, now state) { note("change") })
	scoped.ObserveMsg(func(*widget.Msg) error { note("message"); return errors.New("on purpose") })
	removed := scoped.Observe(func(_, now state) { note("removed") })
	removed()
	removed()
	require.PanicsWithError(t, `widget: Observe: state has no trait "Valu"; it has value text float list`, func() {
		scoped.Observe(func(_, now state) {}, "value", "Valu")
	})
	after := make(chan bool, 10)
	m.ObserveMsg(func(*widget.Msg) error { after <- true; return nil })
	require.Equal(t, 2, scope.Len())
	w.Set(map[string]any{"value": 2})
	w.Send(nil)
	receive(t, after, "the message")
	require.EqualError(t, failed, "widget: ObserveMsg: a handler failed: on purpose")
	require.ErrorIs(t, failed, widget.ErrHandler)
	scope.End()
	scope.End()
	scoped.Observe(func(_, now state) { note("after the end") })
	w.Set(map[string]any{"value": 3})
	w.Send(nil)
	receive(t, after, "the message")
	require.Equal(t, []string{"change", "message"}, heard)
	require.Empty(t, w.Errors())
}

func TestHandlersOfOneMessage(t *testing.T) {
	w := widgettest.New(t, traits())
	m := widgettest.Bind[state](w)
	called := make(chan string, 10)
	var remove func()
	m.ObserveMsg(func(*widget.Msg) error {
		remove()
		called <- "first"
		runtime.Goexit()
		return nil
	})
	remove = m.ObserveMsg(func(*widget.Msg) error { called <- "removed by the first"; return nil })
	m.ObserveMsg(func(*widget.Msg) error { called <- "last"; return nil })
	w.Send(1)
	require.Equal(t, "first", receive(t, called, "the first handler"))
	require.Equal(t, "last", receive(t, called, "the one behind it"))
	w.Await("the Goexit to be reported", func() bool { return len(w.Errors()) > 0 })
	require.Len(t, w.Errors(), 1)
	require.ErrorContains(t, w.Errors()[0], "ObserveMsg: a handler failed: runtime.Goexit was called")
}

// TestHammer changes a model from all sides at once: in the end all agree.
func TestHammer(t *testing.T) {
	const n, goroutines = 200, 4
	w := widgettest.New(t, traits())
	m := widgettest.Bind[state](w)
	var told sync.Map
	for i := range 10 {
		m.Observe(func(old, now state) { told.Store(i, now) })
	}
	var all sync.WaitGroup
	for g := range goroutines {
		all.Go(func() {
			for range n {
				if err := m.Update(func(s *state) { s.Value++; s.Text = strconv.Itoa(g) }); err != nil {
					t.Error(err)
				}
				m.Observe(func(old, now state) {}, "text")()
				_ = m.Get()
			}
		})
	}
	all.Go(func() {
		for i := range n {
			w.Set(map[string]any{"float": float64(i), "list": []int{i}})
			w.Send(i)
		}
	})
	all.Wait()
	want := 1 + goroutines*n
	require.Equal(t, want, m.Get().Value, "no update is lost")
	w.Await("the kernel to agree", func() bool { return w.Get("value") == float64(want) })
	w.Await("the kernel's changes to be here", func() bool { return m.Get().Float == n-1 && m.Get().List[0] == n-1 })
	for i := range 10 {
		w.Await("handlers to be told the last", func() bool {
			last, _ := told.Load(i)
			s, _ := last.(state)
			return s.Value == want && s.Float == n-1
		})
	}
	require.Equal(t, m.Get().Text, w.Get("text"))
	require.Empty(t, w.Errors())
}
