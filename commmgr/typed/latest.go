package typed

import (
	"bytes"
	"errors"
	"sync"

	"gocomm/commmgr"
	"gocomm/internal/latest"
	"gocomm/internal/layer"
)

// A row is what SendLatest keeps for a comm.
type row struct {
	once sync.Once
	gate *latest.Gate

	// Guarded by peer.mu.
	next     *commmgr.Payload
	replaced int
}

// SendLatest is [Send] for values of which only the newest counts, such as a slider's. Until
// the kernel is done with the last value, the newest waits, and replaces one that waits already
// ([Replaced] counts those). So a slow or busy kernel gets no more values than it can handle. A
// comm has one such row of values; Send does not wait for it.
//
// The next value is also sent when the kernel has said nothing about the last one for 5 s, and
// after a gap in the connection, which may have hidden that the kernel is done. Closing the comm
// first sends the value that waits.
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
	r := &p.row
	r.once.Do(func() { r.gate = latest.New(c, p.sendNext) })
	live := c.Err() == nil // else sending says what is wrong
	p.mu.Lock()
	if live && !r.gate.Enter() {
		if r.next != nil {
			r.replaced++
		}
		r.next = payload
		p.mu.Unlock()
		return nil
	}
	p.mu.Unlock()
	_, err = r.gate.Send(payload)
	return err
}

// Replaced tells how many values of SendLatest were never sent, since a newer one
// came before the kernel was done with the last.
func Replaced(c *commmgr.Comm) int {
	p := peerOf(c)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.row.replaced
}

// takeNext takes the value that waits, or nil.
func (p *peer) takeNext() *commmgr.Payload {
	p.mu.Lock()
	defer p.mu.Unlock()
	next := p.row.next
	p.row.next = nil
	return next
}

// sendNext sends the value that waits, unless Close was faster.
func (p *peer) sendNext() error {
	next := p.takeNext()
	if next == nil {
		return nil
	}
	_, err := p.row.gate.Send(next)
	if errors.Is(err, commmgr.ErrCommClosed) {
		return nil
	}
	return unwrapOp(err)
}

// flush sends at once what waits, since the comm is about to be closed.
func (p *peer) flush() {
	next := p.takeNext()
	if next == nil {
		return
	}
	if _, err := p.c.Send(next); err != nil {
		layer.Go(p.c, "send", func() error { return unwrapOp(err) })
	}
}
