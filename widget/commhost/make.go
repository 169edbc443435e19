package commhost

import (
	"errors"
	"slices"
	"sync/atomic"

	"gocomm/commmgr"
	"gocomm/internal/codec"
	"gocomm/widget"
	"gocomm/widget/host"
)

// protocol is the version of Jupyter widgets that is spoken here, as an open message's metadata.
const protocol = `{"version":"2.1.0"}`

// A manager is the [host.Manager] of the widgets.
type manager struct{ w *Widgets }

// Manager has the functions of packages widget and core find and make widgets here.
func (w *Widgets) Manager() host.Manager { return manager{w} }

// Open is [host.Manager].Open.
func (m manager) Open(ctx host.Context, id string) (host.Host, error) { return m.w.find(ctx, id) }

// Find is [host.Manager].Find.
func (m manager) Find(_ host.Context, model, module string) (ids []string, _ error) {
	m.w.mu.Lock()
	defer m.w.mu.Unlock()
	for id, h := range m.w.hosts {
		if h.kind == (kind{model, module}) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// A kind is what tells widgets' models from each other.
type kind struct{ model, module string }

// kindOf reads what a state says of its kind, and of the version of its module.
func kindOf(v host.Values) (k kind, version string) {
	_ = codec.Members(v.Traits, func(key string, value []byte) error { // a state that is not read has none
		switch key {
		case "_model_name":
			k.model, _ = codec.Text(value)
		case "_model_module":
			k.module, _ = codec.Text(value)
		case "_model_module_version":
			version, _ = codec.Text(value)
		}
		return nil
	})
	return k, version
}

// learn takes what a state says of the widget's kind, and the version of the kernel's ipywidgets.
func (w *Widgets) learn(h *Host, v host.Values) {
	k, version := kindOf(v)
	w.mu.Lock()
	defer w.mu.Unlock()
	if k.model != "" {
		h.kind = k
	}
	if k.module == "@jupyter-widgets/base" && h.made == nil {
		w.base = version
	}
}

// Controls is [host.Manager].Controls: what [Options].Controls says, or what the kernel's widgets do, which have to agree.
func (m manager) Controls(host.Context) (string, error) {
	m.w.mu.Lock()
	base := m.w.base
	m.w.mu.Unlock()
	known, said := base, m.w.o.Controls
	if len(base) > 1 && base[1] == '.' {
		switch base[0] {
		case '1':
			known = "1.5.0"
		case '2':
			known = "2.0.0"
		}
	}
	switch {
	case known == "" && said == "":
		return "2.0.0", nil
	case known == "":
		return said, nil
	case said != "" && said[0] != known[0]:
		return "", errors.New("the kernel's ipywidgets has controls of version " + known + ", but Options.Controls is " + said + ": leave it empty, or install the other ipywidgets for the kernel")
	}
	return known, nil
}

// A making is what is known of a widget that this side has made.
type making struct {
	target string // of the open message
	c      atomic.Pointer[commmgr.Comm]
	idle   atomic.Bool // the kernel has handled the open message
	taken  atomic.Bool // the comm was open then
	asked  atomic.Bool // the kernel was asked for the state
}

// answersOpen tells whether an update is one that the kernel has sent while it made the widget, and asks for the state
// instead: Python's constructors send what they set before they know of the state (a box, that it has no children), and
// only ipywidgets 8 then sends the state itself.
func (h *Host) answersOpen(msg *commmgr.Message) (bool, error) {
	if h.made == nil {
		return false, nil
	}
	parent, err := field(msg, commmgr.ParentHeader, "msg_type")
	if err != nil || parent != commmgr.CommOpen {
		return false, err
	}
	if h.made.asked.Swap(true) {
		return true, nil
	}
	return true, h.requestState(nil)
}

// look sees whether the kernel has made its side. It is called when something of this is new.
func (made *making) look() {
	if c := made.c.Load(); c != nil && made.idle.Load() && c.Err() == nil {
		made.taken.Store(true)
	}
}

// refused tells whether the kernel's end of a comm is its answer to the open message. made may be nil.
func (made *making) refused(reason error) bool {
	return made != nil && !made.taken.Load() && errors.Is(reason, commmgr.ErrClosedByKernel)
}

// closed tells the models of a widget that the kernel has refused, and why: see ended.
func (h *Host) closed(msg *commmgr.Message) error {
	if !h.made.refused(h.c.Err()) {
		return nil
	}
	refused := &widget.RefusedError{Target: h.made.target}
	if msg != nil {
		refused.Reason, _ = field(msg, commmgr.Data, "reason") // other data says nothing
	}
	return h.each(func(l *link) error { l.to.End(refused); return nil })
}

// New is [host.Manager].New. It does not wait.
func (m manager) New(_ host.Context, target string, state host.Values, bind func(host.Host) error) (string, error) {
	buffers, err := codec.CopyBuffers(state.Buffers)
	if err != nil {
		return "", err
	}
	paths := state.Paths
	if len(paths) == 0 {
		paths = []byte("[]")
	}
	state.Traits = slices.Clone(state.Traits)
	state.Buffers = host.Bytes(buffers)
	made := &making{target: target}
	c, err := m.w.m.Open(target, &commmgr.Payload{
		Data:     slices.Concat([]byte(`{"state":`), state.Traits, []byte(`,"buffer_paths":`), paths, []byte(`}`)),
		Metadata: []byte(protocol),
		Buffers:  buffers,
		Callbacks: &commmgr.Callbacks{Inline: true, Status: func(msg *commmgr.Message) {
			if text, err := field(msg, commmgr.Content, "execution_state"); err == nil && text == "idle" {
				made.idle.Store(true)
				made.look()
			}
		}},
	})
	if err != nil {
		return "", err
	}
	made.c.Store(c)
	made.look()
	h := m.w.add(c, made)
	c.OnClose(h.closed)
	m.w.learn(h, state)
	if bind != nil {
		h.describe(&state, true)
		err := contain(func() error { return bind(h) })
		h.describe(nil, false)
		if err != nil {
			return "", errors.Join(err, c.Close(nil))
		}
	}
	c.OnMsg(h.message) // not before: what comes meanwhile waits
	return c.ID(), nil
}
