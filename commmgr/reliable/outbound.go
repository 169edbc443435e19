package reliable

import (
	"bytes"

	"gocomm/commmgr"
	"gocomm/internal/layer"
	"gocomm/internal/layer/enclose"
)

// How much is sent again at once: first, and for each acknowledgement. Jupyter's server lets
// 1000 messages and 1 MB a second through.
const (
	repairFirst = 256
	repairMore  = 128
	repairBytes = 256 << 10
)

// An outbound is what this side sends. It is guarded by peer.mu.
type outbound struct {
	aware bool // the other side knows the protocol
	heard bool // and has got what this side has said of itself
	plain bool // it has not answered in time

	last  int64  // the number of the last message
	base  int64  // that of the first one kept
	kept  []kept // from base to last
	bytes int    // of those

	repair, until int64 // what is to be sent again; nothing where repair is greater

	tailOn   bool
	tailWait commmgr.Duration
	tailLast int64 // what last and base were when it was looked last
	tailBase int64
}

// A kept message is one that may have to be sent again.
type kept struct {
	*commmgr.Payload     // nil where it could not be sent
	size             int // what it counts for
}

// send is Comm.Send.
func (p *peer) send(q *commmgr.Payload) (string, error) {
	if q == nil {
		q = &commmgr.Payload{}
	}
	size := len(q.Data) + len(q.Metadata)
	for _, b := range q.Buffers {
		size += len(b)
	}
	sent := *q
	var j jobs
	p.mu.Lock()
	if !p.reads {
		p.mu.Unlock()
		return enclose.Transmit(p.c, q)
	}
	if len(p.kept) > 0 && (len(p.kept) >= p.o.Messages || p.bytes+size > p.o.Bytes) {
		n := len(p.kept)
		p.mu.Unlock()
		return "", &commmgr.OpError{Op: "send", CommID: p.c.ID(), TargetName: p.c.TargetName(), Err: unacked(n),
			Hint: "wait until the kernel has acknowledged some, or raise Options.Messages and Bytes"}
	}
	p.last++
	s := p.last
	n := note{S: s, A: p.next - 1}
	p.acked = n.A
	var room [80]byte
	sent.Metadata = withNote(q.Metadata, n.text(room[:0]))
	if p.plain {
		p.base = s + 1
	} else {
		p.keep(&sent, size)
		if p.aware {
			p.armTail(&j)
		}
	}
	p.mu.Unlock()
	id, err := enclose.Transmit(p.c, &sent)
	p.do(&j)
	if err != nil {
		p.void(s)
	}
	return id, err
}

// keep keeps a copy of the last message.
func (p *peer) keep(sent *commmgr.Payload, size int) {
	copied := &commmgr.Payload{Data: bytes.Clone(sent.Data), Metadata: sent.Metadata}
	for _, b := range sent.Buffers {
		copied.Buffers = append(copied.Buffers, bytes.Clone(b))
	}
	p.kept = append(p.kept, kept{copied, size})
	p.bytes += size
}

// void takes a message back that was not sent after all.
func (p *peer) void(s int64) {
	var j jobs
	p.mu.Lock()
	switch i := s - p.base; {
	case p.ended || i < 0 || i >= int64(len(p.kept)):
		if s == p.last && len(p.kept) == 0 && !p.ended { // a plain comm's
			p.last--
			p.base = p.last + 1
		}
	case s == p.last:
		p.bytes -= p.kept[i].size
		p.kept = p.kept[:i]
		p.last--
	default:
		p.bytes -= p.kept[i].size
		p.kept[i] = kept{}
		if p.aware {
			j.notes = append(j.notes, note{K: kindSkip, F: s, T: s})
		}
	}
	p.mu.Unlock()
	p.do(&j)
}

