package commmgrtest

import "gocomm/commmgr"

// Gap has the client told that messages may have been lost, after those that were sent.
func (k *Kernel) Gap(g commmgr.Gap) {
	k.work.do(func() { k.toClient(func() { k.Driver.DeliverGap(g) }) })
}

// Offer offers the client the comms that the kernel has open, as a page that was loaded again
// does: see [commmgr.TargetOptions].Adopt. It is for after Reload, when the targets are registered.
func (k *Kernel) Offer(g commmgr.Gap) {
	k.work.do(func() {
		var comms []*Comm
		k.change(func() {
			for _, c := range k.comms {
				comms = append(comms, c)
			}
		})
		k.toClient(func() {
			for _, c := range comms {
				k.Driver.Adopt(c.ID, c.TargetName, true, g)
			}
		})
	})
	k.Flush()
}

// End is the kernel's end as the client sees it: its comms end. What is opened
// afterwards is the next kernel's. See Restart.
func (k *Kernel) End() {
	k.work.do(func() {
		k.endCalls(commmgr.ErrKernelGone)
		k.Driver.EndComms(commmgr.ErrKernelGone)
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

// Restart is a restart of the kernel: the client's comms end, and the next kernel knows
// neither comms nor targets of the one before. What the client was waiting to send is
// given up. A Comm of before sends nothing any more.
func (k *Kernel) Restart() {
	k.work.do(func() {
		k.endCalls(commmgr.ErrKernelGone)
		k.change(func() {
			for _, c := range k.comms {
				c.gone = true
			}
			k.comms = map[string]*Comm{}
			k.targets = map[string]func(*Comm, Message){}
			k.link.waiting = nil
		})
		k.Driver.EndComms(commmgr.ErrKernelGone)
	})
	k.Flush()
}

// Reload is a reload of the client's page: Manager is a new one without targets or
// comms, while the kernel's comms live on. What the old page's handlers still send
// arrives nowhere.
func (k *Kernel) Reload() {
	k.work.do(func() {
		var page int
		k.change(func() {
			k.link.page++
			page = k.link.page
			k.link.down, k.link.kept, k.link.waiting = false, nil, nil
		})
		k.Driver.Detach()
		k.link.start(page)
	})
	k.Flush()
}
