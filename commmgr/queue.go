package commmgr

// An item is one call of a handler: of the open, msg, close or gap handler, or of a
// callback of a message sent; or a mark, of which somebody wants to know when it is
// reached.
type item struct {
	msg     *Message
	cb      *Callbacks    // not nil for a callback
	gap     *Gap          // not nil for a gap
	mark    chan struct{} // not nil for a mark: closed when it is reached, or dropped
	kind    itemKind
	event   Event   // of a callback
	verdict Verdict // of a message, where there is an Interceptor
}

type itemKind uint8

const (
	itemOpen itemKind = iota
	itemMsg
	itemClose
	itemEvent
	itemGap
	itemMark
)

// A queue is what waits for the handlers of a comm: a ring that grows.
type queue struct {
	ring  []item
	first int
	n     int
	bytes int
}

func (q *queue) push(it item) {
	if q.n == len(q.ring) {
		grown := make([]item, max(4, 2*len(q.ring)))
		for i := range q.n {
			grown[i] = q.ring[(q.first+i)%len(q.ring)]
		}
		q.ring, q.first = grown, 0
	}
	q.ring[(q.first+q.n)%len(q.ring)] = it
	q.n++
	q.bytes += it.size()
}

func (q *queue) peek() *item { return &q.ring[q.first] }

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
	q.ring[q.first] = item{}
	q.first = (q.first + 1) % len(q.ring)
	q.n--
	q.bytes -= it.size()
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
