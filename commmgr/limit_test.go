package commmgr_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
)

// text and object are JSON of n bytes.
func text(n int) []byte   { return []byte(`"` + strings.Repeat("x", n-2) + `"`) }
func object(n int) []byte { return []byte("{" + strings.Repeat(" ", n-2) + "}") }

// TestMaxSend: a message that the server would not take is refused whole.
func TestMaxSend(t *testing.T) {
	for _, c := range []struct {
		name string
		p    *commmgr.Payload
		ok   bool
	}{
		{"nothing", nil, true},
		{"as much as is allowed", &commmgr.Payload{Data: text(60), Metadata: object(10), Buffers: [][]byte{make([]byte, 30), nil}}, true},
		{"data", &commmgr.Payload{Data: text(101)}, false},
		{"metadata", &commmgr.Payload{Metadata: object(101)}, false},
		{"all together", &commmgr.Payload{Data: text(60), Metadata: object(10), Buffers: [][]byte{make([]byte, 30), make([]byte, 1)}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, w := newWired(func(o *host.Options) { o.MaxSend = 100 })
			comm, err := m.RegisterComm("id", "target", nil)
			require.NoError(t, err)
			id, err := comm.Send(c.p)
			if c.ok {
				require.NoError(t, err)
				require.Equal(t, "request", id)
				require.Len(t, w.Sent(), 1)
				return
			}
			require.ErrorIs(t, err, commmgr.ErrTooLarge)
			require.EqualError(t, err, `commmgr: send: comm "id" (target "target"): the message is too large: 101 bytes, more than the 100 of the setting maxSend; send it in parts, or raise maxSend and the server's websocket_max_message_size (in its tornado_settings)`)
			require.Empty(t, w.Sent())
			require.NoError(t, comm.Err(), "the comm lives on")

			_, err = m.Open("target", c.p)
			require.ErrorIs(t, err, commmgr.ErrTooLarge)
			require.Len(t, m.Comms(), 1, "a comm that cannot be opened is not kept")
		})
	}
}

// TestTheTransportMeasures: where it judges what travels, nothing else does.
func TestTheTransportMeasures(t *testing.T) {
	m, w := newWired(func(o *host.Options) { o.MaxSend = -1 })
	comm, err := m.RegisterComm("id", "target", nil)
	require.NoError(t, err)
	_, err = comm.Send(&commmgr.Payload{Buffers: [][]byte{make([]byte, 20<<20)}})
	require.NoError(t, err)
	w.refuse = fmt.Errorf("%w: 9 bytes, more than the 8", commmgr.ErrTooLarge)
	_, err = comm.Send(nil)
	require.EqualError(t, err, `commmgr: send: comm "id" (target "target"): the message is too large: 9 bytes, more than the 8; send it in parts, or raise maxSend and the server's websocket_max_message_size (in its tornado_settings)`)
}

func TestMaxSendDefault(t *testing.T) {
	m, w := newWired(nil)
	comm, err := m.RegisterComm("id", "target", nil)
	require.NoError(t, err)
	_, err = comm.Send(&commmgr.Payload{Buffers: [][]byte{make([]byte, 8<<20)}})
	require.NoError(t, err)
	_, err = comm.Send(&commmgr.Payload{Buffers: [][]byte{make([]byte, 8<<20+1)}})
	require.ErrorIs(t, err, commmgr.ErrTooLarge)
	require.Len(t, w.Sent(), 1)
}

// TestEndHeld: a comm that waits for its target can be ended, and is not missed
// when the grace period is over.
func TestEndHeld(t *testing.T) {
	k := commmgrtest.New(t, nil)
	kc := k.Open("t", nil)
	kc.Send("held")
	k.Flush()
	sent := len(k.Sent())
	open, err := k.Manager.Open("elsewhere", nil)
	require.NoError(t, err)
	require.False(t, k.Driver.Held(open))

	comm := k.Manager.Comm(kc.ID)
	require.True(t, k.Driver.Held(comm))
	comm.End(commmgr.ErrClosedHere)
	require.False(t, k.Driver.Held(comm))
	require.Nil(t, k.Manager.Comm(kc.ID))
	_, err = k.Manager.RegisterComm(kc.ID, "t", nil)
	require.NoError(t, err, "its id is free")
	k.Clock.Advance(2 * grace)
	require.Empty(t, k.Errors())
	require.Len(t, k.Sent(), sent+1, "nobody was told but of the new comm")
}
