package commmgr

// ReasonData is reasonData, for the tests.
var ReasonData = reasonData

// QueueCap gives the places that a comm's queue keeps.
func QueueCap(c *Comm) int { return len(c.queue.ring) }
