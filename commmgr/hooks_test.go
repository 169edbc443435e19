package commmgr_test

import (
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
)

// hooks is all that a manager calls, in one. The hook under test calls all
// methods of the manager and of comms, once.
type hooks struct {
	clock commmgrtest.Clock
	m     *managed
	under string
	begun atomic.Bool
	done  chan struct{} // closed when the hook under test has been through
	ids   atomic.Int64
}

func (h *hooks) hit(name string) {
	if name == h.under && h.begun.CompareAndSwap(false, true) {
		h.callAll()
		close(h.done)
	}
}

func (h *hooks) Send(*host.Outgoing) (string, error) { h.hit("Transport.Send"); return "", nil }
func (h *hooks) InputReply(string) error             { h.hit("Transport.InputReply"); return nil }
func (h *hooks) Wake()                               { h.hit("Scheduler.Wake") }
func (h *hooks) NextTurn(f func())                   { h.hit("Scheduler.NextTurn"); go f() }

// Now has each turn over soon.
func (h *hooks) Now() commmgr.Duration {
	h.hit("Clock.Now")
	h.clock.Advance(5_000_000)
	return h.clock.Now()
}

func (h *hooks) AfterFunc(d commmgr.Duration, f func()) func() {
	h.hit("Clock.AfterFunc")
	stop := h.clock.AfterFunc(d, f)
	return func() { h.hit("stop of Clock.AfterFunc"); stop() }
}

// hookBody is a body that calls hooks.
type hookBody struct{ h *hooks }

func (b hookBody) JSON(commmgr.Part) ([]byte, error) { b.h.hit("Body.JSON"); return []byte("{}"), nil }
func (b hookBody) NumBuffers() int                   { b.h.hit("Body.NumBuffers"); return 1 }
func (b hookBody) BufferLen(int) int                 { b.h.hit("Body.BufferLen"); return 0 }
func (b hookBody) CopyBuffer([]byte, int) int        { b.h.hit("Body.CopyBuffer"); return 0 }
func (b hookBody) Release()                          { b.h.hit("Body.Release") }

func (h *hooks) message(msgType, id, target string) *commmgr.Message {
	return &commmgr.Message{MsgType: msgType, CommID: id, TargetName: target, Own: true, Size: 1, Body: hookBody{h}}
}

func (h *hooks) options() host.Options {
	return host.Options{
		Transport: h, Clock: h, Scheduler: h,
		NewID:   func() string { h.hit("NewID"); return "front-" + string(rune('a'+h.ids.Add(1)%26)) },
		OnError: func(error) { h.hit("OnError") },
		Claim:   func(string) error { h.hit("Claim"); return nil },
		Unclaim: func(string) { h.hit("Unclaim") },
		Bound:   func(*commmgr.Comm) { h.hit("Bound") },
		Unbound: func(*commmgr.Comm) { h.hit("Unbound") },
		Taken:   func(string) bool { h.hit("Taken"); return false },
	}
}

// callAll calls all methods.
func (h *hooks) callAll() {
	m := h.m
	nop := func(*commmgr.Message) error { return nil }
	use := func(c *commmgr.Comm) {
		c.OnMsg(nop)
		c.OnClose(nop)
		c.OnGap(func(commmgr.Gap) error { return nil })
		c.Send(&commmgr.Payload{Callbacks: &commmgr.Callbacks{Status: func(*commmgr.Message) {}}})
		c.Queue()
		c.Err()
		c.Done()
		m.DeliverMsg(c, h.message(commmgr.CommMsg, c.ID(), ""))
		m.DeliverClose(c, h.message(commmgr.CommClose, c.ID(), ""))
		c.Close(nil)
	}
	if c, err := m.Open("k", nil); err == nil {
		use(c)
	}
	if c, err := m.RegisterComm("poked", "k", nil); err == nil {
		use(c)
	}
	if target, err := m.RegisterTarget("poke", func(*commmgr.Comm, *commmgr.Message) error { return nil }, nil); err == nil {
		target.Unregister()
	}
	m.Targets()
	m.Deliver(h.message(commmgr.CommOpen, "poked 2", "foreign"))
	m.Deliver(h.message(commmgr.CommOpen, "poked 3", "nobody"))
	m.Deliver(h.message(commmgr.CommMsg, "poked 3", ""))
	m.Deliver(h.message(commmgr.CommClose, "poked 3", ""))
	for _, c := range m.Comms() {
		m.Comm(c.ID())
		use(c)
	}
	m.Stats()
	m.DeliverGap(commmgr.Gap{})
	m.EndComms(errBoom)
	m.Detach()
}

