package commmgrtest

import "gocomm/commmgr"

// Reply is [Comm.Send] with a message of the client's as the parent: its id is in
// parent_header.msg_id.
func (c *Comm) Reply(to Message, data any, buffers ...[]byte) {
	c.publishFor(to.MsgID, commmgr.CommMsg, map[string]any{"comm_id": c.ID, "data": data}, buffers)
}
