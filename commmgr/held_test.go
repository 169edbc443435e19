package commmgr_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
)

const grace = time.Duration(host.DefaultGrace)

// TestHeld: what came before its target is delivered in order when it appears.
func TestHeld(t *testing.T) {
	for _, inline := range []bool{false, true} {
		t.Run("inline="+strconv.FormatBool(inline), func(t *testing.T) {
			k := commmgrtest.New(t, nil)
			for i := range 3 {
				kc := k.Open("t", i)
				kc.Send("first")
				kc.Send("second")
				if i == 1 {
					kc.Close("bye")
				}
			}
			k.Flush()
			require.Empty(t, k.Manager.Comms(), "held comms are not open yet")
			got := make(chan string, 100)
			_, err := k.Manager.RegisterTarget("t", func(c *commmgr.Comm, open *commmgr.Message) error {
				who := data(t, open)
				c.OnMsg(func(msg *commmgr.Message) error { got <- who + data(t, msg); return nil })
				c.OnClose(func(msg *commmgr.Message) error { got <- who + data(t, msg); return nil })
				got <- who
				return nil
			}, &commmgr.TargetOptions{Inline: inline})
			require.NoError(t, err)
			per := map[byte][]string{}
			var order []string
			for range 10 {
				s := receive(t, got, "what was held")
				per[s[0]] = append(per[s[0]], s)
				order = append(order, s)
			}
			require.Equal(t, []string{"0", `0"first"`, `0"second"`}, per['0'])
			require.Equal(t, []string{"1", `1"first"`, `1"second"`, `1"bye"`}, per['1'])
			require.Equal(t, []string{"2", `2"first"`, `2"second"`}, per['2'])
			if inline {
				require.IsNonDecreasing(t, []byte{order[0][0], order[3][0], order[7][0]})
			}
			require.Len(t, k.Manager.Comms(), 2)
			k.Clock.Advance(2 * grace)
			require.Len(t, k.Manager.Comms(), 2, "the grace period is over and done with")
			require.Empty(t, k.Errors())
			require.Equal(t, commmgr.Stats{Opened: 3, Messages: 6, Held: 3}, k.Manager.Stats())
		})
	}
}

func TestGraceExpires(t *testing.T) {
	k := commmgrtest.New(t, nil)
	ours := k.Open("nobody", nil)
	ours.Send(1)
	theirs := k.OpenAs("someone else", "nobody", nil)
	k.Flush()
	k.Clock.Advance(grace - 1)
	require.Empty(t, k.Sent())
	k.Clock.Advance(1)
	closing := ours.Await(1)[0]
	require.Equal(t, commmgr.CommClose, closing.MsgType)
	want := `commmgr: comm_open: comm "` + ours.ID + `" (target "nobody"): no such target; nobody registered it in time: is its program loaded, the name spelt right?`
	require.JSONEq(t, `{"reason":`+quoted(want)+`}`, string(closing.Data))
	require.EqualError(t, k.Errors()[0], want)
	require.ErrorIs(t, k.Errors()[0], commmgr.ErrNoTarget)
	require.Len(t, k.Errors(), 1, "the second is of the same episode")
	k.Flush()
	require.Empty(t, theirs.Received(), "another client's comm is not ours to answer for")
	require.Nil(t, k.Manager.Comm(theirs.ID))
	require.Equal(t, 2, k.Manager.Stats().NoTarget)

	ours.Send(2) // is unknown now
	require.ErrorIs(t, k.AwaitErrors(2)[1], commmgr.ErrUnknownComm)
}

func TestNoGrace(t *testing.T) {
	k := commmgrtest.New(t, func(o *host.Options) { o.Grace = -1 })
	kc := k.Open("nobody", nil)
	require.Contains(t, string(kc.Await(1)[0].Data), "no such target")
}

