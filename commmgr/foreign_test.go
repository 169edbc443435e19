package commmgr_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
)

// elsewhere is a set of foreign targets.
type elsewhere struct {
	names map[string]bool
	open  commmgr.OpenFunc
}

func (e *elsewhere) Has(target string) bool                            { return e.names[target] }
func (e *elsewhere) Open(c *commmgr.Comm, open *commmgr.Message) error { return e.open(c, open) }

func TestForeign(t *testing.T) {
	l := &ledger{}
	var got []string
	f := &elsewhere{names: map[string]bool{"t": true}, open: func(c *commmgr.Comm, _ *commmgr.Message) error {
		got = append(got, "open "+c.ID())
		c.OnMsg(func(msg *commmgr.Message) error { got = append(got, data(t, msg)); return nil })
		c.OnClose(func(msg *commmgr.Message) error { got = append(got, data(t, msg)); return nil })
		return nil
	}}
	m, w := newWired(func(o *commmgr.Options) { o.Foreign = f })
	m.Deliver(l.message(commmgr.CommOpen, "a", ""))
	m.Deliver(l.message(commmgr.CommMsg, "a", "msg"))
	m.Deliver(l.message(commmgr.CommClose, "a", "close"))
	require.Equal(t, []string{"open a", "msg", "close"}, got, "all within Deliver")

	f.names, got = nil, nil
	m.Deliver(l.message(commmgr.CommOpen, "b", ""))
	m.Deliver(l.message(commmgr.CommMsg, "b", "held"))
	m.TargetAdded("t") // not ours, nor theirs
	require.Empty(t, got)
	f.names = map[string]bool{"t": true}
	m.TargetAdded("t")
	require.Equal(t, []string{"open b", "held"}, got)
	require.True(t, l.settled())
	require.Empty(t, w.Errors())

	_, err := m.RegisterTarget("t", func(c *commmgr.Comm, _ *commmgr.Message) error {
		got = append(got, "ours")
		return nil
	}, &commmgr.TargetOptions{Inline: true})
	require.NoError(t, err)
	m.Deliver(l.message(commmgr.CommOpen, "c", ""))
	require.Equal(t, "ours", got[len(got)-1], "our own come first")
	m.Deliver(l.message(commmgr.CommMsg, "c", "no handler"))
	require.Equal(t, 1, m.Stats().Discarded)
}

func TestForeignOpenFails(t *testing.T) {
	l := &ledger{}
	f := &elsewhere{names: map[string]bool{"t": true}, open: func(*commmgr.Comm, *commmgr.Message) error { return errBoom }}
	m, w := newWired(func(o *commmgr.Options) { o.Foreign = f })
	m.Deliver(l.message(commmgr.CommOpen, "a", ""))
	require.ErrorIs(t, w.Errors()[0], errBoom)
	require.Equal(t, commmgr.CommClose, w.Sent()[0].MsgType)
	require.Nil(t, m.Comm("a"))
	require.True(t, l.settled())
}

func TestYield(t *testing.T) {
	l := &ledger{}
	var unbound []string
	m, w := newWired(func(o *commmgr.Options) { o.Unbound = func(c *commmgr.Comm) { unbound = append(unbound, c.ID()) } })
	var want []*commmgr.Message
	for _, id := range []string{"a", "b"} {
		for _, msgType := range []string{commmgr.CommOpen, commmgr.CommMsg} {
			msg := l.message(msgType, id, "")
			m.Deliver(msg)
			want = append(want, msg)
		}
	}
	other := l.message(commmgr.CommOpen, "other", "")
	other.TargetName = "other"
	m.Deliver(other)
	c := m.Comm("a")
	got := m.Yield("t")
	require.Len(t, got, len(want))
	for i := range want {
		require.Same(t, want[i], got[i])
		_, err := got[i].JSON(commmgr.Data)
		require.NoError(t, err, "they are not released")
	}
	require.ErrorIs(t, c.Err(), commmgr.ErrTargetTaken)
	require.Equal(t, []string{"a", "b"}, unbound)
	require.NotNil(t, m.Comm("other"))
	require.Empty(t, m.Yield("t"))
	require.Empty(t, w.Sent())
	require.Empty(t, w.Errors())
}
