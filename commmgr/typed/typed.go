// Package typed puts Go types on comms: values are sent as JSON, messages are
// decoded into them, and handlers get a context that ends with their comm.
//
// Names, tags and values are matched as encoding/json does it. On a page, where
// the message is parsed already, that goes by a plan of the Go type, made once: no
// JSON is made and parsed again. A program pays for what its types need:
//
//   - Structs, slices, arrays and pointers, of strings, bools and numbers, and maps such
//     as map[string]int need nothing more.
//   - Other maps whose keys are strings need gocomm/commmgr/typed/mapcodec.
//   - Types that hold any value (any, json.RawMessage), recursive ones, those with
//     methods such as UnmarshalJSON or MarshalText, maps with other keys, and the tag
//     option string need encoding/json, by gocomm/commmgr/typed/jsoncodec.
//
// A blank import of these packages is enough. Where it is missing, functions that return
// an error return [ErrNoCodec], and [On], [OnMsg] and [Handle] panic with it; its text
// names the package. Native programs have both.
//
// What is odd is an error, a [FieldError] that names the field where one is
// concerned, or has a meaning:
//
//   - Fields that a type does not have are ignored, those that a message does not
//     have keep their zero value. null is nil, or changes nothing.
//   - Data that is a string, a number or null is as good as an object: it depends on
//     the type.
//   - NaN and infinities, here or in an object of the page's, are errors
//     ([ErrNotJSON]), and so are a BigInt and a cycle. An integer of 2^53 or more is one
//     on a page ([ErrInexact]).
//   - Half a surrogate pair becomes U+FFFD.
//   - JSON that is decoded as text may be nested 1000 deep ([ErrTooDeep]). A plan
//     looks no deeper than its type is.
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
)

// Send sends v as JSON in a comm_msg's data, with binary buffers. Nothing is sent on an
// error: those of [commmgr.Comm.Send], [ErrNoCodec], or a [FieldError] that names the field
// that cannot be JSON.
func Send[T any](c *commmgr.Comm, v T, buffers ...[]byte) error { return send(c, &v, buffers) }

func send(c *commmgr.Comm, v any, buffers [][]byte) error {
	data, err := encode(v)
	if err != nil {
		return &commmgr.OpError{Op: "send", CommID: c.ID(), TargetName: c.TargetName(), Err: err}
	}
	_, err = c.Send(&commmgr.Payload{Data: data, Buffers: buffers})
	return err
}

// Decode decodes a message's content.data. On an error the value is T's zero value.
func Decode[T any](msg *commmgr.Message) (v T, err error) {
	if err = planOf(reflect.TypeFor[T]()).decodeFor(msg.TargetName, msg, &v); err != nil {
		var none T
		return none, err
	}
	return v, nil
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
	OnMsg(c, func(ctx context.Context, v T, msg *commmgr.Message) error {
		buffers, err := msg.Buffers()
		if err != nil {
			return err
		}
		return h(ctx, v, buffers)
	})
}

// OnMsg is [On] for a handler that gets the message as well. Its buffers stay where
// they are, and cost nothing, until the handler asks for them.
func OnMsg[T any](c *commmgr.Comm, h func(ctx context.Context, v T, msg *commmgr.Message) error) {
	p := mustDo(c, "on_msg", reflect.TypeFor[T]())
	ctx := Context(c)
	var zero, read T // read is used again: a comm's messages are handled one after the other
	c.OnMsg(func(msg *commmgr.Message) error {
		read = zero
		err := p.decodeFor(c.TargetName(), msg, &read)
		v := read
		read = zero // the handler alone keeps what v holds
		if err != nil {
			return err
		}
		return h(ctx, v, msg)
	})
}

// mustDo gives the plan of a type whose values c's handlers are to get or give. It panics
// where the program cannot decode and send them.
func mustDo(c *commmgr.Comm, op string, t reflect.Type) *plan {
	p := planOf(t)
	if err := p.usable(); err != nil {
		panic(&commmgr.OpError{Op: op, CommID: c.ID(), TargetName: c.TargetName(), Err: err})
	}
	return p
}
