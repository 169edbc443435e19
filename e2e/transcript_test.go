package e2e

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

var commIDs = regexp.MustCompile(`[0-9a-f]{32}`)

var recordCalls = flag.Bool("record", false, "write the transcript of calls anew, from what travels here")

// A line of the transcript is one comm_msg.
type line struct {
	From    string          `json:"from"` // "kernel" or "page"
	Data    json.RawMessage `json:"data"`
	Buffers [][]byte        `json:"buffers,omitempty"`
}

// TestCallsTranscript has both sides call each other, and finds on the wire what the
// transcript has, which the tests of Go and of Python replay.
func TestCallsTranscript(t *testing.T) {
	path := filepath.Join(fixture.root, "commmgr", "typed", "testdata", "calls.jsonl")
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		page := openCalls(t, h)
		id := python(t, page, `print(comm.comm_id)`)
		python(t, page, `peer.call("add", {"a": 1, "b": 2})
for method, params in [("fail", "so it is, \"é\""), ("add", "text"), ("nope", None)]:
    try: peer.call(method, params)
    except calls.CallError: pass
peer.start("swap", "", buffers=[b"hi", b"world"]).result()
peer.start("wait", "").cancel()`)
		console(t, page, "probe: wait ended")
		for n, method := range []string{"add", "refuse", "nope", "break"} {
			python(t, page, `order("call", "`+method+`")`)
			kernelHas(t, page, strconv.Itoa(n+1), `len(said)`)
		}
		require.Empty(t, page.Errors())

		var got []line
		for _, f := range page.Wire() {
			if f.CommID == id && f.MsgType == "comm_msg" {
				from := map[browse.Direction]string{browse.Received: "kernel", browse.Sent: "page"}[f.Direction]
				got = append(got, line{From: from, Data: json.RawMessage(f.Data), Buffers: f.Buffers})
			}
		}
		if *recordCalls {
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, transcript(t, got), 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		// A host may have another id for this comm and these calls, and nothing else.
		require.Equal(t, string(want), string(transcript(t, got)))
	})
}

// transcript writes lines, with the calls' ids numbered.
func transcript(t *testing.T, lines []line) []byte {
	t.Helper()
	var out bytes.Buffer
	ids := map[string]string{}
	for _, l := range lines {
		var data any
		require.NoError(t, json.Unmarshal(l.Data, &data))
		switch o := data.(type) {
		case map[string]any:
			if id, ok := o["id"].(string); ok {
				if ids[id] == "" {
					ids[id] = l.From + "-" + strconv.Itoa(len(ids)+1)
				}
				o["id"] = ids[id]
			}
		case string: // it has the comm's id in it
			data = commIDs.ReplaceAllString(o, "ID")
		}
		text, err := json.Marshal(data)
		require.NoError(t, err)
		l.Data = text
		row, err := json.Marshal(l)
		require.NoError(t, err)
		out.Write(append(row, '\n'))
	}
	return out.Bytes()
}
