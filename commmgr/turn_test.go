package commmgr_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
)

// A page is a browser's thread: one goroutine runs at a time, and the page gets
// its turn only when all of them wait. Time passes when handlers say so.
type page struct {
	now   atomic.Int64
	mu    sync.Mutex
	wakes int
	next  []func()
	turns []time.Duration
}

func (p *page) Now() commmgr.Duration                            { return commmgr.Duration(p.now.Load()) }
func (p *page) AfterFunc(commmgr.Duration, func()) (stop func()) { return func() {} }
func (p *page) work(d time.Duration)                             { p.now.Add(int64(d)) }
func (p *page) Wake()                                            { p.mu.Lock(); p.wakes++; p.mu.Unlock() }
func (p *page) NextTurn(f func())                                { p.mu.Lock(); p.next = append(p.next, f); p.mu.Unlock() }
func (p *page) turn() int                                        { p.mu.Lock(); defer p.mu.Unlock(); return len(p.turns) }
func (p *page) longest() (d time.Duration) {
	for _, t := range p.turns {
		d = max(d, t)
	}
	return d
}

// run takes turns until nothing is left to do.
func (p *page) run(event func()) {
	todo := []func(){event}
	for len(todo) > 0 {
		p.work(time.Second) // the page does as it likes between turns
		start := p.Now()
		for _, f := range todo {
			f()
		}
		synctest.Wait()
		p.mu.Lock()
		p.turns = append(p.turns, time.Duration(p.Now()-start))
		todo, p.next = p.next, nil
		p.mu.Unlock()
	}
}

// onPage runs a test on a page.
func onPage(t *testing.T, test func(t *testing.T, p *page, m *managed), change ...func(*host.Options)) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	synctest.Test(t, func(t *testing.T) {
		p := &page{}
		m, _ := newWired(func(o *host.Options) {
			o.Clock, o.Scheduler, o.QueueBytes = p, p, 1<<40
			for _, f := range change {
				f(o)
			}
		})
		test(t, p, m)
		m.Detach()
	})
}

const (
	burst   = 20_000
	perCall = 20 * time.Microsecond
	// A turn is 8 ms, and ends after the comm's share of 1 ms.
	longestTurn = 10 * time.Millisecond
)

func TestBurstLeavesThePageItsTurns(t *testing.T) {
	tests := []struct {
		name string
		wait bool // handlers wait for another goroutine, which ends no turn
	}{{"handlers that compute", false}, {"handlers that wait", true}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			onPage(t, func(t *testing.T, p *page, m *managed) {
				ask, answer := make(chan int), make(chan int)
				go func() { // ends with ask
					for n := range ask {
						answer <- n
					}
				}()
				defer close(ask)
				delivered := make(chan struct{})
				c, err := m.RegisterComm("c", "t", nil)
				require.NoError(t, err)
				handled := 0
				c.OnMsg(func(msg *commmgr.Message) error {
					<-delivered // on a page no goroutine runs before the burst is over
					if msg.Size != handled {
						t.Errorf("message %d came as number %d", msg.Size, handled)
					}
					handled++
					p.work(perCall)
					if test.wait {
						ask <- 1
						<-answer
					}
					return nil
				})
				p.run(func() {
					for i := range burst {
						m.Deliver(&commmgr.Message{MsgType: commmgr.CommMsg, CommID: "c", Size: i})
					}
					close(delivered)
				})
				require.Equal(t, burst, handled)
				require.Equal(t, 1, p.wakes, "one Wake for a burst")
				require.LessOrEqual(t, p.longest(), longestTurn)
				total := burst * perCall
				require.LessOrEqual(t, len(p.turns), int(total/(7*time.Millisecond)), "turns are put to use")
			})
		})
	}
}

func TestBurstDoesNotStarveOthers(t *testing.T) {
	onPage(t, func(t *testing.T, p *page, m *managed) {
		served := map[string]int{}
		register := func(id string, h func()) {
			c, err := m.RegisterComm(id, "t", nil)
			require.NoError(t, err)
			c.OnMsg(func(*commmgr.Message) error { h(); p.work(perCall); return nil })
		}
		register("burst", func() {})
		for _, id := range []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"} {
			register(id, func() { served[id] = p.turn() })
		}
		p.run(func() {
			for range burst {
				m.Deliver(&commmgr.Message{MsgType: commmgr.CommMsg, CommID: "burst"})
			}
			for _, id := range []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"} {
				m.Deliver(&commmgr.Message{MsgType: commmgr.CommMsg, CommID: id})
			}
		})
		require.Len(t, served, 10)
		for id, turn := range served {
			require.LessOrEqual(t, turn, 2, "comm %s waited for its message", id)
		}
		require.Greater(t, len(p.turns), 10)
		// The eleven comms run side by side here, and each moves the clock.
		require.LessOrEqual(t, p.longest(), 2*longestTurn)
	})
}
