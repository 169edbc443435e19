package commmgr_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
)

func TestDuplicateID(t *testing.T) {
	l := &ledger{}
	m, w := newWired(nil)
	opened := 0
	_, err := m.RegisterTarget("t", func(c *commmgr.Comm, _ *commmgr.Message) error {
		opened++
		c.OnMsg(nil)
		return nil
	}, &commmgr.TargetOptions{Inline: true})
	require.NoError(t, err)
	m.Deliver(l.message(commmgr.CommOpen, "c", ""))
	first := m.Comm("c")
	m.Deliver(l.message(commmgr.CommOpen, "c", ""))
	require.Equal(t, 1, opened)
	require.Same(t, first, m.Comm("c"), "the first wins")
	require.NoError(t, first.Err())
	require.EqualError(t, w.Errors()[0], `commmgr: comm_open: comm "c" (target "t"): the comm id is in use`)
	require.ErrorIs(t, w.Errors()[0], commmgr.ErrDuplicateID)
	_, err = m.RegisterComm("c", "t", nil)
	require.ErrorIs(t, err, commmgr.ErrDuplicateID)
	require.Empty(t, w.Sent(), "a close would end the first one")
	require.Equal(t, 1, m.Stats().Duplicate)
	require.True(t, l.settled())

	m.Deliver(l.message(commmgr.CommClose, "c", ""))
	m.Deliver(l.message(commmgr.CommOpen, "c", ""))
	require.Equal(t, 2, opened, "the id is free again after the close")
}

func TestMalformed(t *testing.T) {
	const head = `{"header": {"msg_type": "comm_open"}, "parent_header": {}, "metadata": {}, "content": `
	tests := []struct{ name, text, want string }{
		{"not JSON", `{`, "not a JSON object"},
		{"not an object", `[]`, "not a JSON object"},
		{"no header", `{}`, "header.msg_type is missing"},
		{"null", `null`, "header.msg_type is missing"},
		{"msg_type no string", `{"header": {"msg_type": 1}}`, "header.msg_type is not a string"},
		{"other msg_type", `{"header": {"msg_type": "sta\ntus"}}`, `msg_type "sta\ntus" is not one of a comm's`},
		{"no content", head + `null}`, "content is not an object"},
		{"content no object", head + `[1]}`, "content is not an object"},
		{"no comm_id", head + `{}}`, "content.comm_id is missing"},
		{"comm_id null", head + `{"comm_id": null}}`, "content.comm_id is not a string"},
		{"comm_id no string", head + `{"comm_id": {}}}`, "content.comm_id is not a string"},
		{"comm_id empty", head + `{"comm_id": "", "target_name": "t"}}`, "content.comm_id is missing"},
		{"comm_id __proto__", head + `{"comm_id": "__proto__", "target_name": "t"}}`, "content.comm_id is a name that every JavaScript object has"},
		{"comm_id too long", head + `{"comm_id": "` + strings.Repeat("x", 129) + `", "target_name": "t"}}`, "content.comm_id is longer than 128 characters"},
		{"comm_id not ASCII", head + `{"comm_id": "\ud800", "target_name": "t"}}`, "content.comm_id is not printable ASCII"},
		{"no target_name", head + `{"comm_id": "c"}}`, "content.target_name is missing"},
		{"target_name no string", head + `{"comm_id": "c", "target_name": 7}}`, "content.target_name is not a string"},
		{"target_name constructor", head + `{"comm_id": "c", "target_name": "constructor"}}`, "content.target_name is a name that every JavaScript object has"},
		{"target_name not ASCII", head + `{"comm_id": "c", "target_name": "ü"}}`, "content.target_name is not printable ASCII"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := commmgrtest.New(t, nil)
			k.Deliver(test.text)
			err := k.AwaitErrors(1)[0]
			require.ErrorIs(t, err, commmgr.ErrMalformed)
			require.ErrorContains(t, err, "malformed message: "+test.want)
			require.Regexp(t, `^commmgr: (deliver|comm_open)[: ]`, err.Error())
			require.NotContains(t, err.Error(), "\n")
			require.Less(t, len(err.Error()), 300)
			require.Equal(t, commmgr.Stats{Malformed: 1}, k.Manager.Stats())
			require.Empty(t, k.Sent())
			awaitIdle(t, k)
		})
	}
}

