// Package typed puts Go types on comms: values are sent as JSON and binary buffers,
// messages are decoded into them, and handlers get a context that ends with their comm.
//
// # Types
//
// A Go type means the same here and in gocomm/widget, natively and on a page. It is as
// with encoding/json (names and options in tags, embedded structs, methods such as
// MarshalJSON and UnmarshalText), but for this:
//
//   - A field without a name in its tag has its Go name in Python's spelling: MaxItems is
//     "max_items", ID is "id".
//   - A []byte, and a slice of numbers with the option binary (`json:"frame,binary"`), are
//     sent as binary buffers beside the JSON, in little-endian order. The data's member
//     "buffer_paths" has their paths, as in Jupyter widgets 2.1; it is there only if the
//     value has any. A message is read the same way, and a []byte may be a string in base64
//     there, any such slice a list of numbers. Data that is no object has no place for
//     paths: what is binary in it is sent as base64, or as lists. Buffers that are given to
//     Send come after the value's own, and handlers get only those.
//   - null makes a pointer, slice, map or any nil, a float NaN, and is like {} for a struct.
//     Elsewhere it is an error. So a number that may be None in Python is a pointer in Go.
//   - Integers are exact, or an error: on a page those of 2^53 and more ([ErrInexact]), which can
//     be sent as strings. Floats, and numbers in an any, are rounded. 1e2 and 1.0 are integers.
//   - JSON has no NaN and no infinities. They are sent as jupyter_client sends them, as the strings
//     "nan", "inf" and "-inf": in Python, float(x) takes these and numbers. A float64 or float32
//     takes these strings, JavaScript's ("NaN", "Infinity", "-Infinity") and numpy's (such as
//     "np.float64(nan)"). jupyter_client sends null for all three where orjson is installed, so
//     that an infinity becomes NaN there.
//   - Of two names in a message that match one field, a list replaces an earlier one.
//   - The option string, interfaces with methods, and maps whose keys are neither strings
//     nor integers are not supported.
//
// On a page, where messages are parsed already, no JSON is made and parsed again. There a
// program pays for what its types need: structs, slices, arrays and pointers, of strings,
// bools and numbers, and maps such as map[string]int need nothing more. Others need a blank
// import of gocomm/alltypes; where it is missing, the error says so.
//
// What is odd is an error, a [FieldError] that names the field where one is concerned,
// or has a meaning:
//
//   - Fields that a type does not have are ignored, those that a message does not have keep
//     their zero value.
//   - Data that is a string, a number or null is as good as an object: it depends on the type.
//   - NaN and infinities in an object of the page's are errors where no float is wanted
//     ([ErrNotJSON]), and so is a BigInt.
//   - Half a surrogate pair becomes U+FFFD.
//   - Values may be nested 1000 deep ([ErrTooDeep]), those that a type has no place for deeper.
//
// # Calls
//
// [Target] registers a target, [Open] and [Close] open and close a comm from this side,
// [On] sets its handler, [Send] sends. As with [commmgr.Comm], functions whose names begin
// with On set a handler in the place of the one before.
//
// [Call] and [Handle] are requests with answers, both ways; what they send is described
// in docs/calls.md, and gocomm.calls is their Python side. [Drain] waits for handlers,
// [SendLatest] keeps pace with a slow kernel.
//
// The package is apart from package commmgr since programs pay for what they import.
package typed

import (
	"context"
	"reflect"

	"gocomm/commmgr"
	"gocomm/internal/codec"
)

// Send sends v as JSON in a comm_msg's data, with binary buffers. Nothing is sent on an
// error: those of [commmgr.Comm.Send], [ErrNoCodec], or a [FieldError] that names the field
// that cannot be JSON.
func Send[T any](c *commmgr.Comm, v T, buffers ...[]byte) error { return send(c, &v, buffers) }

func send(c *commmgr.Comm, v any, buffers [][]byte) error {
	data, buffers, err := codec.Message(v, buffers)
	if err != nil {
		return &commmgr.OpError{Op: "send", CommID: c.ID(), TargetName: c.TargetName(), Err: err}
	}
	_, err = c.Send(&commmgr.Payload{Data: data, Buffers: buffers})
	return err
}

// Decode decodes a message's content.data. On an error the value is T's zero value; it is
// [ErrNoCodec], a [FieldError], or [commmgr.ErrReleased].
func Decode[T any](msg *commmgr.Message) (v T, err error) {
	v, _, err = decode[T](msg)
	return v, err
}

// decode gives also how many of the message's buffers belong to the value.
func decode[T any](msg *commmgr.Message) (v T, placed int, err error) {
	if placed, err = planOf(reflect.TypeFor[T]()).decodeFor(msg.TargetName, msg, &v); err != nil {
		var none T
		return none, 0, err
	}
	return v, placed, nil
}

// On sets c's handler for messages whose data decodes into T, in the place of the one
// that c has: see [commmgr.Comm.OnMsg]. A message that does not decode is reported as the
// handler's failure. The context ends with the comm. The message's buffers are copied for
// the handler: one that does not always read them is better set with OnMsg.
//
// On panics with [ErrNoCodec] where the program lacks what T needs: that is a mistake in
// the program, which shows the first time. In an open handler the panic ends the comm, and
// is reported.
func On[T any](c *commmgr.Comm, h func(ctx context.Context, v T, buffers [][]byte) error) {
	on(c, func(ctx context.Context, v T, placed int, msg *commmgr.Message) error {
		buffers, err := others(msg, placed)
		if err != nil {
			return err
		}
		return h(ctx, v, buffers)
	})
}

// OnMsg is [On] for a handler that gets the message as well. Its buffers stay where
// they are, and cost nothing, until the handler asks for them.
func OnMsg[T any](c *commmgr.Comm, h func(ctx context.Context, v T, msg *commmgr.Message) error) {
	on(c, func(ctx context.Context, v T, _ int, msg *commmgr.Message) error { return h(ctx, v, msg) })
}

// on gives the handler also how many of the message's buffers belong to the value.
func on[T any](c *commmgr.Comm, h func(ctx context.Context, v T, placed int, msg *commmgr.Message) error) {
	p := mustDo(c, "on_msg", reflect.TypeFor[T]())
	ctx := Context(c)
	var zero, read T // read is used again: a comm's messages are handled one after the other
	c.OnMsg(func(msg *commmgr.Message) error {
		read = zero
		placed, err := p.decodeFor(c.TargetName(), msg, &read)
		v := read
		read = zero // the handler alone keeps what v holds
		if err != nil {
			return err
		}
		return h(ctx, v, placed, msg)
	})
}

// mustDo gives the plan of a type whose values c's handlers are to get or give. It panics
// where the program cannot decode and send them.
func mustDo(c *commmgr.Comm, op string, t reflect.Type) plan {
	p := planOf(t)
	if err := p.Usable(); err != nil {
		panic(&commmgr.OpError{Op: op, CommID: c.ID(), TargetName: c.TargetName(), Err: err})
	}
	return p
}
