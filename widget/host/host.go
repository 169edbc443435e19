// Package host is what a host of widgets implements, to give package gocomm/widget the models of
// a kernel's widgets. Programs do not need it: they use a host that is there, such as
// gocomm/widget/commhost or gocomm/view.
//
// A host has a [Host] for each widget. widget.Bind calls its Bind with a [Sink], which takes what
// the kernel does to the widget, and gets a [Link], which takes what the program does:
//
//	kernel -> host -> Sink -> widget.Model -> Link -> host -> kernel
//
// The tests of gocomm/internal/hosttest hold each host to the same behavior.
package host

import (
	"errors"

	"gocomm/internal/codec"
)

// A Context ends waiting. A context.Context is one, and so are models and views, which end with
// their widget. This package does not import package context, which would add 82 KB, compressed,
// to a program on a page.
type Context interface {
	Done() <-chan struct{}
	Err() error
}

// A Host has one widget of a kernel.
type Host interface {
	// ID gives the widget's model id, or "" where the host does not know it.
	ID() string
	// Bind connects a model. From then on to is told of the changes of the named traits, and
	// of messages, in order. It returns the traits' present values: those of other traits may
	// be among them. It may wait, until c ends. c is not nil.
	Bind(c Context, traits []string, to Sink) (Link, Values, error)
}

// A Link takes what a program does to a widget. Its methods but those of [Manager] do not wait.
type Link interface {
	// Set sends traits that have changed, or nothing when it fails. It keeps no buffer.
	Set([]Trait) error
	// Send sends a custom message, whose content is JSON. It keeps no part of it.
	Send(content []byte, buffers [][]byte) error
	Manager
	// Close closes the widget, here and in the kernel. The models' Sinks are told of its end.
	Close() error
	// Report takes the errors of handlers, and others that have no caller to return to.
	Report(error)
	// Unbind ends the calls of the [Sink]. It is called once, when the program closes the
	// model, also after the widget's end.
	Unbind()
}

// A Manager finds a kernel's widgets, and makes new ones. Its methods may wait, until c ends. c is not nil.
type Manager interface {
	// Open finds the host of a widget, by its model id.
	Open(c Context, id string) (Host, error)
	// Find gives the model ids of the widgets here whose model has this name, and is of this module.
	Find(c Context, model, module string) (ids []string, err error)
	// Controls gives the version of the module @jupyter-widgets/controls, such as "2.0.0", which is that
	// of ipywidgets 8: the kernel's, as far as it is known. An error says that it does not fit what is here.
	Controls(c Context) (version string, err error)
	// New makes a widget here and in the kernel, and gives its model id. target is the comm target that makes
	// it in the kernel. Its state names its model and view (_model_name, …). bind, where it is not nil, is
	// called with its host before anything of the kernel reaches it. When bind fails, the widget is closed.
	// New keeps no part of the state. That the kernel refuses the widget is known later: the widget ends.
	New(c Context, target string, state Values, bind func(Host) error) (id string, err error)
}

// The comm targets that make widgets in the kernel.
const (
	Ipywidgets = "jupyter.widget" // of ipywidgets
	Gocomm     = "gocomm.widget"  // of gocomm's Python package: widgets whose classes need more than traits
)

// Alone is the [Manager] of a host that has no widgets but one, to be embedded in its [Link].
type Alone struct{}

var errAlone = errors.New("this host has one widget alone: it finds and makes no others")

// Open gives an error.
func (Alone) Open(Context, string) (Host, error) { return nil, errAlone }

// Find gives an error.
func (Alone) Find(Context, string, string) ([]string, error) { return nil, errAlone }

// Controls gives an error.
func (Alone) Controls(Context) (string, error) { return "", errAlone }

// New gives an error.
func (Alone) New(Context, string, Values, func(Host) error) (string, error) { return "", errAlone }

// A Reader is a [Link] of a host that has the traits' present values at hand.
type Reader interface {
	// Read calls f with the present values of the named traits, which are valid until f returns.
	// The error is the host's, or f's.
	Read(traits []string, f func(Values) error) error
}

// A Sink takes what happens to a widget. A host calls Change, Deliver and Gap in the order in which the
// kernel has sent what they are about, one at a time. It may call Change for what another model of
// the widget has set at any time.
type Sink interface {
	// Change announces changed traits. It calls values for them at a time when the program
	// makes no update, so that none is overwritten by an older value.
	//
	// An error says that a value does not fit, or is that of values. The traits that fit are taken.
	Change(values func() (Values, error)) error
	// Misfit tells whether the kernel's newest value of a trait is one that Change could not take.
	Misfit() bool
	// Deliver delivers a custom message, and returns when its handlers have: they may wait.
	// The buffers need to be valid no longer than that.
	Deliver(content []byte, b Buffers) error
	// Gap tells, in the same order, that messages of the kernel may be lost: the connection was
	// lost and is back. It returns when the handlers have. The host asks the kernel for the
	// traits' present values, which follow.
	Gap()
	// Shed lets go of large values, of a widget that nobody sees. The model reads them again when
	// it needs them: only a host whose Link is a [Reader] calls it.
	Shed()
	// End ends the model: its Done is closed, and it sends nothing any more. A host calls it
	// as soon as it knows of the widget's end, also while Change or Deliver runs, for a
	// handler may wait for it. What the widget sent before may follow.
	End(reason error)
}

// Values are traits as messages of Jupyter widgets 2.1 carry them.
type Values struct {
	Traits  []byte          // a JSON object: the traits by their names, without what is binary
	Paths   []byte          // "buffer_paths": a JSON array with the path of each buffer; may be empty
	Buffers Buffers         // may be nil
	Skip    map[string]bool // traits that are to be ignored
}

// Buffers are the binary buffers of a message, wherever they are. A model copies each once. The
// Body of a commmgr.Message has these methods.
type Buffers interface {
	NumBuffers() int
	BufferLen(i int) int              // bytes
	CopyBuffer(dst []byte, i int) int // gives the number of bytes copied
}

// Bytes are [Buffers] in Go's memory.
type Bytes [][]byte

// NumBuffers gives the number of buffers.
func (b Bytes) NumBuffers() int { return len(b) }

// BufferLen gives the length of buffer i in bytes.
func (b Bytes) BufferLen(i int) int { return len(b[i]) }

// CopyBuffer copies buffer i, and gives the number of bytes copied.
func (b Bytes) CopyBuffer(dst []byte, i int) int { return copy(dst, b[i]) }

// A Trait is a trait's value on its way to the kernel.
type Trait struct {
	Name string
	JSON []byte // without what is binary; empty where the whole value is
	// Buffers are the binary parts: the memory of the state's own slices, which may change
	// after the call. Paths has the place of each in the trait, as the elements of a JSON array.
	Buffers [][]byte
	Paths   [][]byte
}

// Join gives traits as one message carries them.
func Join(traits []Trait) (v Values, buffers [][]byte) {
	state, paths := []byte{}, []byte{}
	for _, t := range traits {
		e := codec.Encoded{JSON: t.JSON, Paths: t.Paths, Buffers: t.Buffers}
		state, paths = e.AppendTrait(t.Name, state, paths)
		buffers = append(buffers, t.Buffers...)
	}
	v.Traits = append(append([]byte{'{'}, state...), '}')
	v.Paths = append(append([]byte{'['}, paths...), ']')
	v.Buffers = Bytes(buffers)
	return v, buffers
}
