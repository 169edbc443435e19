package typed

import "errors"

// ErrInexact: an integer is 2^53 or more, or -2^53 or less, where JavaScript's
// numbers are not exact: on a page it may have been another one in the kernel, or
// would become one there. Natively such integers are decoded and sent as they are.
var ErrInexact = errors.New("typed: not exact in JavaScript, whose numbers have 53 bits")

// ErrNotJSON: a value that JSON cannot have, NaN for one.
var ErrNotJSON = errors.New("typed: JSON has no such value")

// ErrNoCodec: a type needs a package that the program does not import:
// gocomm/commmgr/typed/jsoncodec or gocomm/commmgr/typed/mapcodec, as the text says.
var ErrNoCodec = errors.New("typed: the type needs another package")

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
		s += ": " + text(e.Err)
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

// A noPlan says why a type needs a package that the program does not import.
type noPlan struct{ field, typ, why, with string }

func (e *noPlan) Error() string {
	return text(ErrNoCodec) + ": " + inField(e.field) + e.typ + " " + e.why + `; import _ "gocomm/commmgr/typed/` + e.with + `"`
}

func (e *noPlan) Unwrap() error { return ErrNoCodec }

// text is an error's text without this package's name, which the whole begins with.
func text(err error) string {
	const prefix = "typed: "
	s := err.Error()
	if len(s) > len(prefix) && s[:len(prefix)] == prefix {
		s = s[len(prefix):]
	}
	return s
}

// A bare error is one whose text goes without this package's name.
type bare struct{ error }

func (e bare) Error() string { return text(e.error) }
func (e bare) Unwrap() error { return e.error }
