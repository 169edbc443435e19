package commmgr_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
)

func TestForeign(t *testing.T) {
	l := &ledger{}
	var bound, unbound []string
	m, w := newWired(func(o *commmgr.Options) {
		o.Bound = func(c *commmgr.Comm) { bound = append(bound, c.ID()) }
		o.Unbound = func(c *commmgr.Comm) { unbound = append(unbound, c.ID()) }
	})
	c := m.AcceptOpen("a", "t", true)
	require.NotNil(t, c)
	require.True(t, c.Foreign())
	require.True(t, c.Own())
	require.Same(t, c, m.Comm("a"))
	require.True(t, c.Admit())
	c.End(commmgr.ErrClosedByKernel)
	require.ErrorIs(t, c.Err(), commmgr.ErrClosedByKernel)
	require.Empty(t, w.Errors())
	require.False(t, c.Admit())
	require.ErrorIs(t, w.Errors()[0], commmgr.ErrUnknownComm)
	<-c.Done()
	require.Equal(t, []string{"a"}, bound)
	require.Equal(t, bound, unbound)
	require.Equal(t, 2, m.Stats().Messages)
	require.True(t, l.settled())
}

func TestForeignRefused(t *testing.T) {
	m, w := newWired(nil)
	require.NotNil(t, m.AcceptOpen("a", "t", true))
	require.Nil(t, m.AcceptOpen("a", "t", true), "the first wins")
	require.ErrorIs(t, w.Errors()[0], commmgr.ErrDuplicateID)
	require.Nil(t, m.AcceptOpen("__proto__", "t", true))
	require.Nil(t, m.AcceptOpen("b", "", true))
	require.ErrorIs(t, w.Errors()[1], commmgr.ErrMalformed)
	require.Equal(t, 2, m.Stats().Malformed)
	_, err := m.RegisterForeign("a", "t")
	require.ErrorIs(t, err, commmgr.ErrDuplicateID)
	_, err = m.RegisterForeign("ä", "t")
	require.ErrorIs(t, err, commmgr.ErrBadName)
	c, err := m.RegisterForeign("c", "t")
	require.NoError(t, err)
	require.True(t, c.Foreign())
	m.Close()
	require.ErrorIs(t, c.Err(), commmgr.ErrDetached)
	require.Nil(t, m.AcceptOpen("d", "t", true))
}

func TestForeignOpenFails(t *testing.T) {
	m, w := newWired(nil)
	m.AcceptOpen("a", "t", true).Refuse(errBoom)
	require.ErrorIs(t, w.Errors()[0], errBoom)
	require.ErrorIs(t, w.Errors()[0], commmgr.ErrHandler)
	require.Equal(t, commmgr.CommClose, w.Sent()[0].MsgType)
	require.Contains(t, string(w.Sent()[0].Data), errBoom.Error())
	require.Nil(t, m.Comm("a"))
	m.AcceptOpen("another's", "t", false).Refuse(errBoom)
	require.Len(t, w.Sent(), 1, "another client's comm is not ours to close")
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
