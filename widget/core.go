package widget

import (
	"errors"
	"reflect"
	"sync"
	"unsafe"

	"gocomm/internal/codec"
	"gocomm/widget/host"
)

// A core is a [Model] without its type, so that programs with many carry its code once.
type core struct {
	typ  *codec.Struct
	name string // of the struct, for errors
	id   string // of the widget, or ""
	link host.Link
	done chan struct{}

	bound   chan struct{} // closed when the first values have been read
	updates lock          // held while the state is changed, from either side
	turn    lock          // held while handlers run

	mu       sync.Mutex    // guards what follows; never held while a handler or the link is called
	state    reflect.Value // addressable, as is told
	told     reflect.Value // the state of the last call of Observe's handlers
	changed  []bool        // fields, since then
	dirty    bool          // one of them has changed
	misfits  []error       // of fields: why the kernel's value does not fit; written with updates held as well
	telling  bool          // a goroutine is about to call Observe's handlers
	onChange []*handler
	onMsg    []*handler
	onGap    []*handler
	shed     []bool // fields that Shed has let go of
	lacks    bool   // there are some
	err      error  // why the model has ended
	closed   bool   // by the program
}

// A lock is a mutex that is held while a program's functions run. They may wait: a goroutine that
// waits for a lock does so durably, as package testing/synctest has it.
type lock chan struct{}

func (l lock) Lock()   { l <- struct{}{} }
func (l lock) Unlock() { <-l }

var errClosed = errors.New("widget: closed by this program")

func bind(ctx Context, h host.Host, s reflect.Type) (*core, error) {
	c := &core{name: s.Name(), id: h.ID(), done: make(chan struct{}), bound: make(chan struct{}), updates: make(lock, 1), turn: make(lock, 1)}
	if c.name == "" {
		c.name = "state"
	}
	if s.Kind() != reflect.Struct {
		return nil, &failure{"bind", ErrState, errors.New(s.String() + " is no struct")}
	}
	typ, err := codec.StructOf(s)
	if err != nil {
		return nil, c.misfit("bind", err)
	}
	c.typ = typ
	c.state, c.told = reflect.New(s).Elem(), reflect.New(s).Elem()
	c.changed, c.shed = make([]bool, len(typ.Fields)), make([]bool, len(typ.Fields))
	c.misfits = make([]error, len(typ.Fields))
	names := make([]string, len(typ.Fields))
	for i := range typ.Fields {
		names[i] = typ.Fields[i].Name
	}
	defer close(c.bound) // what comes before waits
	link, values, err := h.Bind(orBackground(ctx), names, c)
	if err != nil {
		return nil, &failure{"bind", nil, err}
	}
	c.mu.Lock()
	c.link = link
	c.mu.Unlock()
	if err = c.live("bind"); err == nil {
		err = c.first(values)
	}
	if err != nil {
		link.Unbind()
		return nil, err
	}
	return c, nil
}

