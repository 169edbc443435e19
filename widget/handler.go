package widget

import (
	"errors"
	"reflect"
	"slices"
	"unsafe"

	"gocomm/internal/codec"
	"gocomm/internal/panics"
	"gocomm/widget/host"
)

// A handler is one that Observe, ObserveMsg or ObserveGap has set.
type handler struct {
	scope   *Scope
	fields  []bool // nil: all
	change  func(old, now unsafe.Pointer)
	msg     func(*Msg) error
	gap     func() error
	removed bool // guarded by core.mu
}

// wanted gives the fields of the given names, nil where none is given. It panics where the struct
// has no such field.
func (c *core) wanted(names []string) []bool {
	if len(names) == 0 {
		return nil
	}
	wanted := make([]bool, len(c.typ.Fields))
	for _, name := range names {
		i := slices.IndexFunc(c.typ.Fields, func(f codec.Field) bool { return f.Name == name || f.GoName == name })
		if i < 0 {
			all := ""
			for _, f := range c.typ.Fields {
				all += " " + f.Name
			}
			panic(&failure{"Observe", nil, errors.New(c.name + " has no trait " + codec.Quote(name) + "; it has" + all)})
		}
		wanted[i] = true
	}
	return wanted
}

// observe is [Model.Observe].
func (c *core) observe(scope *Scope, fields []string, change func(old, now unsafe.Pointer)) (remove func()) {
	return c.add(&c.onChange, &handler{scope: scope, fields: c.wanted(fields), change: change})
}

// add adds a handler to one of the lists.
func (c *core) add(list *[]*handler, h *handler) (remove func()) {
	c.mu.Lock()
	if !c.closed {
		*list = append(*list, h)
	}
	c.mu.Unlock()
	return h.scope.Add(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		h.removed = true
		if i := slices.Index(*list, h); i >= 0 {
			*list = slices.Delete(*list, i, i+1)
		}
	})
}

// later has the handlers told of changes, on a goroutine of their own: one that waits
// keeps neither who makes an update nor what the kernel sends.
func (c *core) later() {
	c.mu.Lock()
	start := c.dirty && !c.telling
	c.telling = c.telling || start
	c.mu.Unlock()
	if !start {
		return
	}
	go func() { // ends when the handlers have returned; their turn comes
		c.turn.Lock()
		defer c.turn.Unlock()
		c.tell()
	}()
}

// tell calls the handlers for what has changed since they were told last. c.turn is held.
func (c *core) tell() {
	c.mu.Lock()
	if c.dirty {
		c.mu.Unlock()
		c.lockWhole()
	}
	c.telling = false
	if !c.dirty {
		c.mu.Unlock()
		return
	}
	old, now := reflect.New(c.state.Type()).Elem(), reflect.New(c.state.Type()).Elem()
	old.Set(c.told)
	now.Set(c.state)
	c.told.Set(now)
	changed := slices.Clone(c.changed)
	clear(c.changed)
	c.dirty = false
	var hs []*handler
	for _, h := range c.onChange {
		if h.wants(changed) {
			hs = append(hs, h)
		}
	}
	c.mu.Unlock()
	c.call("Observe", hs, func(h *handler) error { h.change(address(old), address(now)); return nil })
}

func (h *handler) wants(changed []bool) bool {
	if h.fields == nil {
		return true
	}
	for i, c := range changed {
		if c && h.fields[i] {
			return true
		}
	}
	return false
}

// Deliver is [host.Sink].Deliver.
func (c *core) Deliver(content []byte, b host.Buffers) error {
	msg := &Msg{content, b}
	c.handle("ObserveMsg", &c.onMsg, func(h *handler) error { return h.msg(msg) })
	return nil
}

// Gap is [host.Sink].Gap.
func (c *core) Gap() { c.handle("ObserveGap", &c.onGap, func(h *handler) error { return h.gap() }) }

// handle calls the handlers of one of the lists when it is their turn, and returns when they have.
func (c *core) handle(op string, list *[]*handler, f func(*handler) error) {
	<-c.bound
	done := make(chan struct{})
	go func() { // a handler may call Goexit, and the caller's goroutine is the host's; ends when they have returned
		defer close(done)
		c.turn.Lock()
		defer c.turn.Unlock()
		c.tell() // of what has changed before
		c.mu.Lock()
		hs := slices.Clone(*list)
		c.mu.Unlock()
		c.call(op, hs, f)
	}()
	<-done
}

// call calls handlers one after the other and contains what becomes of them. One that
// calls Goexit takes the goroutine along, but not the others' turns.
func (c *core) call(op string, hs []*handler, f func(*handler) error) {
	for i, h := range hs {
		c.mu.Lock()
		removed := h.removed
		c.mu.Unlock()
		if removed {
			continue
		}
		func() {
			returned := false
			defer func() {
				if v := recover(); v != nil {
					c.report(h.scope, &failure{op, ErrHandler, &PanicError{v, panics.Stack()}})
				} else if !returned {
					c.report(h.scope, &failure{op, ErrHandler, errGoexit})
					c.call(op, hs[i+1:], f)
				}
			}()
			err := f(h)
			returned = true
			if err != nil {
				c.report(h.scope, &failure{op, ErrHandler, err})
			}
		}()
	}
}
