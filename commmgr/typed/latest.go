package typed

import (
	"bytes"
	"errors"
	"time"

	"gocomm/commmgr"
)

// unheard is how long a message of [SendLatest] is waited for of which the kernel
// says nothing at all: some kernels do not say that they are busy with a message, or
// done with it, while a cell waits.
const unheard = 5 * time.Second

// A latest is what SendLatest keeps for a comm. Guarded by peer.mu.
type latest struct {
	turn     int  // counts the messages sent
	inFlight bool // the kernel has not said yet that it is done with the last
	next     *commmgr.Payload
	replaced int
	timer    *time.Timer // runs until the kernel says something about it
}

// SendLatest is [Send] for values of which only the newest counts, such as a
// slider's: while the kernel is not done with the last one, the newest waits, and
// takes the place of one that waits already ([Replaced] counts those). So a kernel
// that is slow, or at work, is sent no more than it takes. A comm has one such
// row of values; what is sent by Send goes by it.
//
// Closing the comm sends first what waits.
func SendLatest[T any](c *commmgr.Comm, v T, buffers ...[]byte) error {
	p := peerOf(c)
	data, buffers, err := encodeData(v, buffers)
	if err != nil {
		return p.fail("send", err)
	}
	payload := &commmgr.Payload{Data: data, Buffers: make([][]byte, len(buffers))}
	for i, b := range buffers {
		payload.Buffers[i] = bytes.Clone(b)
	}
	live := c.Err() == nil // else sending says what is wrong
	p.mu.Lock()
	l := &p.latest
	if l.inFlight && live {
		if l.next != nil {
			l.replaced++
		}
		l.next = payload
		p.mu.Unlock()
		return nil
	}
	turn := l.begin()
	p.mu.Unlock()
	return p.launch(turn, payload)
}

// Replaced tells how many values of SendLatest were never sent, since a newer one
// came before the kernel was done with the last.
func Replaced(c *commmgr.Comm) int {
	p := peerOf(c)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.latest.replaced
}

// begin begins a turn. p.mu is held.
func (l *latest) begin() int {
	l.inFlight = true
	l.turn++
	return l.turn
}

// launch sends a value, and sees to it that the next one follows.
func (p *peer) launch(turn int, payload *commmgr.Payload) error {
	payload.Callbacks = &commmgr.Callbacks{Inline: true, Status: func(msg *commmgr.Message) { p.status(turn, msg) }}
	timer := time.AfterFunc(unheard, func() { p.landed(turn) })
	p.mu.Lock()
	p.latest.timer = timer
	p.mu.Unlock()
	if _, err := p.c.Send(payload); err != nil {
		timer.Stop()
		p.landed(turn)
		return err
	}
	return nil
}

// status is what the kernel says about a value. It never waits.
func (p *peer) status(turn int, msg *commmgr.Message) {
	content, err := msg.JSON(commmgr.Content)
	if err != nil {
		return
	}
	p.mu.Lock()
	if l := &p.latest; l.turn == turn && l.timer != nil {
		l.timer.Stop()
	}
	p.mu.Unlock()
	if bytes.Contains(content, []byte(`"idle"`)) {
		p.landed(turn)
	}
}

// landed ends a turn. What waits stays where Closing finds it, until it is sent.
func (p *peer) landed(turn int) {
	p.mu.Lock()
	l := &p.latest
	last := l.turn == turn && l.inFlight
	more := last && l.next != nil
	if last {
		l.inFlight = more
		l.turn++ // a second sign of the same end counts for nothing
	}
	p.mu.Unlock()
	if more {
		p.c.Go("send", p.launchNext)
	}
}

func (p *peer) launchNext() error {
	p.mu.Lock()
	next := p.latest.next
	p.latest.next = nil
	turn := p.latest.begin()
	p.mu.Unlock()
	if next == nil { // Close was faster
		p.landed(turn)
		return nil
	}
	if err := p.launch(turn, next); err != nil && !errors.Is(err, commmgr.ErrCommClosed) {
		return unwrapOp(err)
	}
	return nil
}

// flush sends at once what waits, since the comm is about to be closed.
func (p *peer) flush() {
	p.mu.Lock()
	next := p.latest.next
	p.latest.next = nil
	p.mu.Unlock()
	if next == nil {
		return
	}
	if _, err := p.c.Send(next); err != nil {
		p.c.Go("send", func() error { return unwrapOp(err) })
	}
}
