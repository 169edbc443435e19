package reliable_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/reliable"
	"gocomm/commmgr/typed"
)

func TestBothWays(t *testing.T) {
	p := newPair(t, reliable.Options{})
	for range 300 {
		require.True(t, p.send(p.page))
		require.True(t, p.send(p.other))
	}
	p.finish()
	require.True(t, reliable.Reliable(p.page.comm))
	require.True(t, reliable.Reliable(p.other.comm))
	// One hello, one for 64 messages, some because of time; and nothing when there is nothing to say.
	require.Less(t, p.page.all+p.other.all, 600+30)
	before := p.page.all + p.other.all
	p.clock.Advance(time.Minute)
	require.Equal(t, before, p.page.all+p.other.all)
}

// TestTheLastIsLost is a loss that no later message shows.
func TestTheLastIsLost(t *testing.T) {
	p := newPair(t, reliable.Options{})
	p.settle()
	for range 10 {
		p.send(p.other)
	}
	for range 3 {
		p.deliver(p.other)
	}
	p.other.link = nil
	p.clock.Advance(450 * time.Millisecond) // the probe
	p.settle()
	require.Len(t, p.page.got, 10) // they are handled inline
	p.finish()
}

func TestFullBufferRefuses(t *testing.T) {
	p := newPair(t, reliable.Options{Messages: 5})
	p.settle()
	for range 5 {
		require.True(t, p.send(p.page))
	}
	_, err := p.page.comm.Send(nil)
	require.ErrorIs(t, err, reliable.ErrUnacked)
	require.EqualError(t, err, `commmgr: send: comm "comm" (target "t"): reliable: too many messages are unacknowledged: 5; `+
		`wait until the kernel has acknowledged some, or raise Options.Messages and Bytes`)
	require.Equal(t, 5, reliable.Unacked(p.page.comm))
	p.finish()
	require.True(t, p.send(p.page))
	p.finish()
}

// TestPlain has a kernel that knows nothing of reliable comms.
func TestPlain(t *testing.T) {
	k := commmgrtest.New(t, nil)
	var kernel *commmgrtest.Comm
	k.RegisterTarget("t", func(c *commmgrtest.Comm, _ commmgrtest.Message) { kernel = c })
	plain := make(chan bool, 1)
	c, err := reliable.Open(k.Manager, "t", nil, &reliable.Options{Messages: 3, OnPlain: func(*commmgr.Comm) { plain <- true }})
	require.NoError(t, err)
	got := make(chan string, 10)
	c.OnMsg(func(msg *commmgr.Message) error {
		data, err := msg.Data()
		got <- string(data)
		return err
	})
	for range 3 {
		_, err = c.Send(nil)
		require.NoError(t, err)
	}
	_, err = c.Send(nil)
	require.ErrorIs(t, err, reliable.ErrUnacked)
	k.Flush()
	kernel.Send("hello")
	require.Equal(t, `"hello"`, <-got)
	k.Clock.Advance(4900 * time.Millisecond)
	require.Empty(t, plain)
	k.Clock.Advance(200 * time.Millisecond)
	require.True(t, <-plain)
	require.False(t, reliable.Reliable(c))
	for range 10 {
		_, err = c.Send(&commmgr.Payload{Data: []byte(`"after"`)})
		require.NoError(t, err)
	}
	k.Flush()
	for _, msg := range kernel.Await(14)[1:4] {
		require.Equal(t, "{}", string(msg.Data), "a kernel that knows nothing gets the user's messages alone")
	}
	require.Len(t, kernel.Received(), 14)
	require.Empty(t, k.Errors())
}

// TestPlainTarget is a comm that the kernel does not open as a reliable one.
func TestPlainTarget(t *testing.T) {
	k := commmgrtest.New(t, nil)
	opened := make(chan *commmgr.Comm, 1)
	_, err := k.Manager.RegisterTarget("t", reliable.Accept(func(c *commmgr.Comm, _ *commmgr.Message) error {
		opened <- c
		return nil
	}, nil), nil)
	require.NoError(t, err)
	kernel := k.Open("t", nil)
	c := <-opened
	require.False(t, reliable.Reliable(c))
	require.Zero(t, reliable.Unacked(c))
	_, err = c.Send(&commmgr.Payload{Data: []byte("1")})
	require.NoError(t, err)
	require.Equal(t, "{}", string(kernel.Await(1)[0].Metadata))
}

// TestLostIsTold has a sender that had to give messages up: it took the other side for one that
// knows nothing.
func TestLostIsTold(t *testing.T) {
	p := newPair(t, reliable.Options{})
	p.page.pop(0) // the page's hello
	for range 10 {
		p.send(p.other)
	}
	for range 7 {
		p.deliver(p.other)
	}
	p.other.link = nil
	for range 60 { // whatever the page says does not arrive
		p.clock.Advance(100 * time.Millisecond)
		for p.page.pop(0) != nil {
		}
	}
	require.Eventually(t, func() bool { p.other.mu.Lock(); defer p.other.mu.Unlock(); return p.other.plain }, 10*time.Second, time.Millisecond)
	require.False(t, reliable.Reliable(p.other.comm))
	p.send(p.other)
	p.settle()
	p.clock.Advance(time.Second)
	p.settle()
	require.True(t, reliable.Reliable(p.other.comm))
	require.Eventually(t, func() bool { p.page.mu.Lock(); defer p.page.mu.Unlock(); return len(p.page.lost) > 0 }, 10*time.Second, time.Millisecond)
	require.Equal(t, []reliable.LostError{{From: 8, To: 10}}, p.page.lost)
	require.Equal(t, []int{0, 1, 2, 3, 4, 5, 6, 10}, p.page.got)
	require.EqualError(t, &p.page.lost[0], "reliable: the messages 8 to 10 are lost: the sender keeps them no more")
}

