package commhost_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/widget"
	"gocomm/widget/commhost"
	"gocomm/widget/widgettest"
)

// A page is one that was loaded anew, with a kernel that has widgets.
type page struct {
	k       *commmgrtest.Kernel
	widgets *commhost.Widgets
	mu      sync.Mutex
	models  map[string]*widget.Model[state]
	names   []string
}

func newPage(t *testing.T) *page {
	p := &page{k: commmgrtest.New(t, nil), models: map[string]*widget.Model[state]{}}
	var err error
	p.widgets, err = commhost.Register(p.k.Manager, commhost.Options{Open: func(h *commhost.Host) error {
		m, err := widget.Bind[state](t.Context(), h)
		if err != nil {
			return err
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.models[h.ID()] = m
		p.names = append(p.names, h.Text("_model_name"))
		return nil
	}})
	require.NoError(t, err)
	return p
}

func TestRecovery(t *testing.T) {
	p := newPage(t)
	p.k.RegisterTarget(commhost.ControlTarget, func(c *commmgrtest.Comm, open commmgrtest.Message) {
		assert.JSONEq(t, `{"version":"1.0.0"}`, string(open.Metadata))
		c.OnMsg(func(m commmgrtest.Message) {
			assert.JSONEq(t, `{"method":"request_states"}`, string(m.Data))
			model := func(value int) map[string]any {
				return map[string]any{"model_name": "M", "model_module": "anywidget", "state": map[string]any{"value": value, "text": "t", "_model_name": "M"}}
			}
			c.Send(map[string]any{
				"method": "update_states", "states": map[string]any{"a": model(1), "b": model(2)},
				"buffer_paths": []any{[]any{"b", "state", "bytes"}, []any{"a", "state", "bytes"}},
			}, []byte("of b"), []byte("of a"))
		})
	})
	require.NoError(t, p.widgets.Recover(t.Context()))
	require.Equal(t, state{1, "t", []byte("of a")}, p.models["a"].Get())
	require.Equal(t, state{2, "t", []byte("of b")}, p.models["b"].Get())
	require.Equal(t, []string{"M", "M"}, p.names)
	require.NoError(t, p.widgets.Recover(t.Context()), "those that are here are left alone")
	require.Len(t, p.names, 2)
	p.k.Driver.Deliver(message(t, "a", map[string]any{"method": "update", "state": map[string]any{"value": 5}}))
	require.Eventually(t, func() bool { return p.models["a"].Get().Value == 5 }, 10*time.Second, time.Millisecond)
	require.Empty(t, p.k.Errors())
}

// TestRecoveryWithoutControl: the kernel has no control comm, and answers for each widget.
func TestRecoveryWithoutControl(t *testing.T) {
	before := widgettest.New(t, map[string]any{"value": 7, "text": "t", "_model_name": "M", "bytes": []byte("b")})
	// The same kernel, a new page: what it sends to the widget's comm reaches both.
	id := before.ID()
	c := before.Kernel.Manager.Comm(id)
	c.End(commmgr.ErrDetached)
	models := make(chan *widget.Model[state], 1)
	_, err := before.Kernel.Manager.RegisterTarget(commhost.Target, func(*commmgr.Comm, *commmgr.Message) error { return nil }, nil)
	require.NoError(t, err)
	widgets, err := commhost.Register(before.Kernel.Manager, commhost.Options{Open: func(h *commhost.Host) error {
		require.Equal(t, "M", h.Text("_model_name"))
		m, err := widget.Bind[state](t.Context(), h)
		models <- m
		return err
	}})
	require.NoError(t, err)
	require.NoError(t, widgets.Recover(t.Context(), id))
	m := <-models
	require.Equal(t, state{7, "t", []byte("b")}, m.Get())
	require.NoError(t, m.Update(func(s *state) { s.Value = 8 }))
	before.Await("the kernel to have it", func() bool { return before.Get("value") == 8.0 })
	m.Close()

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Error(t, widgets.Recover(ctx, "nobody"))
	require.Nil(t, widgets.Host("nobody"))
}

// A family is a box and its children.
type family struct {
	Children []widget.Ref `json:"children,omitempty"`
	Value    int          `json:"value,omitempty"`
}

// TestRecoveryOfForwardReferences recovers a box that is told before its children, one with itself among them.
func TestRecoveryOfForwardReferences(t *testing.T) {
	k := commmgrtest.New(t, nil)
	states := json.RawMessage(`{
		"box": {"state": {"children": ["IPY_MODEL_kid", "IPY_MODEL_sister"]}},
		"kid": {"state": {"value": 7}},
		"sister": {"state": {"value": 8, "children": ["IPY_MODEL_box"]}}}`)
	k.RegisterTarget(commhost.ControlTarget, func(c *commmgrtest.Comm, _ commmgrtest.Message) {
		c.OnMsg(func(commmgrtest.Message) { c.Send(map[string]any{"method": "update_states", "states": states}) })
	})
	values := map[string][]int{}
	var kid *widget.Model[family]
	widgets, err := commhost.Register(k.Manager, commhost.Options{Open: func(h *commhost.Host) error {
		m, err := widget.Bind[family](t.Context(), h)
		if err != nil {
			return err
		}
		for _, ref := range m.Get().Children {
			child, err := widget.Resolve[family](t.Context(), m, ref)
			if err != nil {
				return err
			}
			values[h.ID()] = append(values[h.ID()], child.Get().Value)
			if ref == "IPY_MODEL_kid" {
				kid = child
			}
		}
		return nil
	}})
	require.NoError(t, err)
	require.NoError(t, widgets.Recover(t.Context()))
	require.Equal(t, map[string][]int{"box": {7, 8}, "sister": {0}}, values)
	k.Driver.Deliver(message(t, "kid", map[string]any{"method": "update", "state": map[string]any{"value": 9}}))
	require.Eventually(t, func() bool { return kid.Get().Value == 9 }, 10*time.Second, time.Millisecond)
	require.Empty(t, k.Errors())
}

// TestRecoveryOneByOne recovers widgets that refer to each other from a kernel without the control comm.
func TestRecoveryOneByOne(t *testing.T) {
	w := widgettest.New(t, map[string]any{"children": []string{"IPY_MODEL_none"}})
	kid := w.Another(map[string]any{"value": 7})
	w.Set(map[string]any{"children": []string{"IPY_MODEL_" + kid.ID()}})
	w.Kernel.Reload()
	var values []int
	widgets, err := commhost.Register(w.Kernel.Manager, commhost.Options{Open: func(h *commhost.Host) error {
		m, err := widget.Bind[family](t.Context(), h)
		for _, ref := range m.Get().Children {
			child, err := widget.Resolve[family](t.Context(), m, ref)
			if err != nil {
				return err
			}
			values = append(values, child.Get().Value)
		}
		return err
	}})
	require.NoError(t, err)
	require.NoError(t, widgets.Recover(t.Context(), w.ID(), kid.ID()))
	require.Equal(t, []int{7}, values)
	require.Empty(t, w.Errors())
}

// TestOneOfTheRecoveredFails: a widget whose Open panics is given up, and its kernel told nothing.
func TestOneOfTheRecoveredFails(t *testing.T) {
	k := commmgrtest.New(t, nil)
	k.RegisterTarget(commhost.ControlTarget, func(c *commmgrtest.Comm, _ commmgrtest.Message) {
		c.OnMsg(func(commmgrtest.Message) {
			c.Send(map[string]any{"method": "update_states", "states": json.RawMessage(`{"a": {"state": {"value": 1}}, "b": {"state": {"value": 2}}}`)})
		})
	})
	models := map[string]*widget.Model[family]{}
	widgets, err := commhost.Register(k.Manager, commhost.Options{Open: func(h *commhost.Host) error {
		m, err := widget.Bind[family](t.Context(), h)
		if h.ID() == "a" {
			m.Observe(func(_, _ family) {}, "values") // a misspelt name
		}
		models[h.ID()] = m
		return err
	}})
	require.NoError(t, err)
	err = widgets.Recover(t.Context())
	var panicked *widget.PanicError
	require.ErrorAs(t, err, &panicked)
	require.ErrorContains(t, err, `family has no trait "values"; it has children value`)
	require.Nil(t, widgets.Host("a"))
	require.Equal(t, 2, models["b"].Get().Value)
	for _, sent := range k.Sent() {
		require.NotEqual(t, "a", sent.CommID, "the kernel's own lives on")
	}
}
