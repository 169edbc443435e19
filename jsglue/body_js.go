package jsglue

import (
	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/internal/border"
	"gocomm/internal/seam"
	"gocomm/internal/spin"
)

// A slot is where JavaScript keeps a message: the message's [host.Body].
type slot struct{ border.Slot }

func (s slot) JSON(p commmgr.Part) ([]byte, error) {
	n := load(s.Slot, int32(p))
	if err := border.Result(n); err != nil {
		return nil, err
	}
	return border.Staged(n), nil
}

// Field is [host.Fielder]'s.
func (s slot) Field(name string) (value string, ok bool) {
	n := field(s.Slot, name)
	if n <= 0 { // none, or its text cannot be had
		_ = border.Result(n)
		return "", false
	}
	return string(border.Staged(n - 1)), true
}

func init() {
	seam.Planned = func(body any, part uint8, by *seam.Plan, buf []byte) ([]byte, bool, error) {
		s, ok := body.(slot)
		if !ok {
			return nil, false, nil
		}
		data, err := s.planned(part, by, buf)
		return data, true, err
	}
}

// planned reads a part by a plan, of which JavaScript is told once.
func (s slot) planned(part uint8, by *seam.Plan, buf []byte) ([]byte, error) {
	if !program.plans.known(by.ID) {
		if err := border.Result(plan(by.ID, by.Text)); err != nil {
			return nil, err
		}
		program.plans.add(by.ID)
	}
	n := planned(s.Slot, int32(part), by.ID, border.Ptr(buf), int32(len(buf)))
	if n < 0 {
		return nil, border.Result(n)
	}
	if int(n) > len(buf) {
		return border.Staged(n - 1 - int32(len(buf))), nil
	}
	return buf[:n], nil
}

// plans are those that JavaScript has been told of. To tell it twice does no harm.
type plans struct {
	mu   spin.Mutex // guards byID
	byID []bool
}

func (p *plans) known(id int32) bool {
	p.mu.Lock()
	known := int(id) < len(p.byID) && p.byID[id]
	p.mu.Unlock()
	return known
}

func (p *plans) add(id int32) {
	p.mu.Lock()
	for int(id) >= len(p.byID) {
		p.byID = append(p.byID, false)
	}
	p.byID[id] = true
	p.mu.Unlock()
}

// bodies are the bodies of messages by their slots. Slots are used again, and an integer
// that becomes an interface's value is a piece of memory.
type bodies struct {
	mu     spin.Mutex // guards bySlot
	bySlot []host.Body
}

func (b *bodies) at(at border.Slot) host.Body {
	if at < 0 {
		return slot{at}
	}
	b.mu.Lock()
	for int(at) >= len(b.bySlot) {
		b.bySlot = append(b.bySlot, slot{border.Slot(len(b.bySlot))})
	}
	body := b.bySlot[at]
	b.mu.Unlock()
	return body
}

func slotOf(msg *commmgr.Message) border.Slot {
	if msg == nil {
		return border.None
	}
	return msg.Body.(slot).Slot
}
