// Package host is for whatever joins a [commmgr.Manager] to a kernel: a page's kernel
// object (gocomm/jsglue), a kernel in memory (gocomm/commmgr/commmgrtest). Programs that
// use comms do not need it.
//
// [New] makes a manager and its [Driver]. The host hands the kernel's messages to the
// driver, in the order of their arrival, and carries the manager's to the kernel, as its
// [Transport]. It tells the driver when messages may have been lost and when the kernel
// has ended.
//
// Functions of the driver never wait, so that they may be called where that is
// impossible, such as within an exported function of a program on a page. Clock, random
// ids and a message's parts come from the host too: package commmgr is linked into every
// program on a page, and keeps small by not having them.
package host