// ack takes note of what the other side has.
func (p *peer) ack(a int64, j *jobs) {
	n := a - p.base + 1
	if n <= 0 || n > int64(len(p.kept)) {
		return
	}
	for i, q := range p.kept[:n] {
		p.bytes -= q.size
		p.kept[i] = kept{}
	}
	p.kept = p.kept[n:]
	if len(p.kept) == 0 {
		p.kept = nil // what it was grown to goes, too
	}
	p.base = a + 1
	p.tailWait = tailAfter
	if p.repair <= p.until {
		p.repair = max(p.repair, p.base)
		p.again(repairMore, j)
	}
}

// again sends up to n messages again.
func (p *peer) again(n int, j *jobs) {
	bytes := 0
	p.until = min(p.until, p.base+int64(len(p.kept))-1)
	for ; p.repair <= p.until && n > 0 && bytes < repairBytes; n-- {
		q := p.kept[p.repair-p.base]
		if q.Payload == nil {
			j.notes = append(j.notes, note{K: kindSkip, F: p.repair, T: p.repair})
		} else {
			j.payloads = append(j.payloads, q.Payload)
			bytes += q.size
		}
		p.repair++
	}
}

// resend begins to send F to T again, and tells what of it is not kept.
func (p *peer) resend(f, t int64, j *jobs) {
	if t <= 0 || t > p.last {
		t = p.last
	}
	f = max(f, 1)
	if f < p.base && f <= t {
		j.notes = append(j.notes, note{K: kindLost, F: f, T: min(t, p.base-1)})
	}
	p.repair, p.until = max(f, p.base), t
	p.again(repairFirst, j)
}

// resumed takes a reader that is back.
func (p *peer) resumed(n *note, j *jobs) {
	from := n.A + 1
	if n.Stream == p.ours {
		p.ack(n.A, j)
	} else {
		from = p.base
	}
	p.resend(from, 0, j)
	j.notes = append(j.notes, p.tail()) // so that the reader knows where the stream begins, and ends
}

// hello says that this side is reliable, what its stream is and where that begins.
func (p *peer) hello() note {
	return note{K: kindHello, Stream: p.ours, N: p.last, B: p.base, A: p.next - 1}
}

func (p *peer) tail() note {
	return note{K: kindTail, Stream: p.ours, N: p.last, B: p.base, A: p.next - 1}
}

// armTail has it looked soon whether the other side has all that was sent.
func (p *peer) armTail(j *jobs) {
	if p.tailOn || p.ended {
		return
	}
	p.tailOn, p.tailWait, p.tailLast, p.tailBase = true, tailAfter, p.last, p.base
	j.after(p.tailWait, p.lookAtTail)
}

// lookAtTail says what the last message was, while the other side says nothing about it.
func (p *peer) lookAtTail() {
	var j jobs
	p.mu.Lock()
	p.tailOn = false
	if !p.ended && !p.plain && (len(p.kept) > 0 || !p.heard) {
		if p.last == p.tailLast && p.base == p.tailBase { // nothing has happened since
			if p.heard {
				j.notes = append(j.notes, p.tail())
			} else {
				j.notes = append(j.notes, p.hello())
			}
			p.tailWait = min(p.tailWait*5/4, longest)
		}
		p.tailOn, p.tailLast, p.tailBase = true, p.last, p.base
		j.after(p.tailWait, p.lookAtTail)
	}
	p.mu.Unlock()
	p.do(&j)
}

// giveUp has the comm be plain, where the offer was not answered.
func (p *peer) giveUp() {
	p.mu.Lock()
	plain := !p.aware && !p.ended
	if plain {
		p.plain, p.kept, p.bytes, p.base = true, nil, 0, p.last+1
	}
	p.mu.Unlock()
	if plain && p.o.OnPlain != nil {
		layer.Go(p.c, "reliable", func() error { p.o.OnPlain(p.c); return nil })
	}
}

// unacked is ErrUnacked with the number.
type unacked int

func (n unacked) Error() string { return ErrUnacked.Error() + ": " + itoa(int64(n)) }
func (n unacked) Unwrap() error { return ErrUnacked }
