package commmgr_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
)

func TestMessageAfterItsHandler(t *testing.T) {
	k := commmgrtest.New(t, nil)
	leaked, retained := make(chan *commmgr.Message, 1), make(chan *commmgr.Message, 1)
	register(t, k, func(c *commmgr.Comm) {
		c.OnMsg(func(msg *commmgr.Message) error {
			if data(t, msg) == `"retain"` {
				msg.Retain()
				retained <- msg
			} else {
				leaked <- msg
			}
			return nil
		})
	})
	kc := k.Open("t", nil)
	kc.Send("leak", []byte("buffer"))
	kc.Send("retain", []byte("buffer"))
	kept := receive(t, retained, "the retained message")
	awaitIdle(t, k)

	gone := receive(t, leaked, "the leaked message")
	_, err := gone.JSON(commmgr.Data)
	require.ErrorIs(t, err, commmgr.ErrReleased)
	require.EqualError(t, err, `commmgr: read content.data: comm "`+kc.ID+`": the message is released; use it before its handler returns, or call Retain`)
	_, err = gone.Buffers()
	require.ErrorIs(t, err, commmgr.ErrReleased)
	require.Zero(t, gone.NumBuffers())
	require.Zero(t, gone.BufferLen(0))
	gone.Retain() // too late: it does not revive the message
	_, err = gone.JSON(commmgr.Data)
	require.ErrorIs(t, err, commmgr.ErrReleased)

	require.Equal(t, `"retain"`, data(t, kept))
	kept.Retain()
	kept.Release()
	require.Equal(t, `"retain"`, data(t, kept), "one Release for each Retain")
	require.Equal(t, 6, kept.BufferLen(0))
	kept.Release()
	_, err = kept.JSON(commmgr.Header)
	require.ErrorIs(t, err, commmgr.ErrReleased)
}

func TestMessageBuffers(t *testing.T) {
	l := &ledger{}
	msg := l.message(commmgr.CommMsg, "c", "{}")
	b := msg.Body.(*body)
	none, err := msg.Buffers()
	require.NoError(t, err)
	require.Nil(t, none)
	b.buffers = [][]byte{[]byte("one"), {}, []byte("three")}
	got, err := msg.Buffers()
	require.NoError(t, err)
	require.Equal(t, b.buffers, got)
	got[0][0] = 'X'
	require.Equal(t, "one", string(b.buffers[0]), "they are copies")
	require.Equal(t, 3, msg.NumBuffers())
	require.Equal(t, 5, msg.BufferLen(2))
	require.Zero(t, msg.BufferLen(3))
	require.Zero(t, msg.BufferLen(-1))

	b.buffers, b.missing = b.buffers[:1], 1
	_, err = msg.Buffers()
	require.ErrorIs(t, err, commmgr.ErrMalformed)
	require.ErrorContains(t, err, `read buffers: comm "c"`)
	b.err = errBoom
	_, err = msg.JSON(commmgr.Metadata)
	require.ErrorIs(t, err, errBoom)
	require.EqualError(t, err, `commmgr: read metadata: comm "c": boom`)
	msg.Release()
	msg.Release()
	require.True(t, l.settled(), "the body is released once")
	(&commmgr.Message{}).Release() // a message without a body
}

func TestParts(t *testing.T) {
	k := commmgrtest.New(t, nil)
	got := make(chan map[commmgr.Part]string, 1)
	_, err := k.Manager.RegisterTarget("t", func(_ *commmgr.Comm, open *commmgr.Message) error {
		parts := map[commmgr.Part]string{}
		for p := commmgr.Header; p <= commmgr.Data; p++ {
			b, err := open.JSON(p)
			if err != nil {
				return err
			}
			parts[p] = string(b)
		}
		got <- parts
		return nil
	}, nil)
	require.NoError(t, err)
	kc := k.Open("t", 7)
	parts := receive(t, got, "the open")
	require.Contains(t, parts[commmgr.Header], `"msg_type":"comm_open"`)
	require.Contains(t, parts[commmgr.ParentHeader], commmgrtest.Session)
	require.JSONEq(t, "{}", parts[commmgr.Metadata])
	require.JSONEq(t, `{"comm_id":"`+kc.ID+`","target_name":"t","data":7}`, parts[commmgr.Content])
	require.Equal(t, "7", parts[commmgr.Data])
}