// scenario has each hook called.
func (h *hooks) scenario() {
	m := h.m
	open := func(where string) commmgr.OpenFunc {
		return func(c *commmgr.Comm, open *commmgr.Message) error {
			c.OnMsg(func(msg *commmgr.Message) error {
				h.hit(where + " OnMsg")
				msg.JSON(commmgr.Data)
				msg.Buffers()
				return nil
			})
			c.OnClose(func(*commmgr.Message) error { h.hit(where + " OnClose"); return nil })
			c.OnGap(func(commmgr.Gap) error { h.hit(where + " OnGap"); return nil })
			h.hit(where + " open")
			return nil
		}
	}
	m.RegisterTarget("go", open("goroutine's"), nil)
	m.RegisterTarget("inline", open("inline"), &commmgr.TargetOptions{Inline: true})
	for _, target := range []string{"go", "inline"} {
		m.Deliver(h.message(commmgr.CommOpen, target, target))
		m.Deliver(h.message(commmgr.CommMsg, target, ""))
		m.DeliverGap(commmgr.Gap{})
		m.Deliver(h.message(commmgr.CommClose, target, ""))
	}
	m.Deliver(h.message(commmgr.CommOpen, "held", "late"))
	late, err := m.RegisterTarget("late", open("held"), nil)
	if err == nil {
		late.Unregister()
	}
	m.Deliver(h.message(commmgr.CommMsg, "nobody", ""))
	if c, err := m.Open("k", nil); err == nil {
		c.Close(nil)
	}
	m.EndComms(errBoom)
}

// No lock is held while anything outside the package is called.
func TestHooksMayCallEverything(t *testing.T) {
	for _, name := range []string{
		"Transport.Send", "Scheduler.Wake", "Scheduler.NextTurn",
		"Clock.Now", "Clock.AfterFunc", "stop of Clock.AfterFunc", "NewID", "OnError",
		"Claim", "Unclaim", "Bound", "Unbound", "Taken",
		"Body.JSON", "Body.NumBuffers", "Body.BufferLen", "Body.CopyBuffer", "Body.Release",
		"goroutine's open", "goroutine's OnMsg", "goroutine's OnClose",
		"inline open", "inline OnMsg", "inline OnClose", "held open", "goroutine's OnGap", "inline OnGap",
	} {
		t.Run(name, func(t *testing.T) {
			h := &hooks{under: name, done: make(chan struct{})}
			h.m = manage(h.options())
			through := make(chan struct{})
			go func() { // ends with the scenario
				defer close(through)
				h.scenario()
			}()
			receive(t, through, "the scenario to pass hook "+name+": a deadlock")
			receive(t, h.done, "hook "+name+" to be called, and to come back")
			h.m.Detach()
		})
	}
	t.Run("Transport.InputReply and callbacks", func(t *testing.T) {
		for _, under := range []string{"Transport.InputReply", "Callbacks.Input", "Callbacks.Status"} {
			h := &hooks{under: under, done: make(chan struct{})}
			sent := make(chan *host.Outgoing, 100)
			o := h.options()
			o.Transport = tee{h, sent}
			h.m = manage(o)
			c, err := h.m.RegisterComm("c", "t", nil)
			require.NoError(t, err)
			c.Send(&commmgr.Payload{Callbacks: &commmgr.Callbacks{
				Input:  func(*commmgr.Message) (string, error) { h.hit("Callbacks.Input"); return "", nil },
				Status: func(*commmgr.Message) { h.hit("Callbacks.Status") },
			}})
			out := receive(t, sent, "the message")
			out.Event(host.EventInput, h.message("input_request", "", ""))
			out.Event(host.EventStatus, h.message("status", "", ""))
			receive(t, h.done, under+" to come back: a deadlock")
		}
	})
}

type tee struct {
	host.Transport
	sent chan<- *host.Outgoing
}

func (t tee) Send(o *host.Outgoing) (string, error) {
	t.sent <- o
	return t.Transport.Send(o)
}
