package widget

import "gocomm/internal/codec"

// A Context ends waiting. A context.Context is one, and so are models and views, which
// end with what they are of. Package context is not imported since that adds 82 KB,
// compressed, to a program on a page; gocomm/widget/wctx makes a context.Context of a
// Context.
type Context interface {
	Done() <-chan struct{}
	Err() error
}

// Values are traits as messages carry them: JSON, and binary buffers with the paths
// of their places.
type Values = codec.State

// Buffers are the binary buffers of a message, where they arrived; each is copied once.
type Buffers = codec.Buffers

// Bytes are [Buffers] in Go's memory.
type Bytes = codec.Bytes

// A Host has a widget's model, whoever that belongs to.
type Host interface {
	// Bind connects a model: from now on to is told of the changes of the named traits,
	// and of messages, in order. It gives their values now. It may wait.
	Bind(c Context, traits []string, to Sink) (Link, Values, error)
}

// A Link is a model's way to its widget. Its methods but Open do not wait.
type Link interface {
	// Set sends traits that have changed. Nothing is sent when it fails.
	Set([]Trait) error
	// Send sends a custom message, content being JSON. It keeps no part of it.
	Send(content []byte, buffers [][]byte) error
	// Open finds the host of another widget, by its model id.
	Open(c Context, id string) (Host, error)
	// Report takes what has no caller to return to.
	Report(error)
	// Unbind has the [Sink] told of nothing more.
	Unbind()
}

// A Sink takes what happens to a widget. Its methods are called one after the other.
type Sink interface {
	// Change tells that traits have changed. It calls values for what they are, while no
	// Update is being made: so none is overwritten by what was older.
	Change(values func() (Values, error)) error
	// Deliver tells of a custom message, and returns when its handlers have: they may
	// wait. The buffers need not outlive the call.
	Deliver(content []byte, b Buffers) error
	// End tells that the widget is no more.
	End(reason error)
}

// A Trait is a trait's value on its way to the kernel.
type Trait struct {
	Name    string
	encoded codec.Encoded
}

// Buffers gives the trait's binary buffers: the memory of the state's own slices.
func (t *Trait) Buffers() [][]byte { return t.encoded.Buffers }

// Own gives the trait with copies of its buffers, which may be kept.
func (t Trait) Own() Trait {
	t.encoded.Buffers = append([][]byte(nil), t.encoded.Buffers...)
	for i, b := range t.encoded.Buffers {
		t.encoded.Buffers[i] = append([]byte(nil), b...)
	}
	return t
}

// Join puts traits into one message.
func Join(traits []Trait) (v Values, buffers [][]byte) {
	state, paths := []byte{}, []byte{}
	for _, t := range traits {
		state, paths = t.encoded.AppendTrait(t.Name, state, paths)
		buffers = append(buffers, t.encoded.Buffers...)
	}
	v.Traits = append(append([]byte{'{'}, state...), '}')
	v.Paths = append(append([]byte{'['}, paths...), ']')
	v.Buffers = Bytes(buffers)
	return v, buffers
}

// QuoteJSON gives a text as a JSON string.
func QuoteJSON(s string) []byte { return codec.AppendString(nil, s) }