func TestHeldLimits(t *testing.T) {
	tests := []struct {
		name string
		size int
		n    int
	}{
		{"messages", 1, 65_536},
		{"bytes", 1 << 20, 64},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := &ledger{}
			m, w := newWired(nil)
			open := func(id string) {
				msg := l.message(commmgr.CommOpen, id, "")
				msg.Size = test.size
				m.Deliver(msg)
			}
			for i := range test.n {
				open("c" + strconv.Itoa(i))
			}
			require.Empty(t, w.Errors())
			require.EqualValues(t, 0, l.released.Load())
			open("one too many")
			require.Len(t, w.Errors(), 1)
			require.ErrorIs(t, w.Errors()[0], commmgr.ErrOverflow)
			require.ErrorContains(t, w.Errors()[0], `comm_open: comm "one too many"`)
			require.ErrorContains(t, w.Errors()[0], "its target was not registered yet")
			require.Len(t, w.Sent(), 1)
			require.Equal(t, commmgr.CommClose, w.Sent()[0].MsgType)

			require.NoError(t, m.Comm("c0").Close(nil), "closing a held comm makes room")
			open("fits")
			require.Len(t, w.Errors(), 1)
			m.Detach()
			require.True(t, l.settled(), "all messages are released")
		})
	}
}

// A held comm that is ended before its target appears is never opened.
func TestHeldCommEnds(t *testing.T) {
	tests := []struct {
		name string
		end  func(*managed)
	}{
		{"Close", func(m *managed) { m.Comm("c").Close(nil) }},
		{"EndComms", func(m *managed) { m.EndComms(errBoom) }},
		{"EndComms after a close by the kernel", func(m *managed) {
			m.Deliver((&ledger{}).message(commmgr.CommClose, "c", ""))
			m.EndComms(errBoom)
		}},
		{"Close in Bound", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := &ledger{}
			clock := &commmgrtest.Clock{}
			m, w := newWired(func(o *host.Options) {
				o.Clock = clock
				if test.end == nil {
					o.Bound = func(c *commmgr.Comm) { c.Close(nil) }
				}
			})
			m.Deliver(l.message(commmgr.CommOpen, "c", ""))
			if test.end != nil {
				m.Deliver(l.message(commmgr.CommMsg, "c", ""))
				test.end(m)
			}
			require.True(t, l.settled(), "its messages are released")
			_, err := m.RegisterTarget("t", func(*commmgr.Comm, *commmgr.Message) error {
				t.Error("it was opened")
				return nil
			}, &commmgr.TargetOptions{Inline: true})
			require.NoError(t, err)
			clock.Advance(2 * grace)
			require.Empty(t, w.Errors())
			require.Nil(t, m.Comm("c"))
		})
	}
}

// What is delivered while a held inline comm catches up comes after what it was
// held with.
func TestInlineCatchesUpInOrder(t *testing.T) {
	l := &ledger{}
	m, _ := newWired(nil)
	m.Deliver(l.message(commmgr.CommOpen, "c", ""))
	m.Deliver(l.message(commmgr.CommMsg, "c", "held"))
	var got []string
	_, err := m.RegisterTarget("t", func(c *commmgr.Comm, _ *commmgr.Message) error {
		c.OnMsg(func(msg *commmgr.Message) error { got = append(got, data(t, msg)); return nil })
		m.Deliver(l.message(commmgr.CommMsg, "c", "later"))
		return nil
	}, &commmgr.TargetOptions{Inline: true})
	require.NoError(t, err)
	m.Deliver(l.message(commmgr.CommMsg, "c", "last"))
	require.Equal(t, []string{"held", "later", "last"}, got)
	require.True(t, l.settled())
}

func TestTaken(t *testing.T) {
	m, w := newWired(func(o *host.Options) { o.Taken = func(id string) bool { return id == "elsewhere" } })
	_, err := m.RegisterComm("elsewhere", "t", nil)
	require.ErrorIs(t, err, commmgr.ErrDuplicateID, "the index has it")
	m.Deliver(&commmgr.Message{MsgType: commmgr.CommOpen, CommID: "elsewhere", TargetName: "t"})
	require.ErrorIs(t, w.Errors()[0], commmgr.ErrDuplicateID)
	require.Equal(t, 1, m.Stats().Duplicate)
}
