package commmgr_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
	"gocomm/internal/layer"
)

// advance lets time pass in small steps, as the watchdog sees it.
func advance(k *commmgrtest.Kernel, d time.Duration) {
	for range d / (100 * time.Millisecond) {
		k.Clock.Advance(100 * time.Millisecond)
	}
}

// A handler that is blocked is named, once; others go on, and it is not ended.
func TestWatchdog(t *testing.T) {
	k := commmgrtest.New(t, nil)
	kc, c, gate, got := gated(t, k, nil)
	kc.Send("waits")
	k.Flush()
	advance(k, 9*time.Second)
	require.Empty(t, k.Errors())
	advance(k, 4*time.Second)
	errs := k.AwaitErrors(1)
	require.ErrorIs(t, errs[0], commmgr.ErrBusy)
	require.Regexp(t, `^commmgr: comm_msg: comm "`+kc.ID+`" \(target "t"\): the handler is busy: for 1\d\.\d s so far; 1 messages of its comm wait; other comms go on$`, errs[0].Error())
	advance(k, time.Minute)
	require.Len(t, k.Errors(), 1, "once for a call")
	require.NoError(t, c.Err())
	gate <- struct{}{}
	require.Equal(t, `"first"`, receive(t, got, "the handler's return"))

	require.Eventually(t, func() bool { return c.Queue().Messages == 0 }, patience, time.Millisecond)
	advance(k, 13*time.Second)
	k.AwaitErrors(2)
	require.Equal(t, 2, k.Manager.Stats().Busy, "the next call is another")
	close(gate)
	receive(t, got, "the second")
	awaitIdle(t, k)
	advance(k, time.Minute)
	require.Len(t, k.Errors(), 2)
}

func TestWatchdogSettings(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*host.Options)
		target *commmgr.TargetOptions
		set    func(*commmgr.Manager)
		named  bool
	}{
		{"default", nil, nil, nil, true},
		{"longer", func(o *host.Options) { o.Watchdog = 3600 * commmgr.Second }, nil, nil, false},
		{"none", func(o *host.Options) { o.Watchdog = -1 }, nil, nil, false},
		{"turned off", nil, nil, func(m *commmgr.Manager) { m.SetWatchdog(0) }, false},
		{"turned on", func(o *host.Options) { o.Watchdog = -1 }, nil, func(m *commmgr.Manager) { m.SetWatchdog(commmgr.Second) }, true},
		{"not this target", nil, &commmgr.TargetOptions{Unwatched: true}, nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := commmgrtest.New(t, test.change)
			if test.set != nil {
				test.set(k.Manager)
			}
			_, _, gate, _ := gated(t, k, test.target)
			advance(k, 30*time.Second)
			require.Equal(t, test.named, k.Manager.Stats().Busy == 1)
			close(gate)
			awaitIdle(t, k)
		})
	}
}

// The open handler, and callbacks, are watched too.
func TestWatchdogNamesTheOperation(t *testing.T) {
	k := commmgrtest.New(t, nil)
	gate, called := make(chan struct{}), make(chan struct{})
	_, err := k.Manager.RegisterTarget("t", func(*commmgr.Comm, *commmgr.Message) error {
		close(called)
		<-gate
		return nil
	}, nil)
	require.NoError(t, err)
	k.Open("t", nil)
	receive(t, called, "the open handler")
	advance(k, 15*time.Second)
	require.ErrorContains(t, k.AwaitErrors(1)[0], "commmgr: comm_open: ")
	close(gate)
}

// A call is watched apart from the messages of its comm.
func TestWatchdogNamesCalls(t *testing.T) {
	k := commmgrtest.New(t, nil)
	c, err := k.Manager.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	gate, called := make(chan struct{}), make(chan struct{})
	layer.Go(c, `call "sum"`, func() error {
		close(called)
		<-gate
		return nil
	})
	receive(t, called, "the call")
	advance(k, 9*time.Second)
	require.Empty(t, k.Errors())
	advance(k, 4*time.Second)
	require.Regexp(t, `^commmgr: call "sum": comm "`+c.ID()+`" \(target "t"\): the handler is busy: for 1\d\.\d s so far; messages of its comm go on$`, k.AwaitErrors(1)[0].Error())
	advance(k, time.Minute)
	require.Len(t, k.Errors(), 1, "once for a call")
	close(gate)
	require.Eventually(t, func() bool { return commmgr.Leftovers(k.Manager) == 1 }, patience, time.Millisecond, "the comm is left, which is open")
}

// A handler that keeps the page is named when it returns: nothing else runs meanwhile.
func TestWatchdogSpinning(t *testing.T) {
	var busy []error
	onPage(t, func(t *testing.T, p *page, m *managed) {
		c, err := m.RegisterComm("c", "t", nil)
		require.NoError(t, err)
		c.OnMsg(func(*commmgr.Message) error { p.work(11 * time.Second); return nil })
		p.run(func() { m.Deliver(&commmgr.Message{MsgType: commmgr.CommMsg, CommID: "c"}) })
		require.Equal(t, 1, m.Stats().Busy)
	}, func(o *host.Options) { o.OnError = func(err error) { busy = append(busy, err) } })
	require.Len(t, busy, 1)
	require.True(t, errors.Is(busy[0], commmgr.ErrBusy))
	require.ErrorContains(t, busy[0], `comm "c" (target "t"): the handler is busy: it took 11.0 s`)
}
