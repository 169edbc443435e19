package reliable

import (
	"slices"

	"gocomm/commmgr"
	"gocomm/internal/layer/enclose"
)

// What may be held of messages that are out of order. More is dropped, and asked for again.
const (
	mostHeld      = 1024
	mostHeldBytes = 4 << 20
)

// An inbound is what this side reads. It is guarded by peer.mu.
type inbound struct {
	reads     bool   // this side is the stream's reader: it acknowledges
	theirs    string // the id of the other's stream, once known
	next      int64  // the number of the next message
	held      map[int64]*commmgr.Message
	bytesHeld int
	draining  bool // somebody hands held messages over
	resuming  bool // the answer to a resume has not come yet

	known int64 // that the other side has sent so many
	acked int64 // the last A that was sent
	ackOn bool

	askOn   bool
	askWait commmgr.Duration
	askedAt int64 // what next was when it was asked
}

// arrived judges a message with a note. It tells whether the message is taken.
func (p *peer) arrived(n *note, msg *commmgr.Message, j *jobs) (taken bool) {
	if !p.reads {
		return p.overheard(n)
	}
	if n.Reliable != 0 && n.K == "" && n.S == 0 { // an offer, in a message that is none
		return false
	}
	first := !p.aware
	p.aware = true
	p.heard = p.heard || n.K != ""
	if first {
		p.plain = false
		if len(p.kept) > 0 {
			p.armTail(j)
		}
	}
	if n.K != kindResume {
		p.ack(n.A, j)
	}
	switch n.K {
	case "":
		return p.numbered(n.S, msg, j)
	case kindHello:
		p.greeted(n, j)
		j.notes = append(j.notes, p.ackNote())
	case kindTail:
		p.greeted(n, j)
		p.known = max(p.known, n.N)
		if p.next <= p.known {
			p.ask(j)
		} else {
			j.notes = append(j.notes, p.ackNote())
		}
	case kindResend:
		p.resend(n.F, n.T, j)
	case kindResume:
		p.resumed(n, j)
	case kindLost, kindSkip:
		p.missing(n.F, n.T, n.K == kindLost, j)
	}
	return true
}

// overheard is arrived for a page that only looks on.
func (p *peer) overheard(n *note) (taken bool) {
	if n.K != "" {
		return true
	}
	if n.S > 0 && n.S < p.next {
		return true // it was sent again for another
	}
	if n.S > 0 {
		p.next = n.S + 1
	}
	return false
}

// greeted learns which stream the other side sends.
func (p *peer) greeted(n *note, j *jobs) {
	if n.Stream == "" {
		return
	}
	if p.theirs != n.Stream { // this side has read nothing of it
		if p.theirs != "" || p.resuming {
			p.next = max(n.B, 1)
			for s, msg := range p.held {
				delete(p.held, s)
				j.dropped = append(j.dropped, msg)
			}
			p.bytesHeld, p.known, p.acked = 0, 0, 0
		}
		p.theirs = n.Stream
	}
	if p.resuming {
		p.resuming = false
		p.drainSoon(j)
	}
}

// drainSoon has what is in order handed over, and tells whether there is something.
func (p *peer) drainSoon(j *jobs) bool {
	if p.held[p.next] == nil || p.draining || p.resuming {
		return false
	}
	p.draining, j.drain = true, true
	return true
}

// numbered takes a message of the user's.
func (p *peer) numbered(s int64, msg *commmgr.Message, j *jobs) (taken bool) {
	switch {
	case s < p.next: // again
		p.acked = min(p.acked, p.next-2) // who sends again has not heard of it
		p.ackSoon(j)
		return true
	case s == p.next && p.held[s+1] == nil && !p.draining && !p.resuming:
		p.next++
		p.ackSoon(j)
		return false
	}
	if p.held[s] == nil && (s == p.next || len(p.held) < mostHeld && p.bytesHeld+msg.Size <= mostHeldBytes) {
		if p.held == nil {
			p.held = map[int64]*commmgr.Message{}
		}
		msg.Retain()
		p.held[s] = msg
		p.bytesHeld += msg.Size
	}
	p.known = max(p.known, s)
	if !p.drainSoon(j) && !p.draining {
		p.armAsk(askAfter, j)
	}
	return true
}

