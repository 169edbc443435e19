package widgettest

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"gocomm/commmgr/commmgrtest"
	"gocomm/internal/codec"
	"gocomm/widget"
	"gocomm/widget/commhost"
	"gocomm/widget/host"
)

// A Widget is a widget of a kernel in memory.
type Widget struct {
	Kernel  *commmgrtest.Kernel
	Widgets *commhost.Widgets // of the client under test
	Host    *commhost.Host    // the widget's

	tb   testing.TB
	comm *commmgrtest.Comm

	mu       sync.Mutex
	traits   map[string]any
	messages []Message
	silent   bool
	errs     []error
}

// A Message is a custom message of the model.
type Message struct {
	Content any // as encoding/json decodes it
	Buffers [][]byte
}

// New opens a widget with traits: values that can be JSON, and binary values as []byte. It ends with
// the test.
func New(tb testing.TB, traits map[string]any) *Widget {
	tb.Helper()
	w := &Widget{tb: tb, Kernel: commmgrtest.New(tb, nil)}
	var err error
	w.Widgets, err = commhost.Register(w.Kernel.Manager, commhost.Options{
		Open:    func(*commhost.Host) error { return nil }, // a model is bound by Bind
		OnError: func(err error) { w.note(func() { w.errs = append(w.errs, err) }) },
	})
	if err != nil {
		tb.Fatal(err)
	}
	return w.open(traits)
}

// NewOn opens a widget on a kernel whose client, another host than package commhost, has
// registered the target of widgets itself. Widgets and Host are nil, and Bind cannot be called.
func NewOn(tb testing.TB, k *commmgrtest.Kernel, traits map[string]any) *Widget {
	tb.Helper()
	return (&Widget{tb: tb, Kernel: k}).open(traits)
}

// Another opens another widget of the same kernel.
func (w *Widget) Another(traits map[string]any) *Widget {
	w.tb.Helper()
	return (&Widget{tb: w.tb, Kernel: w.Kernel, Widgets: w.Widgets}).open(traits)
}

func (w *Widget) open(traits map[string]any) *Widget {
	w.tb.Helper()
	w.traits = maps.Clone(traits)
	data, buffers := w.state(traits, "")
	w.comm = w.Kernel.Open(commhost.Target, data, buffers...)
	w.comm.OnMsg(w.receive)
	if w.Widgets != nil {
		w.Await("the widget to be opened", func() bool {
			w.Host = w.Widgets.Host(w.comm.ID)
			return w.Host != nil
		})
	}
	return w
}

// Bind makes a model of a widget, which ends with the test. It fails the test when the state does not
// fit S.
func Bind[S any](w *Widget) *widget.Model[S] {
	w.tb.Helper()
	m, err := widget.Bind[S](context.Background(), w.Host)
	if err != nil {
		w.tb.Fatal(err)
	}
	w.tb.Cleanup(m.Close)
	return m
}

// ID gives the widget's model id.
func (w *Widget) ID() string { return w.comm.ID }

// Set changes traits, as an assignment in Python does.
func (w *Widget) Set(traits map[string]any) {
	data, buffers := w.state(traits, "update")
	w.note(func() {
		maps.Copy(w.traits, traits)
		w.comm.Send(data, buffers...)
	})
}

// Send sends a custom message.
func (w *Widget) Send(content any, buffers ...[]byte) {
	w.comm.Send(map[string]any{"method": "custom", "content": content}, buffers...)
}

// Close closes the widget, as its close method does.
func (w *Widget) Close() { w.comm.Close(nil) }

// Get gives a trait as the kernel has it: the value that was set here, or a value of the model as
// encoding/json decodes it, or as []byte.
func (w *Widget) Get(trait string) any {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.traits[trait]
}

// Messages gives the custom messages that the model has sent.
func (w *Widget) Messages() []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.messages)
}

// Errors gives the errors that were reported: of handlers, and of messages that do not fit.
func (w *Widget) Errors() []error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append(w.Kernel.Errors(), w.errs...)
}

// Await waits until cond holds, and fails the test if it does not within 10 s. what names that for
// the failure's text.
func (w *Widget) Await(what string, cond func() bool) {
	w.tb.Helper()
	const patience = 10 * time.Second
	for deadline := time.Now().Add(patience); !cond(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			w.tb.Fatalf("widgettest: waited %v for %s in vain; reported: %v", patience, what, w.Errors())
		}
	}
}

// NoEcho makes the kernel send no echo_update, as JUPYTER_WIDGETS_ECHO=0 does.
func (w *Widget) NoEcho() { w.note(func() { w.silent = true }) }

// state gives the data of a message with traits.
func (w *Widget) state(traits map[string]any, method string) (any, [][]byte) {
	var state, paths []byte
	var buffers [][]byte
	for _, name := range slices.Sorted(maps.Keys(traits)) {
		e, err := codec.EncodeAny(traits[name], true)
		if err != nil {
			w.tb.Fatalf("widgettest: the trait %q %v", name, err)
		}
		state, paths = e.AppendTrait(name, state, paths)
		buffers = append(buffers, e.Buffers...)
	}
	data := map[string]any{"state": json.RawMessage("{" + string(state) + "}"), "buffer_paths": json.RawMessage("[" + string(paths) + "]")}
	if method != "" {
		data["method"] = method
	}
	return data, buffers
}

// receive does, on the kernel's goroutine, what ipywidgets does with a message.
func (w *Widget) receive(msg commmgrtest.Message) {
	var data struct {
		Method      string
		State       json.RawMessage
		BufferPaths json.RawMessage `json:"buffer_paths"`
		Content     any
	}
	if err := json.Unmarshal(msg.Data, &data); err != nil {
		w.tb.Errorf("widgettest: %s: %v", msg.Data, err)
		return
	}
	switch data.Method {
	case "update":
		traits, err := codec.Generic(codec.State{Traits: data.State, Paths: data.BufferPaths, Buffers: host.Bytes(msg.Buffers)})
		if err != nil {
			w.tb.Errorf("widgettest: %s: %v", msg.Data, err)
			return
		}
		w.note(func() {
			maps.Copy(w.traits, traits)
			if !w.silent {
				w.comm.Reply(msg, map[string]any{"method": "echo_update", "state": data.State, "buffer_paths": data.BufferPaths}, msg.Buffers...)
			}
		})
	case "request_state":
		w.note(func() {
			state, buffers := w.state(w.traits, "update")
			w.comm.Reply(msg, state, buffers...)
		})
	case "custom":
		w.note(func() { w.messages = append(w.messages, Message{data.Content, msg.Buffers}) })
	default:
		w.tb.Errorf("widgettest: the method %q is not known", data.Method)
	}
}

// note changes what the widget has, and sends what belongs to that: no other change comes between.
func (w *Widget) note(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}
