package conformance

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// A Case is one thing that a kernel and its client do.
type Case struct {
	Name string
	Run  func(t *testing.T, d Driver)
}

// Run runs all cases, one after the other, with one driver.
func Run(t *testing.T, d Driver) {
	for _, c := range Cases {
		t.Run(c.Name, func(t *testing.T) { c.Run(t, d) })
	}
}

// Cases are all cases. Each begins with what the ones before have left.
var Cases = []Case{
	{"the open message", openMessage},
	{"kinds of data", kinds},
	{"order", order},
	{"buffers", buffers},
	{"the kernel closes", kernelCloses},
	{"the client closes", clientCloses},
	{"an open handler fails", openFails},
	{"a handler fails", handlerFails},
	{"the client opens", clientOpens},
	{"the client opens to nothing", clientOpensToNothing},
	{"callbacks", callbacks},
	{"an overflow ends the comm", overflowCloses},
	{"an overflow is told", overflowTells},
	{"the newest of each key", merged},
	{"each frame", eachFrame},
	{"a target that comes late", lateTarget},
	{"a lost connection", lostConnection},
	{"a reload", reload},
	{"a restart", restart},
}

func openMessage(t *testing.T, d Driver) {
	c := d.Open(t, "conformance.echo", map[string]any{"greeting": "é <b>"})
	received(t, c, `comm_msg {"opened":{"greeting":"é <b>"}}`)
}

func kinds(t *testing.T, d Driver) {
	c := d.Open(t, "conformance.echo", nil)
	values := []any{"text", 1, -0.5, true, []any{}, []any{nil, "a"}, map[string]any{"a": map[string]any{"b": []int{1}}}, "\U0001f600\u2028"}
	want := []string{`comm_msg {"opened":{}}`}
	for i, v := range values {
		c.Send(t, v)
		want = append(want, "comm_msg "+[]string{`"text"`, `1`, `-0.5`, `true`, `[]`, `[null,"a"]`, `{"a":{"b":[1]}}`, `"😀\u2028"`}[i])
	}
	received(t, c, want...)
}

func order(t *testing.T, d Driver) {
	c := d.Open(t, "conformance.echo", nil)
	want := []string{`comm_msg {"opened":{}}`}
	for i := range 30 {
		c.Send(t, i)
		want = append(want, fmt.Sprint("comm_msg ", i))
	}
	received(t, c, want...)
}

func buffers(t *testing.T, d Driver) {
	c := d.Open(t, "conformance.echo", nil)
	sent := [][]byte{[]byte("abc"), {}, bytes.Repeat([]byte{0, 255}, 5000)}
	c.Send(t, "b", sent...)
	received(t, c, `comm_msg {"opened":{}}`, `comm_msg "b"`)
	got := c.Received(t)[1].Buffers
	if len(got) != len(sent) {
		t.Fatalf("%d buffers, want %d", len(got), len(sent))
	}
	for i := range sent {
		if !bytes.Equal(sent[i], got[i]) {
			t.Errorf("buffer %d: %d bytes, which differ", i, len(got[i]))
		}
	}
}

func kernelCloses(t *testing.T, d Driver) {
	mark := len(d.Said(t))
	c := d.Open(t, "conformance.says", nil)
	c.Send(t, "first")
	c.Close(t, map[string]any{"bye": 1})
	c.Close(t, "a second time") // nothing
	c.CloseAgain(t)
	again := d.Open(t, "conformance.echo", nil)
	received(t, again, `comm_msg {"opened":{}}`) // by now all that there is has been said
	said(t, d, mark, `says "first"`, `closed {"bye":1}: commmgr: closed by the kernel; a late send is refused`)
}

func clientCloses(t *testing.T, d Driver) {
	mark := len(d.Said(t))
	c := d.Open(t, "conformance.says", nil)
	c.Send(t, "close")
	said(t, d, mark, `says "close"`, "a late send is refused")
	received(t, c, `comm_close {"bye":"from go"}`)
	c.Send(t, "too late")
	c.Close(t, nil) // it is closed
	again := d.Open(t, "conformance.echo", nil)
	received(t, again, `comm_msg {"opened":{}}`)
	said(t, d, mark, `says "close"`, "a late send is refused")
}

func openFails(t *testing.T, d Driver) {
	c := d.Open(t, "conformance.fails", "open")
	await(t, "the close's reason", true, func() bool {
		got := c.Received(t)
		return len(got) == 1 && got[0].Type == "comm_close" && strings.Contains(string(got[0].Data), "failed as told")
	})
}

func handlerFails(t *testing.T, d Driver) {
	c := d.Open(t, "conformance.fails", "later")
	for _, word := range []string{"error", "panic", "goexit", "works"} {
		c.Send(t, word)
	}
	received(t, c, `comm_msg "works"`)
}

func clientOpens(t *testing.T, d Driver) {
	d.Listen(t, "kernel.echo")
	mark := len(d.Said(t))
	d.Order(t, `open kernel.echo {"from":"go"}`)
	await(t, "comms opened", 1, func() int { return len(d.Opened(t, "kernel.echo")) })
	c := d.Opened(t, "kernel.echo")[0]
	received(t, c, `comm_open {"from":"go"}`, `comm_msg "hello"`)
	said(t, d, mark, `opened got "hello"`)
	c.Send(t, "unasked")
	c.Close(t, nil)
	said(t, d, mark, `opened got "hello"`, `opened got "unasked"`, "opened closed: commmgr: closed by the kernel")
}