// TestResume is a page that was reloaded: its new program takes the comm up again.
func TestResume(t *testing.T) {
	for _, known := range []bool{true, false} {
		p := newPair(t, reliable.Options{})
		p.settle()
		for range 200 {
			p.send(p.other)
			p.send(p.page)
		}
		p.settle()
		for range 100 {
			p.send(p.other)
		}
		for range 50 {
			p.deliver(p.other)
		}
		p.page.link, p.other.link = nil, nil
		at := reliable.PositionOf(p.page.comm)
		require.EqualValues(t, 250, at.Last)
		require.Len(t, at.Stream, 16)

		p.page.driver.Detach() // it was inline: its handlers have returned
		old := p.page
		p.page = newSide(p.clock)
		c, err := p.page.m.RegisterComm("comm", "t", nil)
		require.NoError(t, err)
		if !known {
			at = reliable.Position{}
		}
		p.page.comm = c
		require.NoError(t, reliable.Resume(c, at, p.page.options(reliable.Options{})))
		p.page.take(c)
		p.send(p.other)
		p.page.sent = 200 // goes on with the numbers of before
		for range 100 {
			p.send(p.page)
		}
		if known {
			p.page.got = append([]int(nil), old.got...)
			p.finish()
			continue
		}
		for i := 0; i < 100 && !(reliable.Unacked(p.page.comm) == 0 && reliable.Unacked(p.other.comm) == 0); i++ {
			p.settle()
			p.clock.Advance(50 * time.Millisecond)
		}
		require.Eventually(t, func() bool { p.other.mu.Lock(); defer p.other.mu.Unlock(); return len(p.other.got) == 300 }, 10*time.Second, time.Millisecond)
		require.Eventually(t, func() bool {
			p.page.mu.Lock()
			defer p.page.mu.Unlock()
			return len(p.page.got) > 0 && p.page.got[len(p.page.got)-1] == 300
		}, 10*time.Second, time.Millisecond)
		first := p.page.got[0]
		require.LessOrEqual(t, first, 250, "all that was unacknowledged comes again")
		for i, n := range p.page.got {
			require.Equal(t, first+i, n)
		}
	}
}

// TestAnotherTab reads what another client has opened: it acknowledges nothing, sees nothing
// twice, and none of the protocol's messages.
func TestAnotherTab(t *testing.T) {
	k := commmgrtest.New(t, nil)
	got := make(chan string, 10)
	_, err := k.Manager.RegisterTarget("t", reliable.Accept(func(c *commmgr.Comm, _ *commmgr.Message) error {
		c.OnMsg(func(msg *commmgr.Message) error {
			data, err := msg.Data()
			got <- string(data)
			return err
		})
		return nil
	}, nil), nil)
	require.NoError(t, err)
	head := `{"header": {"msg_type": "comm_`
	parent := `"parent_header": {"session": "another"}, "metadata": {"gocomm": `
	k.Deliver(head + `open"}, ` + parent + `{"reliable": 1, "stream": "00aa"}}, "content": {"comm_id": "c", "target_name": "t", "data": {}}}`)
	for _, note := range []string{`{"s": 1}`, `{"s": 2}`, `{"s": 1}`, `{"k": "tail", "n": 4}`, `{"s": 4}`, `{"s": 3}`} {
		k.Deliver(head + `msg"}, ` + parent + note + `}, "content": {"comm_id": "c", "data": ` + note + `}}`)
	}
	for _, want := range []string{`{"s": 1}`, `{"s": 2}`, `{"s": 4}`} {
		require.Equal(t, want, <-got)
	}
	k.Flush()
	k.Clock.Advance(time.Minute)
	require.Empty(t, k.Sent())
	require.Empty(t, got)
}

// TestCalls has calls on a reliable comm, of which messages are lost.
func TestCalls(t *testing.T) {
	p := newPair(t, reliable.Options{})
	typed.Handle(p.page.comm, "double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })
	done := make(chan error, 1)
	var got int
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		var err error
		got, err = typed.Call[int](ctx, p.other.comm, "double", 21)
		done <- err
	}()
	lost := 0
	for {
		select {
		case err := <-done:
			require.NoError(t, err)
			require.Equal(t, 42, got)
			require.Equal(t, 2, lost)
			return
		case <-time.After(time.Millisecond):
		}
		for _, s := range []*side{p.page, p.other} {
			if o := s.pop(0); o != nil {
				if len(o.Data) > 12 && string(o.Data[:11]) == `{"gocomm":"` && (o.Data[11] == 'c' || string(o.Data[11:14]) == "res" && o.Data[14] == 'u') && lost < 2 {
					lost++
				} else {
					p.arrive(s, o)
				}
			}
		}
		p.clock.Advance(20 * time.Millisecond)
	}
}

// TestInUse is a comm on which calls were set up before.
func TestInUse(t *testing.T) {
	k := commmgrtest.New(t, nil)
	c, err := k.Manager.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	typed.Handle(c, "m", func(context.Context, int) (int, error) { return 0, nil })
	require.ErrorContains(t, reliable.Resume(c, reliable.Position{}, nil), "in use already")
}
