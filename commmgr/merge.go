package commmgr

import "gocomm/internal/panics"

// A KeyFunc says which messages stand for the same thing: of those with one key, the
// newest is enough. It is called within Deliver, so it must not wait; it may read the
// message. A message for which merge is false is never replaced, and none before it is
// replaced by one after it.
type KeyFunc func(msg *Message) (key string, merge bool)

// Latest is the [KeyFunc] for comms of which only the newest message matters.
func Latest(*Message) (key string, merge bool) { return "", true }

// ByField has the newest message matter for each value of a field of content.data: a
// string, a number or a boolean. Messages without one are not merged.
func ByField(name string) KeyFunc {
	return func(msg *Message) (string, bool) {
		if body, ok := msg.Body.(fielder); ok {
			return body.Field(name)
		}
		return "", false
	}
}

// A fielder is a host.Fielder.
type fielder interface {
	Field(name string) (value string, ok bool)
}

// Merge has a message replaced that still waits when a newer one with its key comes:
// the older is dropped and counted ([QueueStats].Merged), which is no overflow. What is
// handled keeps its order. nil ends that.
func (c *Comm) Merge(key KeyFunc) {
	c.m.mu.Lock()
	c.setMerge(key)
	c.m.mu.Unlock()
}

// setMerge is Merge with m.mu held.
func (c *Comm) setMerge(key KeyFunc) {
	c.merge = nil
	if key != nil {
		c.merge = &merger{key: key}
	}
}

// A merger knows which messages may be replaced. Guarded by Manager.mu.
type merger struct {
	key    KeyFunc
	latest map[string]uint64 // by key, places in the queue; some have been handled
}

// keyOf asks for the key of a message. A key function that fails is reported.
func (c *Comm) keyOf(g *merger, msg *Message) (key string, merge bool) {
	defer func() {
		if v := recover(); v != nil {
			key, merge = "", false
			c.report("merge", &PanicError{Value: v, Stack: panics.Stack()})
		}
	}()
	return g.key(msg)
}

// replace takes the waiting message with the key out of the queue. m.mu is held; the
// caller releases it.
func (c *Comm) replace(key string) *Message {
	q := &c.queue
	at, waits := c.merge.latest[key]
	if !waits || at < q.head { // it has been handled
		return nil
	}
	old := q.kill(at)
	c.merged++
	c.m.reports.counts[countMerged]++
	if q.dead > 16 && q.dead > q.n/2 && !c.opening {
		moved := q.compact()
		for k, at := range c.merge.latest {
			if at < q.head {
				delete(c.merge.latest, k)
			} else {
				c.merge.latest[k] = q.head + moved[at-q.head]
			}
		}
		if c.frameEnd > q.head {
			c.frameEnd = q.head + moved[min(c.frameEnd-q.head, uint64(len(moved)-1))]
		}
	}
	return old
}

// note remembers the place of what is queued, or about to be.
func (g *merger) note(place uint64, q *queue, key string, merge bool) {
	if !merge {
		clear(g.latest)
		return
	}
	if g.latest == nil || q.n == 0 && len(g.latest) > 16 { // keys of the past hold no memory
		g.latest = map[string]uint64{}
	}
	if len(g.latest) > 2*q.n+64 {
		for k, at := range g.latest {
			if at < q.head {
				delete(g.latest, k)
			}
		}
	}
	g.latest[key] = place
}

// opened tells that the comm's open handler is done. What has come before that is
// merged now: only since then it is known whether there is an interceptor, whose
// messages must not be replaced.
func (c *Comm) opened() {
	m := c.m
	m.mu.Lock()
	g := c.merge
	if g == nil || c.inter != nil || c.inline {
		c.opening = false
		m.mu.Unlock()
		return
	}
	for place := c.queue.head; ; place++ {
		place = max(place, c.queue.head)
		if c.err != nil || c.merge != g || place >= c.queue.end() {
			c.opening = false
			m.mu.Unlock()
			return
		}
		it := *c.queue.at(place)
		key, merge := "", false
		var replaced *Message
		if it.kind == itemMsg {
			m.mu.Unlock()
			key, merge = c.keyOf(g, it.msg)
			m.mu.Lock()
			if place < c.queue.head { // the comm was closed
				continue
			}
		}
		if merge {
			replaced = c.replace(key)
		}
		g.note(place, &c.queue, key, merge)
		m.mu.Unlock()
		if replaced != nil {
			replaced.Release()
		}
		m.mu.Lock()
	}
}
