// Package typed puts Go types on comms: values are sent as JSON, messages are
// decoded into them, and handlers get a context that ends with their comm.
//
// It is apart from package commmgr since programs pay for what they import.
package typed

import (
	"context"
	"encoding/json"

	"gocomm/commmgr"
)

// Send sends v as JSON in a comm_msg's data, with binary buffers. The error names
// the comm; nothing is sent when v cannot be JSON.
func Send[T any](c *commmgr.Comm, v T, buffers ...[]byte) error {
	data, err := json.Marshal(v)
	if err != nil {
		return &commmgr.OpError{Op: "send", CommID: c.ID(), TargetName: c.TargetName(), Err: err}
	}
	_, err = c.Send(&commmgr.Payload{Data: data, Buffers: buffers})
	return err
}

// Decode decodes a message's content.data.
func Decode[T any](msg *commmgr.Message) (T, error) {
	var v T
	data, err := msg.JSON(commmgr.Data)
	if err == nil {
		err = json.Unmarshal(data, &v)
	}
	if err != nil {
		err = &commmgr.OpError{Op: "decode " + msg.MsgType, CommID: msg.CommID, TargetName: msg.TargetName, Err: err}
	}
	return v, err
}

// On sets c's handler for messages whose data decodes into T. A message that does
// not is reported as the handler's failure. The context ends with the comm.
func On[T any](c *commmgr.Comm, h func(ctx context.Context, v T, buffers [][]byte) error) {
	ctx := Context(c)
	c.OnMsg(func(msg *commmgr.Message) error {
		v, err := Decode[T](msg)
		if err != nil {
			return err
		}
		buffers, err := msg.Buffers()
		if err != nil {
			return err
		}
		return h(ctx, v, buffers)
	})
}