// first takes the values that the widget has at first.
func (c *core) first(values host.Values) error {
	missing, err := c.typ.Missing(state(values))
	if err != nil {
		return c.misfit("bind", err)
	}
	if missing != nil {
		return c.misfit("bind", errors.New(c.name+"."+missing.GoName+" has no trait: the widget needs "+codec.Quote(missing.Name)+", with sync=True"))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.typ.Read(state(values), address(c.state), c.misfits, func(int) {}); err != nil {
		return c.misfit("bind", err)
	}
	c.told.Set(c.state)
	return nil
}

func address(v reflect.Value) unsafe.Pointer { return v.Addr().UnsafePointer() }

func state(v host.Values) codec.State {
	return codec.State{Traits: v.Traits, Paths: v.Paths, Buffers: v.Buffers, Skip: v.Skip}
}

// Change is [host.Sink].Change.
func (c *core) Change(values func() (host.Values, error)) error {
	<-c.bound
	defer c.later() // also where the state does not fit
	c.updates.Lock()
	defer c.updates.Unlock()
	v, err := values()
	if err != nil {
		return &failure{"update", nil, err}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	if err := c.typ.Read(state(v), address(c.state), c.misfits, c.mark); err != nil {
		return c.misfit("update", err)
	}
	return nil
}

// Misfit is [host.Sink].Misfit.
func (c *core) Misfit() bool {
	misfit := false
	c.mu.Lock()
	for _, err := range c.misfits {
		misfit = misfit || err != nil
	}
	c.mu.Unlock()
	return misfit
}

// mark remembers that a field has changed. c.mu is held.
func (c *core) mark(field int) {
	c.changed[field] = true
	c.shed[field] = false
	c.dirty = true
}

// get gives a copy of the state.
func (c *core) get() unsafe.Pointer {
	got := reflect.New(c.state.Type()).Elem()
	c.lockWhole()
	got.Set(c.state)
	c.mu.Unlock()
	return address(got)
}

// update is [Model.Update].
func (c *core) update(f func(next unsafe.Pointer)) error {
	c.updates.Lock()
	defer c.updates.Unlock()
	if err := c.live("update"); err != nil {
		return err
	}
	before := c.get()
	next := reflect.New(c.state.Type()).Elem()
	next.Set(reflect.NewAt(c.state.Type(), before).Elem())
	f(address(next))
	return c.commit(before, address(next))
}

// commit sends what differs between two states, and makes it this model's.
func (c *core) commit(before, next unsafe.Pointer) error {
	var traits []host.Trait
	var fields []int
	for i := range c.typ.Fields {
		f := &c.typ.Fields[i]
		if f.Same(before, next) {
			continue
		}
		encoded, err := f.Encode(next)
		if misfit := c.misfits[i]; misfit != nil { // next was made of another value than the kernel has
			err = misfit
		}
		if err != nil {
			return c.misfit("update", err)
		}
		traits, fields = append(traits, host.Trait{Name: f.Name, JSON: encoded.JSON, Buffers: encoded.Buffers, Paths: encoded.Paths}), append(fields, i)
	}
	if len(traits) == 0 {
		return nil
	}
	if err := c.link.Set(traits); err != nil {
		return &failure{"update", nil, err}
	}
	c.mu.Lock()
	for _, i := range fields {
		f := &c.typ.Fields[i]
		if state := address(c.state); !f.Same(state, next) { // else an echo was faster
			f.Copy(state, next)
			c.mark(i)
		}
	}
	c.mu.Unlock()
	c.later()
	return nil
}

func (c *core) send(content any, buffers [][]byte) error {
	if err := c.live("send"); err != nil {
		return err
	}
	e, err := codec.EncodeAny(content, false)
	if err == nil {
		err = c.link.Send(e.JSON, buffers)
	}
	if err != nil {
		return &failure{"send", nil, err}
	}
	return nil
}

// closeWidget is [Model.CloseWidget].
func (c *core) closeWidget() error {
	if err := c.live("close"); err != nil {
		return err
	}
	if err := c.link.Close(); err != nil {
		return &failure{"close", nil, err}
	}
	return nil
}

// reason is [Model.Err].
func (c *core) reason() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// ref is [Model.Ref].
func (c *core) ref() Ref {
	if c.id == "" {
		return ""
	}
	return RefTo(c.id)
}

// live gives an error when the model has ended.
func (c *core) live(op string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return &failure{op, ErrEnded, c.err}
	}
	return nil
}

// End is [host.Sink].End. The handlers stay, for what the widget has sent before.
func (c *core) End(reason error) {
	c.mu.Lock()
	first := c.err == nil
	if first {
		c.err = reason
	}
	c.mu.Unlock()
	if first {
		close(c.done)
	}
}

// close is [Model.Close].
func (c *core) close() {
	c.End(errClosed)
	c.mu.Lock()
	first := !c.closed
	c.closed = true
	c.onChange, c.onMsg, c.onGap = nil, nil, nil
	c.mu.Unlock()
	if first {
		c.link.Unbind()
	}
}

// report takes a failure that has no caller to return to.
func (c *core) report(s *Scope, err error) {
	if s != nil && s.Report != nil {
		s.Report(err)
		return
	}
	c.link.Report(err)
}
