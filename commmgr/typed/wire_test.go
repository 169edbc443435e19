package typed

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/commmgr/jsonmsg"
	"gocomm/internal/layer"
)

func commMsg(data string) *commmgr.Message {
	return jsonmsg.Parse([]byte(`{"header": {"msg_type": "comm_msg"}, "content": {"comm_id": "c", "data": `+data+`}}`), nil, "")
}

func TestEnvelope(t *testing.T) {
	for data, want := range map[string]struct {
		ours  bool
		fault string // of a message of ours
	}{
		`null`:                       {},
		`"call/1"`:                   {},
		`[{"gocomm": "call/1"}]`:     {},
		`{}`:                         {},
		`{"gocomm": 1, "id": "1"}`:   {},
		`{"gocomm": "call"}`:         {},
		`{"gocomm": "call/"}`:        {},
		`{"gocomm": "call/1.0"}`:     {},
		`{"gocomm": "called/1"}`:     {},
		`{"gocomm": "hello/1"}`:      {},
		`{"id": "1", "method": "m"}`: {},
		`{"gocomm": "call/1", "id": "1", "method": "m"}`:                    {true, ""},
		`{"gocomm": "call/1", "id": "1", "method": "m", "timeout": 1.5}`:    {true, ""},
		`{"gocomm": "call/1", "id": "1", "method": "m", "timeout": -1}`:     {true, "the timeout is no number of seconds"},
		`{"gocomm": "call/1", "id": "1", "method": "m", "timeout": null}`:   {true, "the timeout is no number of seconds"},
		`{"gocomm": "call/1", "id": "1", "method": "m", "timeout": "1"}`:    {true, "timeout"},
		`{"gocomm": "call/1", "id": "1"}`:                                   {true, "the method is missing"},
		`{"gocomm": "call/1", "id": 1, "method": "m"}`:                      {true, "id"},
		`{"gocomm": "call/1", "method": "m"}`:                               {true, "the id is missing"},
		`{"gocomm": "call/2", "id": "1"}`:                                   {true, ""},
		`{"gocomm": "result/1", "id": "1", "result": [{"id": 1}]}`:          {true, ""},
		`{"gocomm": "error/1", "id": "1"}`:                                  {true, ""},
		`{"gocomm": "error/1", "id": "1", "message": {}}`:                   {true, "message"},
		`{"gocomm": "cancel/1"}`:                                            {true, "the id is missing"},
		`{"gocomm": "cancel/1", "id": null}`:                                {true, "id"},
		`{"gocomm": "cancel/1", "id": "` + strings.Repeat("x", 9999) + `"}`: {true, ""},
	} {
		_, ours, err := envelopeOf(commMsg(data))
		require.Equal(t, want.ours, ours, data)
		if want.fault == "" {
			require.NoError(t, err, data)
		} else {
			require.ErrorContains(t, err, want.fault, data)
		}
	}
	e := envelope{Timeout: 1.5}
	d, ok := e.timeout()
	require.True(t, ok)
	require.Equal(t, 1500*time.Millisecond, d)
	e.Timeout = 1e300
	d, ok = e.timeout()
	require.True(t, ok)
	require.EqualValues(t, math.MaxInt64, d)
}

// nowhere takes what is sent, and gives it to look at.
type nowhere struct{ sent chan []byte }

func (n nowhere) Send(o *host.Outgoing) (string, error) {
	n.sent <- o.Data
	return "", nil
}
func (nowhere) InputReply(string) error                          { return nil }
func (nowhere) Now() commmgr.Duration                            { return 0 }
func (nowhere) AfterFunc(commmgr.Duration, func()) (stop func()) { return func() {} }

// A counted body tells that it is released, once.
type counted struct {
	host.Body
	released chan struct{}
}

func (c counted) Release() { close(c.released) }

// FuzzCalls has a kernel send anything: the comm lives on and handles the next call,
// each call is answered at most once, and what is not of calls is OnMsg's.
func FuzzCalls(f *testing.F) {
	for _, data := range []string{
		`{"gocomm": "call/1", "id": "1", "method": "double", "params": 2}`,
		`{"gocomm": "call/1", "id": "1", "method": "double", "params": "x", "timeout": 1e9}`,
		`{"gocomm": "call/1", "id": "1", "method": "none"}`,
		`{"gocomm": "call/9", "id": "1"}`, `{"gocomm": "cancel/1", "id": "last"}`,
		`{"gocomm": "result/1", "id": "1", "result": 1}`, `{"gocomm": "error/1", "id": "1", "code": 1}`,
		`{"gocomm": "call/1"}`, `{"GOCOMM": "call/1", "gocomm": "x"}`, `"call/1"`, `null`, `[]`, `{}`, `1e999`,
	} {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data string) {
		if !json.Valid([]byte(data)) {
			return
		}
		var failures int
		n := nowhere{make(chan []byte, 10)}
		m, d := host.New(host.Options{Transport: n, Clock: n, NewID: func() string { return "c" },
			OnError: func(error) { failures++ }})
		c, err := m.RegisterComm("c", "t", nil)
		require.NoError(t, err)
		ordinary := 0
		c.OnMsg(func(*commmgr.Message) error { ordinary++; return nil })
		Handle(c, "double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })
		first := commMsg(data)
		released := make(chan struct{})
		first.Body = counted{first.Body, released}
		d.Deliver(first)
		<-layer.Handled(c)
		var answers [][]byte
		d.Deliver(commMsg(`{"gocomm": "call/1", "id": "last", "method": "double", "params": 21}`))
		for {
			answer := <-n.sent
			if string(answer) == `{"gocomm":"result/1","id":"last","result":42}` {
				break
			}
			answers = append(answers, answer)
		}
		require.LessOrEqual(t, len(answers), 1)
		require.LessOrEqual(t, ordinary+failures+len(answers), 1)
		<-layer.Handled(c)
		require.NoError(t, c.Err())
		<-released
		require.Empty(t, peerOf(c).waiting)
	})
}
