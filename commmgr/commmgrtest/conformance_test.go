package commmgrtest_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr/commmgrtest"
	"gocomm/internal/conformance"
	"gocomm/internal/conformance/front"
)

// TestConformance holds the kernel in memory to the cases that real ones pass in e2e.
func TestConformance(t *testing.T) {
	d := &driver{k: commmgrtest.New(t, nil), opened: map[string][]conformance.Comm{}}
	d.load(t)
	conformance.Run(t, d)
}

type driver struct {
	k *commmgrtest.Kernel
	f *front.Front

	mu     sync.Mutex
	said   []string
	opened map[string][]conformance.Comm
}

func (d *driver) load(t *testing.T) {
	f, err := front.New(d.k.Manager, func(line string) {
		d.mu.Lock()
		d.said = append(d.said, line)
		d.mu.Unlock()
	})
	require.NoError(t, err)
	d.f = f
}

func (d *driver) Open(_ *testing.T, target string, data any, buffers ...[]byte) conformance.Comm {
	if data == nil {
		data = struct{}{} // as Python's Comm has it
	}
	return comm{d, d.k.Open(target, data, buffers...)}
}

func (d *driver) Listen(_ *testing.T, target string) {
	d.k.RegisterTarget(target, func(c *commmgrtest.Comm, _ commmgrtest.Message) {
		c.OnMsg(func(msg commmgrtest.Message) { c.Send(msg.Data) })
		d.mu.Lock()
		d.opened[target] = append(d.opened[target], comm{d, c})
		d.mu.Unlock()
	})
}

func (d *driver) Opened(_ *testing.T, target string) []conformance.Comm {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]conformance.Comm(nil), d.opened[target]...)
}

// Said lets time pass, since what is to be said may wait for it.
func (d *driver) Said(*testing.T) []string {
	d.pass()
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.said...)
}

// pass lets two frames pass, in which nothing else comes due.
func (d *driver) pass() { d.k.Clock.Advance(time.Second / 30) }

func (d *driver) Restart(*testing.T) { d.k.Restart() }

func (d *driver) Reload(t *testing.T) {
	d.k.Reload()
	d.load(t)
}

func (d *driver) Drop(_ *testing.T, meanwhile func()) {
	d.k.Drop()
	meanwhile()
	d.k.Reconnect(0)
}

func (d *driver) Order(t *testing.T, order string) { require.NoError(t, d.f.Order(order)) }

type comm struct {
	d *driver
	c *commmgrtest.Comm
}

func (c comm) Send(_ *testing.T, data any, buffers ...[]byte) { c.c.Send(data, buffers...) }

func (c comm) Close(_ *testing.T, data any) {
	if data == nil {
		data = struct{}{}
	}
	c.c.Close(data)
}

func (c comm) CloseAgain(*testing.T) {
	c.d.k.Deliver(`{"header": {"msg_type": "comm_close"}, "content": {"comm_id": "` + c.c.ID + `", "data": {}}}`)
}

func (c comm) Received(*testing.T) (all []conformance.Message) {
	c.d.pass()
	for _, m := range c.c.Received() {
		all = append(all, conformance.Message{Type: m.MsgType, Data: m.Data, Buffers: m.Buffers})
	}
	return all
}
