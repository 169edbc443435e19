package commmgr_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
)

func TestForeign(t *testing.T) {
	ended := map[int]error{}
	m, w := newWired(func(o *host.Options) { o.ForeignEnded = func(n int, reason error) { ended[n] = reason } })
	require.False(t, m.AdmitForeign(0), "nobody is there yet")
	require.NoError(t, m.AcceptForeign(3, true))
	require.NoError(t, m.RegisterForeign(1))
	require.True(t, m.AdmitForeign(3))
	require.True(t, m.AdmitForeign(1))
	require.False(t, m.AdmitForeign(2), "a number that was not given")
	m.EndForeign(3)
	m.EndForeign(99)
	require.False(t, m.AdmitForeign(3))
	require.NoError(t, m.RegisterForeign(3), "the number is free again")
	m.EndForeign(3)
	require.NoError(t, m.RegisterForeign(0))
	s := m.Stats()
	require.Equal(t, []int{1, 2, 3}, []int{s.Opened, s.Messages, s.Unknown})
	require.Empty(t, m.Comms())
	require.Empty(t, ended, "the keeper knows of these")
	m.EndComms(commmgr.ErrKernelGone)
	require.Equal(t, map[int]error{0: commmgr.ErrKernelGone, 1: commmgr.ErrKernelGone}, ended)
	require.False(t, m.AdmitForeign(1))
	require.NoError(t, m.AcceptForeign(0, false))
	m.Detach()
	require.Equal(t, commmgr.ErrDetached, ended[0])
	require.Equal(t, commmgr.ErrDetached, m.AcceptForeign(0, true))
	require.Equal(t, commmgr.ErrDetached, m.RegisterForeign(0))
	require.False(t, m.AdmitForeign(0))
	require.Empty(t, w.Sent())
	require.Empty(t, w.Errors())
}

func TestForeignChecked(t *testing.T) {
	m, w := newWired(func(o *host.Options) { o.Taken = func(id string) bool { return id == "elsewhere" } })
	_, err := m.RegisterComm("a", "t", nil)
	require.NoError(t, err)
	for id, want := range map[string]error{"a": commmgr.ErrDuplicateID, "elsewhere": commmgr.ErrDuplicateID,
		"ä": commmgr.ErrBadName, "": commmgr.ErrBadName, "__proto__": commmgr.ErrBadName} {
		err := m.CheckForeign(id, "t")
		require.ErrorIs(t, err, want, id)
		require.ErrorContains(t, err, "register_comm")
	}
	require.ErrorIs(t, m.CheckForeign("b", "constructor"), commmgr.ErrBadName)
	require.NoError(t, m.CheckForeign("b", "t"))
	_, err = m.RegisterComm("elsewhere", "t", nil)
	require.ErrorIs(t, err, commmgr.ErrDuplicateID, "the index has it")
	m.Deliver(&commmgr.Message{MsgType: commmgr.CommOpen, CommID: "elsewhere", TargetName: "t"})
	require.ErrorIs(t, w.Errors()[0], commmgr.ErrDuplicateID)
	require.Equal(t, 1, m.Stats().Duplicate)
	m.Detach()
	require.ErrorIs(t, m.CheckForeign("b", "t"), commmgr.ErrDetached)
}

func TestForeignOpenFails(t *testing.T) {
	m, w := newWired(nil)
	require.NoError(t, m.AcceptForeign(0, true))
	m.RefuseForeign(0, "a", "t", errBoom)
	require.ErrorIs(t, w.Errors()[0], errBoom)
	require.ErrorIs(t, w.Errors()[0], commmgr.ErrHandler)
	require.Equal(t, commmgr.CommClose, w.Sent()[0].MsgType)
	require.Equal(t, "a", w.Sent()[0].CommID)
	require.Contains(t, string(w.Sent()[0].Data), errBoom.Error())
	require.False(t, m.AdmitForeign(0))
	require.Equal(t, 1, m.Stats().Failed)
	require.NoError(t, m.AcceptForeign(0, false))
	m.RefuseForeign(0, "another's", "t", errBoom)
	require.Len(t, w.Sent(), 1, "another client's comm is not ours to close")
	require.Len(t, w.Errors(), 2)
}

func TestYield(t *testing.T) {
	l := &ledger{}
	var unbound []string
	m, w := newWired(func(o *host.Options) { o.Unbound = func(c *commmgr.Comm) { unbound = append(unbound, c.ID()) } })
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
