package typed

import (
	"context"
	"reflect"

	"gocomm/commmgr"
)

// Target registers a target whose comms are opened with data that decode into T: see
// [commmgr.Manager.RegisterTarget]. The context ends with the comm. A comm_open whose data
// do not decode is refused, which the kernel is told, and reported.
//
// The error is that of RegisterTarget, or [ErrNoCodec].
func Target[T any](m *commmgr.Manager, name string, open func(ctx context.Context, c *commmgr.Comm, v T) error, o *commmgr.TargetOptions) (*commmgr.Target, error) {
	p := planOf(reflect.TypeFor[T]())
	if err := p.Usable(); err != nil {
		return nil, &commmgr.OpError{Op: "register_target", TargetName: name, Err: err}
	}
	return m.RegisterTarget(name, func(c *commmgr.Comm, msg *commmgr.Message) error {
		var v T
		if _, err := p.decodeFor(name, msg, &v); err != nil {
			return err
		}
		return open(Context(c), c, v)
	}, o)
}

// Open opens a comm to a target of the kernel, with v as JSON in the comm_open's data, and
// binary buffers: see [commmgr.Manager.Open]. The error is that of Open, [ErrNoCodec], or a
// [FieldError]; nothing is sent then.
func Open[T any](m *commmgr.Manager, target string, v T, buffers ...[]byte) (*commmgr.Comm, error) {
	data, buffers, err := encodeData(v, buffers)
	if err != nil {
		return nil, &commmgr.OpError{Op: "comm_open", TargetName: target, Err: err}
	}
	return m.Open(target, &commmgr.Payload{Data: data, Buffers: buffers})
}

// Close closes a comm, with v as JSON in the comm_close's data, and binary buffers: see
// [commmgr.Comm.Close]. Where v cannot be JSON the error is [ErrNoCodec] or a [FieldError],
// and the comm stays open.
func Close[T any](c *commmgr.Comm, v T, buffers ...[]byte) error {
	data, buffers, err := encodeData(v, buffers)
	if err != nil {
		return &commmgr.OpError{Op: "close", CommID: c.ID(), TargetName: c.TargetName(), Err: err}
	}
	return c.Close(&commmgr.Payload{Data: data, Buffers: buffers})
}
