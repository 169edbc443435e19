package commmgr_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
)

func content(t *testing.T, msg *commmgr.Message) string {
	t.Helper()
	b, err := msg.JSON(commmgr.Content)
	require.NoError(t, err)
	return string(b)
}

func TestStatusCallbacks(t *testing.T) {
	k := commmgrtest.New(t, nil)
	k.RegisterTarget("k", func(*commmgrtest.Comm, commmgrtest.Message) {})
	got := make(chan string, 10)
	status := func(what string) *commmgr.Callbacks {
		return &commmgr.Callbacks{Status: func(msg *commmgr.Message) { got <- what + content(t, msg) }}
	}
	c, err := k.Manager.Open("k", &commmgr.Payload{Callbacks: status("open ")})
	require.NoError(t, err)
	_, err = c.Send(&commmgr.Payload{Callbacks: status("send ")})
	require.NoError(t, err)
	for _, want := range []string{
		`open {"execution_state":"busy"}`, `open {"execution_state":"idle"}`,
		`send {"execution_state":"busy"}`, `send {"execution_state":"idle"}`,
	} {
		require.Equal(t, want, receive(t, got, "a status"))
	}
}

func TestAllCallbacks(t *testing.T) {
	l := &ledger{}
	m, w := newWired(nil)
	c, err := m.RegisterComm("c", "t", &commmgr.TargetOptions{Inline: true})
	require.NoError(t, err)
	var got []string
	note := func(what string) func(*commmgr.Message) {
		return func(msg *commmgr.Message) { got = append(got, what+" "+content(t, msg)) }
	}
	full := &commmgr.Callbacks{
		Reply: note("reply"), Output: note("output"), ClearOutput: note("clear_output"), Status: note("status"),
		Input: func(msg *commmgr.Message) (string, error) { note("input")(msg); return "42", nil },
	}
	_, err = c.Send(&commmgr.Payload{Callbacks: full})
	require.NoError(t, err)
	_, err = c.Send(&commmgr.Payload{Callbacks: &commmgr.Callbacks{}})
	require.NoError(t, err)
	_, err = c.Send(nil)
	require.NoError(t, err)
	sent := w.Sent()
	require.EqualValues(t, 1<<host.EventReply|1<<host.EventOutput|1<<host.EventClearOutput|1<<host.EventStatus|1<<host.EventInput, sent[0].Wants)
	require.Nil(t, sent[0].Callbacks, "Wants and Event stand for them")
	require.Zero(t, sent[1].Wants)
	require.Zero(t, sent[2].Wants)
	require.Nil(t, sent[2].Event)
	for e := host.EventReply; e <= host.EventInput; e++ {
		sent[0].Event(e, l.message("any", "", "x"))
	}
	require.Equal(t, []string{"reply x", "output x", "clear_output x", "status x", "input x"}, got)

	sent[1].Event(host.EventStatus, l.message("any", "", "x")) // was not asked for
	require.ErrorIs(t, w.Errors()[0], commmgr.ErrHandler)
	require.ErrorContains(t, w.Errors()[0], `commmgr: callback: comm "c"`)

	require.NoError(t, c.Close(nil))
	sent[0].Event(host.EventStatus, l.message("any", "", "late"))
	require.Len(t, got, 5, "none after the comm's end")
	require.True(t, l.settled())
}

func TestInputCallback(t *testing.T) {
	inputs := make(chan string, 1)
	k := commmgrtest.New(t, func(o *host.Options) { o.Transport = asking{o.Transport, inputs} })
	k.RegisterTarget("k", func(*commmgrtest.Comm, commmgrtest.Message) {})
	c, err := k.Manager.Open("k", nil)
	require.NoError(t, err)
	answer := func(value string, err error) *commmgr.Payload {
		return &commmgr.Payload{Callbacks: &commmgr.Callbacks{
			Input: func(*commmgr.Message) (string, error) { return value, err },
		}}
	}
	_, err = c.Send(answer("42", nil))
	require.NoError(t, err)
	require.Equal(t, "42", receive(t, inputs, "the input_reply"))
	require.Equal(t, []string{"42"}, k.Inputs())
	_, err = c.Send(answer("lost", errBoom))
	require.NoError(t, err)
	err = k.AwaitErrors(1)[0]
	require.ErrorIs(t, err, errBoom)
	require.True(t, strings.HasPrefix(err.Error(), "commmgr: callback: comm "), err)
	require.Len(t, k.Inputs(), 1)
}

// asking is a transport whose kernel asks for input after each message.
type asking struct {
	host.Transport
	inputs chan<- string
}

func (a asking) Send(o *host.Outgoing) (string, error) {
	id, err := a.Transport.Send(o)
	if o.Event != nil {
		o.Event(host.EventInput, (&ledger{}).message("input_request", "", "{}"))
	}
	return id, err
}

func (a asking) InputReply(value string) error {
	err := a.Transport.InputReply(value)
	a.inputs <- value
	return err
}