// drain hands over, in order, what is there.
func (p *peer) drain(j *jobs) {
	for {
		p.mu.Lock()
		msg := p.held[p.next]
		if msg == nil || p.ended {
			p.draining = false
			p.ackSoon(j)
			if p.next <= p.known && p.askedAt != p.next && !p.ended {
				p.ask(j)
			}
			p.mu.Unlock()
			return
		}
		delete(p.held, p.next)
		p.bytesHeld -= msg.Size
		p.next++
		p.mu.Unlock()
		enclose.Push(p.c, msg, p.judgeInner(msg))
	}
}

// missing gives messages up that will not come.
func (p *peer) missing(f, t int64, lost bool, j *jobs) {
	if p.next < f || p.next > t { // later ones are asked about again when it is their turn
		return
	}
	var here []int64
	for s := range p.held {
		if s <= t {
			here = append(here, s)
		}
	}
	slices.Sort(here)
	// Up to the first that is here; those after that are asked for again.
	to := t
	if len(here) > 0 {
		to = here[0] - 1
	}
	if lost && to >= p.next {
		j.lost = append(j.lost, LostError{p.next, to})
	}
	p.next = max(p.next, to+1)
	p.known = max(p.known, to)
	if !p.drainSoon(j) {
		p.ackSoon(j)
	}
	p.askedAt = 0
	if p.next <= p.known {
		p.armAsk(askAfter, j)
	}
}

func (p *peer) ackNote() note {
	p.acked = p.next - 1
	return note{K: kindAck, A: p.acked}
}

// ackSoon acknowledges when there is enough, or has been for long enough.
func (p *peer) ackSoon(j *jobs) {
	if p.next-1-p.acked >= ackEach {
		j.notes = append(j.notes, p.ackNote())
	} else if p.next-1 > p.acked && !p.ackOn && !p.ended {
		p.ackOn = true
		j.after(ackAfter, p.ackNow)
	}
}

func (p *peer) ackNow() {
	var j jobs
	p.mu.Lock()
	p.ackOn = false
	if p.next-1 > p.acked && !p.ended {
		j.notes = append(j.notes, p.ackNote())
	}
	p.mu.Unlock()
	p.do(&j)
}

// armAsk has it looked soon whether messages are missing.
func (p *peer) armAsk(after commmgr.Duration, j *jobs) {
	if p.askOn || p.ended {
		return
	}
	p.askOn, p.askWait, p.askedAt = true, askAgain, 0
	j.after(after, p.lookForMissing)
}

// ask asks for what is missing before the first message that is here.
func (p *peer) ask(j *jobs) {
	to := p.known
	for s := range p.held {
		to = min(to, s-1)
	}
	if to >= p.next {
		p.askedAt = p.next
		j.notes = append(j.notes, note{K: kindResend, F: p.next, T: to, A: p.next - 1})
	}
	p.armAsk(askAgain, j)
}

// lookForMissing asks for what is missing, again if nothing has come since.
func (p *peer) lookForMissing() {
	var j jobs
	p.mu.Lock()
	if !p.ended && (p.resuming || p.next <= p.known) {
		switch {
		case p.resuming:
			j.notes = append(j.notes, p.resume())
			p.askWait = min(p.askWait*5/4, longest)
		case p.askedAt != 0 && p.askedAt != p.next: // it is coming
			p.askedAt, p.askWait = p.next, askAgain
		default:
			if p.askedAt != 0 {
				p.askWait = min(p.askWait*5/4, longest)
			}
			p.ask(&j)
		}
		j.after(p.askWait, p.lookForMissing)
	} else {
		p.askOn = false
	}
	p.mu.Unlock()
	p.do(&j)
}

// resume says how far this side has read.
func (p *peer) resume() note {
	return note{K: kindResume, Stream: p.theirs, A: p.next - 1}
}
