package commmgr

import "gocomm/internal/seam"

// An item is one call of a handler: of the open, msg, close, gap or overflow
// handler, or of a callback of a message sent; or a mark, of which somebody wants to
// know when it is reached.
type item struct {
	msg     *Message
	cb      *Callbacks    // not nil for a callback
	note    *note         // not nil for a gap or an overflow
	mark    chan struct{} // not nil for a mark: closed when it is reached, or dropped
	kind    itemKind
	event   uint8        // of a callback, as package host numbers them
	verdict seam.Verdict // of a message, where there is an interceptor
}

type itemKind uint8

const (
	itemOpen itemKind = iota
	itemAdopt
	itemMsg
	itemClose
	itemEvent
	itemGap
	itemMark
	itemOverflow
	itemDead // replaced by a newer one: no call at all
)

// A queue is what waits for the handlers of a comm: a ring that grows.
type queue struct {
	ring  []item // its length is a power of two: to divide would cost more than the rest
	first int
	n     int    // items, the dead ones among them; the first is not dead
	dead  int    // items that were replaced
	head  uint64 // the first one's place, counted from the queue's beginning
	bytes int
}

func (q *queue) push(it item) {
	if q.n == len(q.ring) {
		grown := make([]item, max(4, 2*len(q.ring)))
		for i := range q.n {
			grown[i] = *q.slot(i)
		}
		q.ring, q.first = grown, 0
	}
	*q.slot(q.n) = it
	q.n++
	q.bytes += it.size()
}

// slot gives the item that is i behind the first.
func (q *queue) slot(i int) *item { return &q.ring[(q.first+i)&(len(q.ring)-1)] }

func (q *queue) peek() *item { return &q.ring[q.first] }

// last gives the item that was pushed last, or nil.
func (q *queue) last() *item {
	if q.n == 0 {
		return nil
	}
	return q.slot(q.n - 1)
}

// at gives the item at a place, end the place of the next one.
func (q *queue) at(place uint64) *item { return q.slot(int(place - q.head)) }
func (q *queue) end() uint64           { return q.head + uint64(q.n) }

// kill takes the message at a place out, for the caller to release.
func (q *queue) kill(place uint64) *Message {
	it := q.at(place)
	msg := it.msg
	q.bytes -= it.size()
	q.dead++
	*it = item{kind: itemDead}
	q.bury()
	return msg
}

// bury removes dead items from the front.
func (q *queue) bury() {
	for q.dead > 0 && q.peek().kind == itemDead {
		q.dead--
		q.step()
	}
}

// step removes the first item.
func (q *queue) step() {
	q.ring[q.first] = item{}
	q.first = (q.first + 1) & (len(q.ring) - 1)
	q.n--
	q.head++
}

// compact removes all dead items. moved[i] is the new distance from the first item of the one
// that was i behind it; moved[n] is that of the next item to come.
func (q *queue) compact() (moved []uint64) {
	moved = make([]uint64, q.n+1)
	ring := make([]item, 0, len(q.ring))
	for i := range q.n {
		moved[i] = uint64(len(ring))
		if it := *q.slot(i); it.kind != itemDead {
			ring = append(ring, it)
		}
	}
	moved[q.n] = uint64(len(ring))
	q.n, q.dead = len(ring), 0
	q.ring, q.first = ring[:cap(ring)], 0
	return moved
}

// clear empties the queue and releases its messages. Releasing calls out of the
// package, so the caller does it, with no lock held.
func (q *queue) clear() (dropped []*Message) {
	for q.n > 0 {
		it := q.pop()
		if it.msg != nil {
			dropped = append(dropped, it.msg)
		}
		if it.mark != nil {
			close(it.mark)
		}
	}
	return dropped
}

func (q *queue) pop() item {
	it := q.ring[q.first]
	q.bytes -= it.size()
	q.step()
	q.bury()
	if q.n == 0 && len(q.ring) > 16 { // an idle comm holds no memory for a burst of the past
		q.ring, q.first = nil, 0
	}
	return it
}

func (it *item) size() int {
	if it.msg == nil {
		return 0
	}
	return it.msg.Size
}