// A row of like errors is reported once, and again with its number 10 s later.
func TestEpisodes(t *testing.T) {
	l := &ledger{}
	clock := &commmgrtest.Clock{}
	m, w := newWired(func(o *host.Options) { o.Clock = clock })
	unknown := func(id string) { m.Deliver(l.message(commmgr.CommMsg, id, "")) }
	for range 5 {
		unknown("a")
	}
	unknown("b")
	require.Len(t, w.Errors(), 2, "one for each comm")
	require.Equal(t, 4, m.Stats().Unreported)
	clock.Advance(10 * time.Second)
	unknown("a")
	require.Len(t, w.Errors(), 2)
	clock.Advance(1)
	unknown("a")
	require.EqualError(t, w.Errors()[2], `commmgr: comm_msg: comm "a": no such comm; 5 more like it before`)
	clock.Advance(11 * time.Second)
	unknown("a")
	require.EqualError(t, w.Errors()[3], `commmgr: comm_msg: comm "a": no such comm`)
	require.Equal(t, 9, m.Stats().Unknown)
	require.True(t, l.settled())
}

// A flood of errors about ever new ids is reported, and remembered, up to a limit.
func TestEpisodesAreBounded(t *testing.T) {
	l := &ledger{}
	clock := &commmgrtest.Clock{}
	m, w := newWired(func(o *host.Options) { o.Clock = clock })
	for i := range 10_000 {
		m.Deliver(l.message(commmgr.CommMsg, "c"+strconv.Itoa(i), ""))
	}
	n := len(w.Errors())
	require.LessOrEqual(t, n, 300)
	require.Equal(t, 10_000, m.Stats().Unknown)
	require.Equal(t, 10_000-n, m.Stats().Unreported)
	clock.Advance(11 * time.Second)
	m.Deliver(l.message(commmgr.CommMsg, "new", ""))
	require.Len(t, w.Errors(), n+1, "old episodes make room")
}

func TestEndComms(t *testing.T) {
	k := commmgrtest.New(t, nil)
	closed := make(chan *commmgr.Message, 10)
	opened := register(t, k, func(c *commmgr.Comm) {
		c.OnClose(func(msg *commmgr.Message) error { closed <- msg; return nil })
	})
	k.Open("t", nil)
	k.Open("t", nil)
	a, b := receive(t, opened, "a comm"), receive(t, opened, "a comm")
	inline, err := k.Manager.RegisterComm("inline", "t", &commmgr.TargetOptions{Inline: true})
	require.NoError(t, err)
	inline.OnClose(func(msg *commmgr.Message) error { closed <- msg; return nil })
	k.Driver.EndComms(errBoom)
	for _, c := range []*commmgr.Comm{a, b, inline} {
		receive(t, c.Done(), "Done")
		require.ErrorIs(t, c.Err(), errBoom)
	}
	for range 3 {
		require.Nil(t, receive(t, closed, "OnClose"))
	}
	k.Driver.EndComms(errBoom)
	awaitIdle(t, k)
	require.Empty(t, closed)
	require.Empty(t, k.Sent(), "the kernel is gone: it is told nothing")
	k.Open("t", nil)
	receive(t, opened, "a comm of the next kernel")
}

func TestManagerClose(t *testing.T) {
	l := &ledger{}
	m, w := newWired(nil)
	c, err := m.Open("k", nil)
	require.NoError(t, err)
	m.Deliver(l.message(commmgr.CommOpen, "held", ""))
	m.Detach()
	m.Detach()
	require.ErrorIs(t, c.Err(), commmgr.ErrDetached)
	_, err = m.Open("k", nil)
	require.ErrorIs(t, err, commmgr.ErrDetached)
	_, err = m.RegisterComm("c", "t", nil)
	require.EqualError(t, err, `commmgr: register_comm: comm "c" (target "t"): the manager was detached`)
	m.Deliver(l.message(commmgr.CommOpen, "c", ""))
	m.Deliver(l.message(commmgr.CommMsg, "c", ""))
	require.ErrorIs(t, w.Errors()[0], commmgr.ErrDetached)
	require.Equal(t, 2, m.Stats().Unknown)
	require.Zero(t, m.Stats().Duplicate)
	require.Len(t, w.Sent(), 1, "the comm_open, and nothing on closing")
	require.True(t, l.settled())
}

// An index outside may lag behind: what it delivers to an ended comm is refused.
func TestDeliverToEndedComm(t *testing.T) {
	l := &ledger{}
	m, w := newWired(nil)
	c, err := m.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	require.NoError(t, c.Close(nil))
	m.DeliverMsg(c, l.message(commmgr.CommMsg, "c", ""))
	m.DeliverClose(c, l.message(commmgr.CommClose, "c", ""))
	require.ErrorIs(t, w.Errors()[0], commmgr.ErrUnknownComm)
	require.Equal(t, 2, m.Stats().Unknown)
	require.True(t, l.settled())
}
