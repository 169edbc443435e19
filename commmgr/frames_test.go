package commmgr_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
)

const frame = time.Second / 60

// display is one whose frames come when the test says.
type display chan func()

func (d display) give(o *host.Options) { o.NextFrame = func(f func()) { d <- f } }

// asked gives what is to be called at the next frame. A comm asks for one only when the
// goroutine that handled its last message has ended.
func (d display) asked(t *testing.T) func() {
	t.Helper()
	return receive(t, d, "the question for a frame")
}

// Messages wait for the next frame, and those that come meanwhile for the one after.
func TestEachFrame(t *testing.T) {
	d := make(display, 9)
	k := commmgrtest.New(t, d.give)
	kc, c, gate, got := gated(t, k, &commmgr.TargetOptions{EachFrame: true})
	close(gate)
	for frames := range 3 {
		kc.Send(frames)
		kc.Send("and more")
		k.Flush()
		awaitIdle(t, k)
		require.Empty(t, got, "before the frame")
		require.Equal(t, 2, c.Queue().Messages)
		d.asked(t)()
		require.Equal(t, string(rune('0'+frames)), receive(t, got, "a message"))
		require.Equal(t, `"and more"`, receive(t, got, "another"))
	}
	kc.Send("last")
	kc.Close(nil)
	require.Equal(t, `"last"`, receive(t, got, "what waits at the end"), "a comm that has ended waits for no frame")
	require.Equal(t, "closed", receive(t, got, "OnClose"))
}

// With Merge, a handler sees one message for each key and frame.
func TestEachFrameLatest(t *testing.T) {
	d := make(display, 9)
	k := commmgrtest.New(t, d.give)
	kc, c, gate, got := gated(t, k, &commmgr.TargetOptions{EachFrame: true, Merge: commmgr.ByField("name")})
	close(gate)
	for i := range 1000 {
		kc.Send(update{"x", i})
		kc.Send(update{"y", i})
	}
	k.Flush()
	require.Equal(t, 2, c.Queue().Messages)
	d.asked(t)()
	require.JSONEq(t, `{"name":"x","value":999}`, receive(t, got, "x"))
	require.JSONEq(t, `{"name":"y","value":999}`, receive(t, got, "y"))

	c.EachFrame(false)
	kc.Send(update{"x", 1})
	require.JSONEq(t, `{"name":"x","value":1}`, receive(t, got, "x"), "no frame is waited for")
}

// Turned off, what waited for a frame waits no longer; a comm that is closed asks for none.
func TestEachFrameOffAndClosed(t *testing.T) {
	d := make(display, 9)
	k := commmgrtest.New(t, d.give)
	kc, c, gate, got := gated(t, k, &commmgr.TargetOptions{EachFrame: true})
	close(gate)
	kc.Send(1)
	k.Flush()
	awaitIdle(t, k)
	require.Empty(t, got)
	c.EachFrame(false)
	require.Equal(t, "1", receive(t, got, "the message"))
	c.EachFrame(true)
	d.asked(t)()
	kc.Send(2)
	k.Flush()
	onFrame := d.asked(t)
	require.NoError(t, c.Close(nil))
	onFrame()
	awaitIdle(t, k)
	require.Empty(t, got)
}

// A page that is hidden has no frames. A message that comes a second after the frame was asked for
// stands for one, and so does one that leaves the queue half full: no stream overflows there.
func TestEachFrameWithoutFrames(t *testing.T) {
	d := make(display, 9)
	k := commmgrtest.New(t, d.give)
	kc, c, gate, got := gated(t, k, &commmgr.TargetOptions{EachFrame: true, Limits: commmgr.Limits{Messages: 20}})
	close(gate)
	for range 3 {
		kc.Send(1)
		k.Clock.Advance(time.Second - 1)
		kc.Send(2)
		k.Flush()
		awaitIdle(t, k)
		require.Empty(t, got)
		k.Clock.Advance(2 * time.Second)
		kc.Send(3)
		for _, want := range []string{"1", "2", "3"} {
			require.Equal(t, want, receive(t, got, "a message"))
		}
		awaitIdle(t, k)
	}
	for n := range 100 {
		kc.Send(n)
		k.Flush()
		require.Eventually(t, func() bool { return c.Queue().Messages <= 10 }, patience, time.Microsecond, "half full, at message %d", n)
	}
	require.NoError(t, c.Err())
	require.Less(t, c.Queue().MaxMessages, 20)
	require.Len(t, d, 1, "asked for once")

	// Where it is shown again, the frame that was asked for comes.
	c.SetLimits(commmgr.Limits{})
	kc.Send("newest")
	for end := time.After(patience); ; {
		select {
		case onFrame := <-d:
			onFrame()
		case data := <-got:
			if data == `"newest"` {
				return
			}
		case <-end:
			t.Fatal("the newest message was not handled")
		}
	}
}

// Where nobody tells of frames, the clock gives 60 in a second.
func TestFramesOfTheClock(t *testing.T) {
	k := commmgrtest.New(t, nil)
	kc, _, gate, got := gated(t, k, &commmgr.TargetOptions{EachFrame: true})
	close(gate)
	kc.Send(1)
	k.Flush()
	require.Eventually(t, func() bool { k.Clock.Advance(frame); return len(got) == 1 }, patience, time.Millisecond)
}

// A frame is asked for once for all comms, of whoever gives them.
func TestNextFrame(t *testing.T) {
	d := make(display, 9)
	k := commmgrtest.New(t, d.give)
	kc, _, gate, got := gated(t, k, &commmgr.TargetOptions{EachFrame: true})
	close(gate)
	for range 10 {
		kc.Send(1)
	}
	k.Flush()
	awaitIdle(t, k)
	onFrame := d.asked(t)
	require.Empty(t, d, "asked for once")
	onFrame()
	for range 10 {
		receive(t, got, "a message")
	}
	k.Flush()
	awaitIdle(t, k)
	require.Empty(t, d, "nobody waits")
}
