package jsglue

import "gocomm/commmgr"

// foreign are the targets of the page's JavaScript: their handlers are called
// back through imports, in the kernel's turn, with the slot of the message.
type foreign struct{}

func (foreign) Has(target string) bool { return hasTarget(target) == 1 }

func (foreign) Open(c *commmgr.Comm, open *commmgr.Message) error {
	return result(callOpen(handleInJS(c), slotOf(open)))
}

// handleInJS has c's messages handled by the JavaScript comm of the number returned.
func handleInJS(c *commmgr.Comm) int32 {
	i := program.index.foreign(c)
	c.OnMsg(func(msg *commmgr.Message) error { return result(callMsg(i, slotOf(msg))) })
	c.OnClose(func(msg *commmgr.Message) error {
		defer program.index.release(i)
		return result(callClose(i, slotOf(msg)))
	})
	return i
}

func slotOf(msg *commmgr.Message) int32 {
	if msg == nil {
		return -1
	}
	return int32(msg.Body.(slot))
}
