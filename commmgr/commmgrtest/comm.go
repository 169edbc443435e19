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
	onMsg    func(Message)
	onClose  func(Message)
	calls    calls
}

// Send sends a comm_msg to the client. It panics when data cannot be JSON.
func (c *Comm) Send(data any, buffers ...[]byte) {
	c.publish(commmgr.CommMsg, map[string]any{"comm_id": c.ID, "data": data}, buffers)
}

// Close sends a comm_close to the client.
func (c *Comm) Close(data any) {
	c.k.work.do(func() { c.k.change(func() { c.calls.end(commmgr.ErrCommClosed) }) })
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
	c.k.publish(msgType, content, buffers, map[string]any{"session": c.session, "msg_id": "request"})
}

func (k *Kernel) publish(msgType string, content any, buffers [][]byte, parent any) {
	raw := jsonmsg.Raw{
		Header:       object(map[string]any{"msg_id": k.id("msg-"), "msg_type": msgType, "session": "kernel"}),
		ParentHeader: object(parent),
		Metadata:     object(map[string]any{}),
		Content:      object(content),
		Buffers:      buffers,
	}
	k.work.do(func() { k.Manager.Deliver(jsonmsg.New(raw, Session)) })
}

func object(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("commmgrtest: " + err.Error())
	}
	return b
}
