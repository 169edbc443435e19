package reliable

import (
	"math/rand/v2"
	"strconv"
	"sync"

	"gocomm/commmgr"
	"gocomm/internal/layer"
	"gocomm/internal/layer/enclose"
)

// Times of the protocol, which docs/reliable.md gives.
const (
	plainAfter = 5 * commmgr.Second        // an offer that is not answered is one to a plain comm
	ackAfter   = 250 * commmgr.Millisecond // at the latest after a message
	ackEach    = 64                        // messages
	askAfter   = 20 * commmgr.Millisecond  // a message that is out of order may be about to come
	askAgain   = 250 * commmgr.Millisecond // when nothing has come of it; then a quarter later each time
	tailAfter  = 200 * commmgr.Millisecond // after the last message; likewise
	longest    = 2 * commmgr.Second        // of what grows each time
)

// A peer is one side of a reliable comm. It is the comm's Interceptor, and encloses another's.
type peer struct {
	c *commmgr.Comm
	o Options

	// mu is held for a few instructions, and never while something is called.
	mu    sync.Mutex
	inner layer.Interceptor // sees what is in order
	ours  string            // the id of what this side sends
	ended bool
	outbound
	inbound
}

// jobs is what is to be done when mu is free again.
type jobs struct {
	notes    []note
	payloads []*commmgr.Payload
	lost     []LostError
	drain    bool // hand over what is in order now
	dropped  []*commmgr.Message
	timers   []timer
}

// A timer is to be set.
type timer struct {
	d commmgr.Duration
	f func()
}

func (j *jobs) after(d commmgr.Duration, f func()) { j.timers = append(j.timers, timer{d, f}) }

func newPeer(c *commmgr.Comm, o *Options) *peer {
	p := &peer{c: c, ours: newStream()}
	if o != nil {
		p.o = *o
	}
	if p.o.Messages == 0 {
		p.o.Messages = DefaultMessages
	}
	if p.o.Bytes == 0 {
		p.o.Bytes = DefaultBytes
	}
	p.next, p.base = 1, 1
	return p
}

func newStream() string {
	s := strconv.FormatUint(rand.Uint64(), 16)
	return "0000000000000000"[len(s):] + s
}

// start puts the peer to work. It is called once, with the fields set that say which role it has.
func (p *peer) start() error {
	if !enclose.Set(p.c, p, p.send, p.enclose) {
		return &commmgr.OpError{Op: "reliable", CommID: p.c.ID(), TargetName: p.c.TargetName(), Err: errSet}
	}
	layer.Watch(p.c, func() error { p.end(); return nil }, func() error { p.gap(); return nil })
	if !p.reads {
		return nil
	}
	var j jobs
	p.mu.Lock()
	switch {
	case p.resuming:
		j.notes = append(j.notes, note{K: kindHello, Stream: p.ours, B: 1}, p.resume())
		p.armAsk(askAgain, &j)
		p.armTail(&j)
	case p.aware:
		j.notes = append(j.notes, p.hello())
		p.armTail(&j)
	default:
		j.after(plainAfter, p.giveUp)
	}
	p.mu.Unlock()
	p.do(&j)
	return nil
}

// enclose has an interceptor see what is in order: it is enclose.Set's inner.
func (p *peer) enclose(create func() any) any {
	p.mu.Lock()
	i := p.inner
	p.mu.Unlock()
	if i != nil {
		return i
	}
	made := create().(layer.Interceptor)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.inner == nil {
		p.inner = made
	}
	return p.inner
}

// Judge takes what is not in order, and what is the protocol's own.
func (p *peer) Judge(msg *commmgr.Message) layer.Verdict {
	n, ok := noteOf(msg)
	if !ok {
		return p.judgeInner(msg)
	}
	var j jobs
	p.mu.Lock()
	mine := p.arrived(&n, msg, &j)
	p.mu.Unlock()
	p.do(&j)
	if mine {
		return layer.Taken
	}
	return p.judgeInner(msg)
}

func (p *peer) judgeInner(msg *commmgr.Message) layer.Verdict {
	p.mu.Lock()
	i := p.inner
	p.mu.Unlock()
	if i == nil {
		return layer.Pass
	}
	return i.Judge(msg)
}

// Serve is for the inner interceptor, which has judged so.
func (p *peer) Serve(msg *commmgr.Message) error {
	p.mu.Lock()
	i := p.inner
	p.mu.Unlock()
	return i.Serve(msg)
}

// Closing is for the inner interceptor.
func (p *peer) Closing() {
	p.mu.Lock()
	i := p.inner
	p.mu.Unlock()
	if i != nil {
		i.Closing()
	}
}

// do does jobs.
func (p *peer) do(j *jobs) {
	if j.drain {
		p.drain(j)
	}
	for _, msg := range j.dropped {
		msg.Release()
	}
	for _, lost := range j.lost {
		layer.Go(p.c, "reliable", func() error {
			if p.o.OnLost == nil {
				return &lost
			}
			p.o.OnLost(p.c, &lost)
			return nil
		})
	}
	for _, payload := range j.payloads {
		_, _ = enclose.Transmit(p.c, payload) // what is refused now is asked for again
	}
	for i := range j.notes {
		_, _ = enclose.Transmit(p.c, j.notes[i].payload()) // likewise
	}
	for _, t := range j.timers {
		enclose.After(p.c, t.d, t.f)
	}
}

// gap is called when the connection is back after a loss.
func (p *peer) gap() {
	var j jobs
	p.mu.Lock()
	if p.reads && p.aware && !p.ended {
		if p.theirs != "" {
			j.notes = append(j.notes, p.resume())
		}
		if len(p.kept) > 0 {
			j.notes = append(j.notes, p.tail())
		}
	}
	p.mu.Unlock()
	p.do(&j)
}

// end is called when the comm has ended.
func (p *peer) end() {
	p.mu.Lock()
	p.ended = true
	held := p.held
	p.held, p.kept = nil, nil
	p.mu.Unlock()
	for _, msg := range held {
		msg.Release()
	}
}
