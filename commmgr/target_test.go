package commmgr_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
	"gocomm/internal/nametest"
)

// opens is an open handler that does nothing.
func opens(*commmgr.Comm, *commmgr.Message) error { return nil }

func TestNewNeedsOptions(t *testing.T) {
	require.PanicsWithValue(t, "host: New: Options.Transport, Clock and NewID are required",
		func() { manage(host.Options{}) })
}

func TestReplaceAndUnregister(t *testing.T) {
	k := commmgrtest.New(t, func(o *host.Options) { o.Grace = -1 })
	m := k.Manager
	served := make(chan string, 10)
	open := func(who string) commmgr.OpenFunc {
		return func(c *commmgr.Comm, _ *commmgr.Message) error {
			c.OnMsg(func(*commmgr.Message) error { served <- who + " msg"; return nil })
			served <- who
			return nil
		}
	}
	first, err := m.RegisterTarget("t", open("first"), nil)
	require.NoError(t, err)
	require.Equal(t, "t", first.Name())
	old := k.Open("t", nil)
	require.Equal(t, "first", receive(t, served, "the first"))

	second, err := m.RegisterTarget("t", open("second"), nil)
	require.NoError(t, err)
	k.Open("t", nil)
	require.Equal(t, "second", receive(t, served, "the second"))
	old.Send(1)
	require.Equal(t, "first msg", receive(t, served, "the first comm's handler"))

	first.Unregister() // replaced: it takes nothing away
	require.Equal(t, []string{"t"}, m.Targets())
	second.Unregister()
	second.Unregister()
	require.Empty(t, m.Targets())
	old.Send(2)
	require.Equal(t, "first msg", receive(t, served, "a comm that outlives its target"))
	kc := k.Open("t", nil)
	require.Equal(t, commmgr.CommClose, kc.Await(1)[0].MsgType)
}

func TestBadNames(t *testing.T) {
	m, w := newWired(nil)
	for _, test := range nametest.Cases() {
		_, target := m.RegisterTarget(test.Name, opens, nil)
		_, comm := m.RegisterComm(test.Name, "t", nil)
		if test.Fault == "" {
			require.NoError(t, target, test.Name)
			require.NoError(t, comm, test.Name)
			m.Comm(test.Name).End(commmgr.ErrClosedHere)
			continue
		}
		_, open := m.Open(test.Name, nil)
		for _, c := range []struct {
			err  error
			what string
		}{{target, "the target name "}, {comm, "the comm id "}, {open, "the target name "}} {
			require.ErrorIs(t, c.err, commmgr.ErrBadName, test.Name)
			require.ErrorContains(t, c.err, "bad name: "+c.what+test.Fault)
		}
		require.ErrorContains(t, target, "commmgr: register_target")
	}
	require.Empty(t, m.Comms())
	require.Empty(t, w.Sent())
}

func TestClaim(t *testing.T) {
	var claimed, unclaimed []string
	m, _ := newWired(func(o *host.Options) {
		o.Claim = func(target string) error {
			if target == "taken" {
				return commmgr.ErrTargetTaken
			}
			claimed = append(claimed, target)
			return nil
		}
		o.Unclaim = func(target string) { unclaimed = append(unclaimed, target) }
	})
	_, err := m.RegisterTarget("taken", opens, nil)
	require.ErrorIs(t, err, commmgr.ErrTargetTaken)
	require.EqualError(t, err, `commmgr: register_target (target "taken"): the target is taken by another program`)
	require.Empty(t, m.Targets())

	a, err := m.RegisterTarget("mine", opens, nil)
	require.NoError(t, err)
	b, err := m.RegisterTarget("mine", opens, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"mine"}, claimed, "what is ours is not claimed again")
	a.Unregister()
	require.Empty(t, unclaimed)
	b.Unregister()
	b.Unregister()
	require.Equal(t, []string{"mine"}, unclaimed)
}

