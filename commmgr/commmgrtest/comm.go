package commmgrtest

import (
	"encoding/json"

	"gocomm/commmgr"
	"gocomm/commmgr/jsonmsg"
)

// A Comm is the kernel's side of a comm.
type Comm struct {
	ID         string
	TargetName string

	k       *Kernel
	session string

	// Guarded by k.mu.
	received []Message
	streamed int
	closed   bool // by either side
	gone     bool // with its kernel
	onMsg    func(Message)
	onClose  func(Message)
	calls    calls
}

// Send sends a comm_msg to the client. It panics when data cannot be JSON.
func (c *Comm) Send(data any, buffers ...[]byte) {
	c.publish(commmgr.CommMsg, map[string]any{"comm_id": c.ID, "data": data}, buffers)
}

// Reply is [Comm.Send] with a message of the client's as the parent: its id is in
// parent_header.msg_id.
func (c *Comm) Reply(to Message, data any, buffers ...[]byte) {
	c.publishFor(to.MsgID, commmgr.CommMsg, map[string]any{"comm_id": c.ID, "data": data}, buffers)
}

// Stream sends n numbered comm_msgs: data makes each of its number, and where it is nil
// the data is the number. The numbers go on from the comm's last Stream, so that what the
// client has seen shows what is missing, doubled or out of order.
func (c *Comm) Stream(n int, data func(i int) any) {
	var from int
	c.k.change(func() { from = c.streamed; c.streamed += n })
	for i := from; i < from+n; i++ {
		if data == nil {
			c.Send(i)
		} else {
			c.Send(data(i))
		}
	}
}

// Close sends a comm_close to the client, unless the comm is closed. What the client
// sends on it afterwards is ignored.
func (c *Comm) Close(data any) {
	k := c.k
	k.work.do(func() {
		k.change(func() {
			c.calls.end(commmgr.ErrCommClosed)
			if k.comms[c.ID] == c {
				delete(k.comms, c.ID)
			}
		})
	})
	c.publish(commmgr.CommClose, map[string]any{"comm_id": c.ID, "data": data}, nil)
}

// OnMsg sets what the kernel does with the client's messages, on its goroutine.
func (c *Comm) OnMsg(h func(Message)) { c.k.change(func() { c.onMsg = h }) }

// OnClose sets what the kernel does when the client closes the comm.
func (c *Comm) OnClose(h func(Message)) { c.k.change(func() { c.onClose = h }) }

// Received gives all that the client has sent on this comm.
func (c *Comm) Received() []Message {
	c.k.mu.Lock()
	defer c.k.mu.Unlock()
	return append([]Message(nil), c.received...)
}

// Await waits until the client has sent n messages on this comm, and gives them.
// It fails the test when they do not come within 10 s.
func (c *Comm) Await(n int) []Message {
	c.k.tb.Helper()
	c.k.Await("messages on comm "+c.ID, func() bool { return len(c.received) >= n })
	return c.Received()
}

// publish puts a message on iopub, with the client's last request as its parent.
func (c *Comm) publish(msgType string, content any, buffers [][]byte) {
	c.publishFor("request", msgType, content, buffers)
}

// publishFor is publish with the client's request that is its parent.
func (c *Comm) publishFor(request, msgType string, content any, buffers [][]byte) {
	k := c.k
	msg := k.message(msgType, content, buffers, map[string]any{"session": c.session, "msg_id": request})
	k.work.do(func() {
		var none bool
		k.change(func() {
			none = c.gone || c.closed && msgType == commmgr.CommClose
			c.closed = c.closed || msgType == commmgr.CommClose
		})
		if !none {
			k.toClient(func() { k.Driver.Deliver(msg) })
		}
	})
}

func (k *Kernel) message(msgType string, content any, buffers [][]byte, parent any) *commmgr.Message {
	raw := jsonmsg.Raw{
		Header:       object(map[string]any{"msg_id": k.id("msg-"), "msg_type": msgType, "session": "kernel"}),
		ParentHeader: object(parent),
		Metadata:     object(map[string]any{}),
		Content:      object(content),
		Buffers:      buffers,
	}
	return jsonmsg.New(raw, Session)
}

func object(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("commmgrtest: " + err.Error())
	}
	return b
}
