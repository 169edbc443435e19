package commmgr_test

import (
	"runtime"
	"strconv"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
)

// Ten thousand comms with all policies, ended in all ways, leave nothing: no goroutine,
// no message, no entry anywhere. That goroutines have ended is seen by synctest.
func TestTenThousandCommsLeaveNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var frames []func()
		l := &ledger{}
		m, _ := newWired(func(o *host.Options) { o.NextFrame = func(f func()) { frames = append(frames, f) } })
		frame := func() {
			synctest.Wait()
			due := frames
			frames = nil
			for _, f := range due {
				f()
			}
			synctest.Wait()
		}
		block := make(chan struct{})
		options := []*commmgr.TargetOptions{nil, {Merge: commmgr.Latest}, {EachFrame: true}, {EachFrame: true, Merge: commmgr.Latest},
			{Limits: commmgr.Limits{Messages: 1}}, {Limits: commmgr.Limits{Messages: 1, Overflow: commmgr.OverflowTells}}}
		var heap uint64
		for i := range 11_000 {
			id := strconv.Itoa(i)
			c, err := m.RegisterComm(id, "t", options[i%len(options)])
			require.NoError(t, err)
			if i%5 != 0 {
				c.OnMsg(func(*commmgr.Message) error {
					if i%1000 == 999 { // a handler that is still blocked at its comm's end
						<-block
					}
					return nil
				})
			}
			for range 3 {
				m.Deliver(l.message(commmgr.CommMsg, id, `1`))
			}
			switch i % 4 {
			case 0:
				require.NoError(t, c.Close(nil))
			case 1:
				if m.Comm(id) != nil { // else it has overflowed
					m.Deliver(l.message(commmgr.CommClose, id, `1`))
				}
			case 2:
				c.End(commmgr.ErrClosedHere)
			case 3:
				frame()
				if i%400 == 399 {
					m.EndComms(commmgr.ErrKernelGone)
				} else {
					_ = c.Close(nil)
				}
			}
			if i == 1000 {
				heap = liveHeap()
			}
		}
		close(block)
		m.EndComms(commmgr.ErrKernelGone)
		frame()
		frame()
		require.Zero(t, commmgr.Leftovers(m.Manager))
		require.True(t, l.settled(), "%d messages, %d released, %d twice", l.made.Load(), l.released.Load(), l.doubly.Load())
		require.Less(t, int64(liveHeap())-int64(heap), int64(2_000_000), "bytes for 10,000 comms")
	})
}

func liveHeap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
