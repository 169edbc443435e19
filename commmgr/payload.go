package commmgr

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

// An Event names the callback that a message is for.
type Event uint8

const (
	EventReply Event = iota
	EventOutput
	EventClearOutput
	EventStatus
	EventInput
)

// An Outgoing is a message on its way to the kernel's shell channel.
type Outgoing struct {
	MsgType    string // CommOpen, CommMsg or CommClose
	CommID     string
	TargetName string // of a comm_open
	Payload           // Callbacks is nil here; Wants and Event stand for it

	// Wants has bit 1<<e set for each Event e that is to be reported.
	Wants uint8
	// Event takes a message that answers this one. It never waits. It is nil
	// when nothing is wanted.
	Event func(Event, *Message)
}

// A Transport carries messages to the kernel.
type Transport interface {
	// Send sends o, or refuses it whole, and returns its msg_id. It does not
	// wait for the network, and keeps no part of o's payload.
	Send(o *Outgoing) (msgID string, err error)
	// InputReply answers the kernel's last input_request.
	InputReply(value string) error
}

func (p *Payload) or() *Payload {
	if p == nil {
		return &Payload{}
	}
	return p
}

func (cb *Callbacks) wants() uint8 {
	var w uint8
	if cb == nil {
		return 0
	}
	if cb.Reply != nil {
		w |= 1 << EventReply
	}
	if cb.Output != nil {
		w |= 1 << EventOutput
	}
	if cb.ClearOutput != nil {
		w |= 1 << EventClearOutput
	}
	if cb.Status != nil {
		w |= 1 << EventStatus
	}
	if cb.Input != nil {
		w |= 1 << EventInput
	}
	return w
}

// size is what the payload counts for against Options.MaxSend.
func (p *Payload) size() int {
	n := len(p.Data) + len(p.Metadata)
	for _, b := range p.Buffers {
		n += len(b)
	}
	return n
}

// call calls the callback for e. It runs on the comm's goroutine.
func (cb *Callbacks) call(c *Comm, e Event, msg *Message) error {
	switch e {
	case EventReply:
		cb.Reply(msg)
	case EventOutput:
		cb.Output(msg)
	case EventClearOutput:
		cb.ClearOutput(msg)
	case EventStatus:
		cb.Status(msg)
	case EventInput:
		value, err := cb.Input(msg)
		if err != nil {
			return err
		}
		return c.m.o.Transport.InputReply(value)
	}
	return nil
}
