package codec

import "strconv"

// MaxDepth is how deep values may be nested, as Python's json makes them by default.
// They are read and written by recursion, and some thousand levels would use up the
// stack of a program on a page, which is the program's end.
const (
	MaxDepth = 1000
	maxDepth = "1000"
)

// A cause is why a value does not fit. Constants cost no code at a program's start.
type cause string

func (c cause) Error() string { return string(c) }

// Causes that package typed documents.
var (
	ErrTooDeep error = cause("nested more than " + maxDepth + " deep")
	ErrInexact error = cause("not exact in JavaScript, whose numbers have 53 bits: send it as a string")
	ErrNotJSON error = cause("JSON has no such value")
	ErrNoCodec error = cause("the type cannot be read and written")
)

const (
	errNull   = cause("a pointer could be null")
	errShort  = cause("the buffer has less bytes than it said")
	errBuffer = cause("buffer_paths names more buffers than there are")
	errBase64 = cause("not base64")
	errPlace  = cause("buffer_paths names a place that is not there")
)

// A FieldError names the value that does not fit a Go type, or JSON.
type FieldError struct {
	// Field is the path to it in JSON's names, such as "state.value"; "" for the
	// whole. What is in a list or a map goes by the name of the list or map.
	Field string
	Value string // what it is: "string", "number 1.5", "NaN"
	Type  string // the Go type
	Err   error  // more about the cause, or nil

	sending bool
}

func (e *FieldError) Error() string {
	verb, into := "unmarshal ", " into "
	if e.sending {
		verb, into = "send ", " as "
	}
	s := "cannot " + verb + e.Value + into + inField(e.Field) + e.Type
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func inField(name string) string {
	if name == "" {
		return ""
	}
	return `field "` + name + `" of type `
}

func (e *FieldError) Unwrap() error { return e.Err }

// Under gives the error of a value that is at a path in another.
//
//go:noinline
func (e *FieldError) Under(path string) *FieldError {
	under := *e
	if e.Field != "" {
		path += "." + e.Field
	}
	under.Field = path
	return &under
}

// A NoPlan says why a program cannot read and write a type. It is [ErrNoCodec].
type NoPlan struct {
	_               [0]func() // not comparable: that takes code
	field, typ, why string
	more            bool // another package would help
}

func (e *NoPlan) Error() string {
	s := ErrNoCodec.Error() + ": " + inField(e.field) + e.typ + " " + e.why
	if e.more {
		s += `; import _ "gocomm/alltypes"`
	}
	return s
}

func (e *NoPlan) Unwrap() error { return ErrNoCodec }

// A syntaxError is about text that is no JSON.
type syntaxError int

func (at syntaxError) Error() string { return "not JSON, at byte " + strconv.Itoa(int(at)) }