// A kernel closes at once what is opened to no target of its own.
func clientOpensToNothing(t *testing.T, d Driver) {
	mark := len(d.Said(t))
	d.Order(t, `open kernel.nothing {}`)
	said(t, d, mark, "opened closed: commmgr: closed by the kernel")
}

// The kernel is busy with a message, and then idle.
func callbacks(t *testing.T, d Driver) {
	mark := len(d.Said(t))
	c := d.Open(t, "conformance.status", nil)
	c.Send(t, "go")
	said(t, d, mark, "status busy", "status idle")
}

// busy has a handler wait with a message until it is told to go on.
func busy(t *testing.T, d Driver, c Comm, data any) {
	mark := len(d.Said(t))
	received(t, c, `comm_msg "ready"`)
	c.Send(t, data)
	said(t, d, mark, "waits")
}

func overflowCloses(t *testing.T, d Driver) {
	c := d.Open(t, "conformance.closes", nil)
	busy(t, d, c, 0)
	for i := range 7 {
		c.Send(t, i)
	}
	await(t, "the close's reason", true, func() bool {
		got := c.Received(t)
		return len(got) == 2 && got[1].Type == "comm_close" && strings.Contains(string(got[1].Data), "the queue is full")
	})
	d.Order(t, "go on")
}

func overflowTells(t *testing.T, d Driver) {
	c := d.Open(t, "conformance.tells", nil)
	busy(t, d, c, 0)
	for i := 1; i < 9; i++ {
		c.Send(t, i) // five wait, three are lost
	}
	await(t, "the overflow", true, func() bool {
		got := c.Received(t)
		return len(got) == 2 && strings.HasPrefix(string(got[1].Data), `{"overflow"`)
	})
	received(t, d.Open(t, "conformance.echo", nil), `comm_msg {"opened":{}}`) // by now all eight have come
	d.Order(t, "go on")
	await(t, "what was handled", []string{"0", "1", "2", "3", "4", "5", "dropped", "3"}, func() (got []string) {
		for _, m := range c.Received(t)[2:] {
			got = append(got, strings.Fields(strings.Trim(string(m.Data), `"`))...)
		}
		return got
	})
	c.Close(t, nil)
}

func merged(t *testing.T, d Driver) {
	c := d.Open(t, "conformance.merges", nil)
	busy(t, d, c, map[string]any{"name": "x", "value": 0})
	for i := 1; i < 10; i++ {
		c.Send(t, map[string]any{"name": string("xy"[i%2]), "value": i})
	}
	c.Send(t, "end")
	d.Order(t, "await 3")
	d.Order(t, "go on")
	received(t, c, `comm_msg "ready"`, `comm_msg {"name":"x","value":0}`, `comm_msg {"name":"x","value":8}`, `comm_msg {"name":"y","value":9}`, `comm_msg "end"`)
}

func eachFrame(t *testing.T, d Driver) {
	c := d.Open(t, "conformance.frames", nil)
	c.Send(t, map[string]any{"name": "x", "value": 1})
	received(t, c, `comm_msg {"name":"x","value":1}`)
	c.Send(t, map[string]any{"name": "x", "value": 2})
	received(t, c, `comm_msg {"name":"x","value":1}`, `comm_msg {"name":"x","value":2}`)
}

func lateTarget(t *testing.T, d Driver) {
	c := d.Open(t, "conformance.late", "held")
	c.Send(t, 1)
	c.Send(t, 2)
	d.Order(t, "register conformance.late")
	received(t, c, `comm_msg {"opened":"held"}`, `comm_msg 1`, `comm_msg 2`)
}

// What the client sends meanwhile arrives, in order; it is told of the gap, once; the
// comm lives on.
func lostConnection(t *testing.T, d Driver) {
	c := d.Open(t, "conformance.says", nil)
	c.Send(t, "remember")
	received(t, c, `comm_msg "remembered"`)
	mark := len(d.Said(t))
	d.Drop(t, func() {
		d.Order(t, "send 1")
		d.Order(t, "send 2")
	})
	d.Order(t, "send 3")
	received(t, c, `comm_msg "remembered"`, `comm_msg 1`, `comm_msg 2`, `comm_msg 3`)
	said(t, d, mark, "gap")
	c.Send(t, "after")
	said(t, d, mark, "gap", `says "after"`)
}

// After a reload the kernel's comms are nobody's; comms to come are served.
func reload(t *testing.T, d Driver) {
	old := d.Open(t, "conformance.echo", "old")
	received(t, old, `comm_msg {"opened":"old"}`)
	d.Reload(t)
	old.Send(t, "is anybody there?")
	c := d.Open(t, "conformance.echo", "new")
	received(t, c, `comm_msg {"opened":"new"}`)
	received(t, old, `comm_msg {"opened":"old"}`)
}

// A restart ends the comms, once, and takes the kernel's targets; the client's serve the
// next kernel.
func restart(t *testing.T, d Driver) {
	d.Listen(t, "kernel.gone")
	c := d.Open(t, "conformance.says", nil)
	c.Send(t, "remember")
	received(t, c, `comm_msg "remembered"`)
	mark := len(d.Said(t))
	d.Restart(t)
	said(t, d, mark, `closed nothing: commmgr: its kernel was restarted, changed or shut down; a late send is refused`)
	d.Order(t, "open kernel.gone {}")
	said(t, d, mark, `closed nothing: commmgr: its kernel was restarted, changed or shut down; a late send is refused`,
		"opened closed: commmgr: closed by the kernel")
	next := d.Open(t, "conformance.echo", "next")
	received(t, next, `comm_msg {"opened":"next"}`)
}