func TestFrontEndOpens(t *testing.T) {
	t.Run("known", func(t *testing.T) {
		k := commmgrtest.New(t, nil)
		k.RegisterTarget("k", func(c *commmgrtest.Comm, msg commmgrtest.Message) {
			c.Send("early") // before the client can have called OnMsg
			c.OnMsg(func(msg commmgrtest.Message) { c.Send(msg.Data) })
		})
		c, err := k.Manager.Open("k", &commmgr.Payload{Data: []byte(`{"a":1}`)})
		require.NoError(t, err)
		require.Equal(t, "k", c.TargetName())
		require.Same(t, c, k.Manager.Comm(c.ID()))
		require.Equal(t, []*commmgr.Comm{c}, k.Manager.Comms())
		id, err := c.Send(&commmgr.Payload{Data: []byte(`"echo"`)})
		require.NoError(t, err)
		got := make(chan string, 10)
		c.OnMsg(func(msg *commmgr.Message) error { got <- data(t, msg); return nil })
		require.Equal(t, `"early"`, receive(t, got, "the early message"))
		require.Equal(t, `"echo"`, receive(t, got, "the echo"))
		sent := k.Sent()
		require.Equal(t, commmgr.CommOpen, sent[0].MsgType)
		require.Equal(t, "k", sent[0].TargetName)
		require.JSONEq(t, `{"a":1}`, string(sent[0].Data))
		require.Equal(t, id, sent[1].MsgID)
		require.Empty(t, sent[1].TargetName, "only a comm_open names the target")
	})
	t.Run("unknown in the kernel", func(t *testing.T) {
		k := commmgrtest.New(t, nil)
		c, err := k.Manager.Open("nobody", nil)
		require.NoError(t, err)
		receive(t, c.Done(), "the kernel's comm_close")
		require.ErrorIs(t, c.Err(), commmgr.ErrClosedByKernel)
	})
	t.Run("refused by the transport", func(t *testing.T) {
		var bound, unbound []string
		k := commmgrtest.New(t, func(o *host.Options) {
			o.Bound = func(c *commmgr.Comm) { bound = append(bound, c.ID()) }
			o.Unbound = func(c *commmgr.Comm) { unbound = append(unbound, c.ID()) }
		})
		offline := errors.New("offline")
		k.Refuse(offline)
		c, err := k.Manager.Open("k", nil)
		require.Nil(t, c)
		require.ErrorIs(t, err, offline)
		require.ErrorContains(t, err, "commmgr: comm_open: comm ")
		require.ErrorContains(t, err, `(target "k"): offline`)
		require.Empty(t, k.Manager.Comms())
		require.Len(t, bound, 1)
		require.True(t, slices.Equal(bound, unbound), "it is rolled back")
	})
	t.Run("id in use", func(t *testing.T) {
		m, _ := newWired(func(o *host.Options) { o.NewID = func() string { return "same" } })
		first, err := m.Open("k", nil)
		require.NoError(t, err)
		_, err = m.Open("k", nil)
		require.ErrorIs(t, err, commmgr.ErrDuplicateID)
		require.ErrorContains(t, err, `comm "same"`)
		require.Same(t, first, m.Comm("same"))
	})
}

func TestRegisterNothing(t *testing.T) {
	k := commmgrtest.New(t, nil)
	_, err := k.Manager.RegisterTarget("target", nil, nil)
	require.ErrorContains(t, err, "the open handler is nil")
	require.ErrorContains(t, err, `register_target (target "target")`)
	require.Empty(t, k.Manager.Targets())
}

func TestCloseGivesTargetsUp(t *testing.T) {
	var claimed, unclaimed []string
	k := commmgrtest.New(t, func(o *host.Options) {
		o.Claim = func(name string) error { claimed = append(claimed, name); return nil }
		o.Unclaim = func(name string) { unclaimed = append(unclaimed, name) }
	})
	_, err := k.Manager.RegisterTarget("target", opens, nil)
	require.NoError(t, err)
	k.Driver.Detach()
	require.Equal(t, []string{"target"}, unclaimed)
	_, err = k.Manager.RegisterTarget("another", opens, nil)
	require.ErrorIs(t, err, commmgr.ErrDetached)
	require.Equal(t, []string{"target"}, claimed)
}
