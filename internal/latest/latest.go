// Package latest sends values of which only the newest counts: while the kernel is at work on
// one, the newest waits. The owner of a [Gate] keeps the value that waits.
package latest

import (
	"bytes"
	"sync"
	"time"

	"gocomm/commmgr"
	"gocomm/internal/layer"
)

// unheard is how long a gate waits for a message of which the kernel says nothing at all: some
// kernels send no status for the messages that they handle while a cell waits.
const unheard = 5 * time.Second

// A Gate lets one message at a time travel to the kernel. The next may leave when the kernel is
// idle after the last one, has said nothing about it for 5 s, or may have said so in a gap of
// the connection.
type Gate struct {
	c    *commmgr.Comm
	next func() error

	// mu is held for a few instructions, which do not allocate: status is called within the
	// manager's Deliver, and must not wait.
	mu     sync.Mutex
	turn   int // counts the messages
	flying bool
	waits  bool
	timer  *time.Timer // runs until the kernel says something about the message
}

// New makes a gate for a comm. When Enter has refused a value and the gate is free again, it
// calls next on a goroutine: that sends the newest value, if there still is one. The comm's
// manager reports its error.
func New(c *commmgr.Comm, next func() error) *Gate {
	g := &Gate{c: c, next: next}
	layer.Watch(c, nil, func() error { g.reset(); return nil })
	return g
}

// Enter takes the gate if it is free; then the caller calls Send. Otherwise the caller keeps its
// value for next. It calls Enter and keeps the value under a lock of its own, under which next
// takes the value.
func (g *Gate) Enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.flying {
		g.waits = true
		return false
	}
	g.flying = true
	g.turn++
	return true
}

// Send sends a comm_msg and gives its msg_id. When that fails the gate is free. It sets the
// payload's Callbacks.
func (g *Gate) Send(p *commmgr.Payload) (msgID string, err error) {
	g.mu.Lock()
	g.flying = true
	g.turn++ // what is said about the last message counts for nothing any more
	turn := g.turn
	g.mu.Unlock()
	p.Callbacks = &commmgr.Callbacks{Inline: true, Status: func(msg *commmgr.Message) { g.status(turn, msg) }}
	timer := time.AfterFunc(unheard, func() { g.leave(turn) })
	g.mu.Lock()
	g.timer = timer
	g.mu.Unlock()
	msgID, err = g.c.Send(p)
	if err != nil {
		timer.Stop()
		g.leave(turn)
	}
	return msgID, err
}

// reset frees the gate, whatever the kernel may still say about the last message.
func (g *Gate) reset() {
	g.mu.Lock()
	turn, timer := g.turn, g.timer
	g.mu.Unlock()
	if timer != nil {
		timer.Stop()
	}
	g.leave(turn)
}

// status takes the kernel's status of a message.
func (g *Gate) status(turn int, msg *commmgr.Message) {
	content, err := msg.JSON(commmgr.Content)
	if err != nil {
		return
	}
	g.mu.Lock()
	timer := g.timer
	current := g.turn == turn
	g.mu.Unlock()
	if current && timer != nil {
		timer.Stop()
	}
	if bytes.Contains(content, []byte(`"idle"`)) {
		g.leave(turn)
	}
}

// leave ends a turn, once, and begins the next where a value waits.
func (g *Gate) leave(turn int) {
	g.mu.Lock()
	last := g.turn == turn && g.flying
	more := last && g.waits
	if last {
		g.flying, g.waits = more, false
		g.turn++
	}
	turn = g.turn
	g.mu.Unlock()
	if more {
		layer.Go(g.c, "send", func() error {
			defer g.leave(turn) // where next has sent nothing
			return g.next()
		})
	}
}
