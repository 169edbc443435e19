package typed_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/typed"
)

// A row of testdata/calls.jsonl is a comm_msg that travelled between a kernel and a
// page: e2e records it. Python's tests replay it too.
type row struct {
	From    string          `json:"from"` // "kernel" or "page"
	Data    json.RawMessage `json:"data"`
	Buffers [][]byte        `json:"buffers"`
}

type outcome struct {
	result  json.RawMessage
	buffers [][]byte
	err     error
}

// A replay is the page's side of the transcript.
type replay struct {
	*testing.T
	c        *commmgr.Comm
	kc       *commmgrtest.Comm
	sent     int               // messages of this side that were looked at
	ids      map[string]string // the transcript's, of the calls that this side made anew
	outcomes map[string]chan outcome
	cancel   map[string]context.CancelFunc
	ordinary chan json.RawMessage
}

func TestTranscript(t *testing.T) {
	k := commmgrtest.New(t, nil)
	theirs := make(chan *commmgrtest.Comm, 1)
	k.RegisterTarget("probe.calls", func(c *commmgrtest.Comm, _ commmgrtest.Message) { theirs <- c })
	c, err := k.Manager.Open("probe.calls", nil)
	require.NoError(t, err)
	kc := <-theirs
	r := &replay{T: t, c: c, kc: kc, sent: len(kc.Received()), ids: map[string]string{}, outcomes: map[string]chan outcome{},
		cancel: map[string]context.CancelFunc{}, ordinary: make(chan json.RawMessage, 1)}
	typed.Handle(c, "add", func(_ context.Context, p terms) (int, error) { return p.A + p.B, nil })
	typed.Handle(c, "fail", func(_ context.Context, text string) (int, error) {
		return 0, &typed.CallError{Code: "told_to", Message: text}
	})
	typed.Handle(c, "wait", func(ctx context.Context, _ string) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
	typed.HandleBuffers(c, "swap", func(_ context.Context, _ string, b [][]byte) (int, [][]byte, error) {
		return len(b[0]) + len(b[1]), [][]byte{b[1], b[0]}, nil
	})
	typed.On(c, func(_ context.Context, v json.RawMessage, _ [][]byte) error { r.ordinary <- v; return nil })

	text, err := os.ReadFile("testdata/calls.jsonl")
	require.NoError(t, err)
	n := 0
	for rows := bufio.NewScanner(bytes.NewReader(text)); rows.Scan(); n++ {
		var l row
		require.NoError(t, json.Unmarshal(rows.Bytes(), &l))
		var q message
		_ = json.Unmarshal(l.Data, &q) // an ordinary one may be anything
		if l.From == "kernel" {
			r.kernel(l, q)
		} else {
			r.page(l, q)
		}
	}
	require.Greater(t, n, 20)
	require.NoError(t, typed.Drain(within(t), c))
	require.Len(t, kc.Received(), r.sent, "nothing else was sent")
}

// terms are the parameters of add; an error has this type's name.
type terms struct {
	A int `json:"a"`
	B int `json:"b"`
}

// A message has what those of calls have.
type message struct {
	Gocomm, ID, Method, Code, Message string
	Params, Result                    json.RawMessage
}

// kernel has the kernel send a line, and looks at what that brings about here.
func (r *replay) kernel(l row, q message) {
	if id, ok := r.ids[q.ID]; ok && (q.Gocomm == "result/1" || q.Gocomm == "error/1") {
		r.kc.Send(json.RawMessage(bytes.Replace(l.Data, []byte(q.ID), []byte(id), 1)), l.Buffers...)
		got := <-r.outcomes[q.ID]
		if q.Gocomm == "error/1" {
			require.ErrorIs(r, got.err, &typed.CallError{Code: q.Code, Message: q.Message})
			return
		}
		require.NoError(r, got.err)
		require.JSONEq(r, string(q.Result), string(got.result))
		require.Equal(r, l.Buffers, got.buffers)
		return
	}
	r.kc.Send(l.Data, l.Buffers...)
	if q.Gocomm == "" {
		require.JSONEq(r, string(l.Data), string(<-r.ordinary))
	}
}

// page has this side do what a line says that it did, and compares.
func (r *replay) page(l row, q message) {
	switch q.Gocomm {
	case "call/1":
		ctx, cancel := context.WithCancel(r.Context())
		done := make(chan outcome, 1)
		r.outcomes[q.ID], r.cancel[q.ID] = done, cancel
		go func() {
			result, buffers, err := typed.CallBuffers[json.RawMessage](ctx, r.c, q.Method, q.Params, l.Buffers...)
			done <- outcome{result, buffers, err}
		}()
	case "cancel/1":
		r.cancel[q.ID]()
	case "":
		require.NoError(r, typed.Send(r.c, l.Data, l.Buffers...))
	}
	got := r.kc.Await(r.sent + 1)[r.sent]
	r.sent++
	want := bytes.Replace(l.Data, []byte("main.terms"), []byte("typed_test.terms"), 1)
	if q.Gocomm == "call/1" {
		var made message
		require.NoError(r, json.Unmarshal(got.Data, &made))
		r.ids[q.ID] = made.ID
	}
	if id, ok := r.ids[q.ID]; ok {
		want = bytes.Replace(want, []byte(q.ID), []byte(id), 1)
	}
	require.JSONEq(r, string(want), string(got.Data))
	require.Equal(r, l.Buffers, got.Buffers)
}
