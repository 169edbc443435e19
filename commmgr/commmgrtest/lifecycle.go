package commmgrtest

import "gocomm/commmgr"

// Gap has the client told that messages may have been lost, after those that were sent.
func (k *Kernel) Gap(g commmgr.Gap) {
	k.work.do(func() { k.Manager.DeliverGap(g) })
}

// End is the kernel's end, as by a restart: the client's comms end with it. What is
// opened afterwards is the next kernel's.
func (k *Kernel) End() {
	k.work.do(func() {
		k.endCalls(commmgr.ErrKernelGone)
		k.Manager.EndComms(commmgr.ErrKernelGone)
	})
}

// endCalls ends the calls on all comms, of either side.
func (k *Kernel) endCalls(reason error) {
	k.change(func() {
		for _, c := range k.comms {
			c.calls.end(reason)
		}
	})
}
