package conformance

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// A Driver is a kernel and its client, which has the targets of package front. A step
// that cannot be done fails the test.
type Driver interface {
	// Open has the kernel open a comm.
	Open(t *testing.T, target string, data any, buffers ...[]byte) Comm
	// Listen gives the kernel a target. What comes on its comms is sent back.
	Listen(t *testing.T, target string)
	// Opened gives the comms that the client has opened to it, in order.
	Opened(t *testing.T, target string) []Comm
	// Said gives what the client's handlers have said, in order.
	Said(t *testing.T) []string

	// Restart restarts the kernel, and returns when the next one is there.
	Restart(t *testing.T)
	// Reload loads the client anew, and returns when it has its targets.
	Reload(t *testing.T)
	// Drop loses the connection, does what is to be done meanwhile, and has it back.
	Drop(t *testing.T, meanwhile func())
	// Order gives the client an order, without the kernel: see front.Order.
	Order(t *testing.T, order string)
}

// A Comm is the kernel's side of a comm.
type Comm interface {
	Send(t *testing.T, data any, buffers ...[]byte)
	Close(t *testing.T, data any)
	// CloseAgain sends a comm_close for a comm that is closed, as no kernel should.
	CloseAgain(t *testing.T)
	// Received gives what the kernel's side has got from the client, in order.
	Received(t *testing.T) []Message
}

// A Message is one that the kernel has got.
type Message struct {
	Type    string          `json:"type"`
	Data    json.RawMessage `json:"data"`
	Buffers [][]byte        `json:"buffers"`
}

func (m Message) String() string { return m.Type + " " + string(m.Data) }

// patience is how long a case waits for what must happen.
const patience = 20 * time.Second

// await waits until got gives what is wanted.
func await[T any](t *testing.T, what string, want T, got func() T) {
	t.Helper()
	var last T
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if last = got(); reflect.DeepEqual(want, last) {
			return
		}
	}
	t.Fatalf("%s: want %v, have %v", what, want, last)
}

// received waits until a comm has got exactly these messages, by type and data.
func received(t *testing.T, c Comm, want ...string) {
	t.Helper()
	await(t, "received", want, func() (got []string) {
		for _, m := range c.Received(t) {
			got = append(got, m.Type+" "+compact(t, m.Data))
		}
		return got
	})
}

// said waits until the client has said these lines, since a mark.
func said(t *testing.T, d Driver, mark int, want ...string) {
	t.Helper()
	await(t, "said", want, func() []string { return slices.Clone(d.Said(t)[mark:]) })
}

func compact(t *testing.T, data json.RawMessage) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%q is no JSON: %v", data, err)
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}
