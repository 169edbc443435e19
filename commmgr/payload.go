package commmgr

import "gocomm/internal/seam"

// A Payload is what a message carries to the kernel. All fields are optional,
// and a nil *Payload is an empty one.
type Payload struct {
	Data      []byte   // content.data, JSON text; nil is sent as {}. It travels as it is, numbers too, where the transport can
	Metadata  []byte   // metadata, a JSON object; nil is sent as {}
	Buffers   [][]byte // binary buffers; each is copied before the call returns
	Callbacks *Callbacks
}

// Callbacks are called, on the comm's goroutine and in the order of arrival,
// for messages whose parent is the message sent. They are kept until the kernel
// has been idle after it, or the comm ends.
// They mirror classic Notebook's callbacks object.
type Callbacks struct {
	Reply       func(*Message) // shell.reply, if one comes before that: Jupyter's kernels do not reply to comm messages
	Output      func(*Message) // iopub.output: stream, display_data, execute_result, error
	ClearOutput func(*Message) // iopub.clear_output
	Status      func(*Message) // iopub.status: busy, then idle
	// Input answers an input_request. The string is sent as input_reply; on an
	// error nothing is sent and the error is reported.
	Input func(*Message) (string, error)
	// Inline calls them when the messages arrive, and not in turn on the comm's
	// goroutine. It is for callbacks that never wait, nor call runtime.Goexit.
	Inline bool
}

func (cb *Callbacks) wants() uint8 {
	var w uint8
	if cb.Reply != nil {
		w |= 1 << seam.EventReply
	}
	if cb.Output != nil {
		w |= 1 << seam.EventOutput
	}
	if cb.ClearOutput != nil {
		w |= 1 << seam.EventClearOutput
	}
	if cb.Status != nil {
		w |= 1 << seam.EventStatus
	}
	if cb.Input != nil {
		w |= 1 << seam.EventInput
	}
	return w
}

// size is what the payload counts for against the host's limit.
func (p *Payload) size() int {
	if p == nil {
		return 0
	}
	n := len(p.Data) + len(p.Metadata)
	for _, b := range p.Buffers {
		n += len(b)
	}
	return n
}

// call calls the callback for e. It runs on the comm's goroutine.
func (cb *Callbacks) call(c *Comm, e uint8, msg *Message) error {
	switch e {
	case seam.EventReply:
		cb.Reply(msg)
	case seam.EventOutput:
		cb.Output(msg)
	case seam.EventClearOutput:
		cb.ClearOutput(msg)
	case seam.EventStatus:
		cb.Status(msg)
	case seam.EventInput:
		value, err := cb.Input(msg)
		if err != nil {
			return err
		}
		return c.m.transport.InputReply(value)
	}
	return nil
}
