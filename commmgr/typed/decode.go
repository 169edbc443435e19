package typed

import (
	"reflect"

	"gocomm/commmgr"
	"gocomm/internal/codec"
	"gocomm/internal/layer"
)

// A plan reads and writes values of a Go type.
type plan struct{ *codec.Plan }

func planOf(t reflect.Type) plan { return plan{codec.PlanOf(t)} }

// decodeFor decodes a message's data, of a comm to target, into what dst points to.
// placed is how many of the message's buffers belong to the value, the first ones.
func (p plan) decodeFor(target string, msg *commmgr.Message, dst any) (placed int, err error) {
	if placed, err = p.decode(msg, dst); err != nil {
		err = &commmgr.OpError{Op: "decode " + msg.MsgType, CommID: msg.CommID, TargetName: target, Err: unwrapOp(err)}
	}
	return placed, err
}

func (p plan) decode(msg *commmgr.Message, dst any) (placed int, err error) {
	if err := p.Usable(); err != nil {
		return 0, err
	}
	space := codec.TakeSpace()
	data, ok, err := layer.Planned(msg, commmgr.Data, (*layer.Plan)(&p.Wanted), space.Bytes)
	switch {
	case !ok:
		if data, err = msg.JSON(commmgr.Data); err == nil {
			placed, err = p.ReadText(data, (*buffers)(msg), codec.Memory(dst))
		}
	case err == nil:
		placed, err = p.Read(space, data, (*buffers)(msg), codec.Memory(dst))
	}
	space.GiveBack()
	return placed, err
}

// buffers are a message's, for the codec. To make one interface of another, as of msg.Body, is
// looked up each time on a page.
type buffers commmgr.Message

func (b *buffers) NumBuffers() int                  { return b.Body.NumBuffers() }
func (b *buffers) BufferLen(i int) int              { return b.Body.BufferLen(i) }
func (b *buffers) CopyBuffer(dst []byte, i int) int { return b.Body.CopyBuffer(dst, i) }

// others gives copies of a message's buffers from the first on.
func others(msg *commmgr.Message, first int) ([][]byte, error) {
	if first == 0 {
		return msg.Buffers()
	}
	all := make([][]byte, max(0, msg.NumBuffers()-first))
	for i := range all {
		all[i] = make([]byte, msg.BufferLen(first+i))
		msg.Body.CopyBuffer(all[i], first+i)
	}
	return all, nil
}

// encodeData makes a message's data of v. What of it is binary comes before buffers.
func encodeData[T any](v T, buffers [][]byte) ([]byte, [][]byte, error) {
	return codec.Message(&v, buffers)
}
