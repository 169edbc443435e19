package typed_test

import (
	"context"
	"fmt"
	"math"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/typed"
	"gocomm/internal/bystander"
)

// A comm whose messages are numbers, which are sent back doubled.
func Example() {
	t := new(bystander.TB) // the *testing.T of a test
	defer t.End()
	k := commmgrtest.New(t, nil)
	typed.Target(k.Manager, "doubler", func(_ context.Context, c *commmgr.Comm, first int) error {
		typed.On(c, func(_ context.Context, n int, _ [][]byte) error { return typed.Send(c, 2*n) })
		return typed.Send(c, 2*first)
	}, nil)

	c := k.Open("doubler", 4)
	c.Send(21)
	for _, msg := range c.Await(2) {
		fmt.Println(string(msg.Data))
	}
	// Output:
	// 8
	// 42
}

// Data that are not of the target's type are refused, and the kernel is told why.
func ExampleTarget() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	type options struct {
		Rows int `json:"rows"`
	}
	typed.Target(k.Manager, "table", func(ctx context.Context, c *commmgr.Comm, o options) error {
		return typed.Send(c, fmt.Sprint(o.Rows, " rows"))
	}, nil)

	fmt.Println(string(k.Open("table", options{3}).Await(1)[0].Data))
	refused := k.Open("table", map[string]string{"rows": "3"})
	fmt.Println(refused.Await(1)[0].MsgType)
	fmt.Println(k.AwaitErrors(1)[0])
	// Output:
	// "3 rows"
	// comm_close
	// commmgr: comm_open: comm "kernel-4" (target "table"): the handler failed: decode comm_open: comm "kernel-4" (target "table"): cannot unmarshal string into field "rows" of type int
}

// The page opens a comm to a target of the kernel, and closes it.
func ExampleOpen() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	k.RegisterTarget("greeter", func(*commmgrtest.Comm, commmgrtest.Message) {})

	c, err := typed.Open(k.Manager, "greeter", map[string]string{"name": "Go"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(typed.Close(c, "bye"))
	for _, msg := range k.Sent() {
		fmt.Println(msg.MsgType, string(msg.Data))
	}
	fmt.Println(typed.Context(c).Err())
	// Output:
	// <nil>
	// comm_open {"name":"Go"}
	// comm_close "bye"
	// commmgr: closed by this program
}

// A message is decoded as encoding/json would; an error names the field.
func ExampleDecode() {
	type update struct {
		Value int    `json:"value"`
		Label string `json:"label,omitempty"`
	}
	for _, data := range []string{`{"value": 3, "other": []}`, `null`, `{"value": "3"}`} {
		u, err := typed.Decode[update](raw(data))
		fmt.Println(u.Value, err)
	}
	// Output:
	// 3 <nil>
	// 0 <nil>
	// 0 commmgr: decode comm_msg: comm "c": cannot unmarshal string into field "value" of type int
}

// OnMsg leaves the binary buffers where they are until they are asked for.
func ExampleOnMsg() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	handled := make(chan struct{})
	typed.Target(k.Manager, "images", func(_ context.Context, c *commmgr.Comm, _ struct{}) error {
		typed.OnMsg(c, func(_ context.Context, format string, msg *commmgr.Message) error {
			defer close(handled)
			if format != "png" {
				return nil
			}
			buffers, err := msg.Buffers()
			fmt.Println(len(buffers), "of", msg.BufferLen(0), "bytes", err)
			return err
		})
		return nil
	}, nil)

	k.Open("images", struct{}{}).Send("png", make([]byte, 64))
	<-handled
	// Output:
	// 1 of 64 bytes <nil>
}

// What cannot be JSON is not sent.
func ExampleSend() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	k.RegisterTarget("points", func(*commmgrtest.Comm, commmgrtest.Message) {})
	c, _ := k.Manager.Open("points", nil)
	fmt.Println(typed.Send(c, map[string]float64{"x": 1.5, "y": -2}))
	fmt.Println(typed.Send(c, []float64{1, math.NaN()}))
	for _, m := range k.Sent()[1:] {
		fmt.Println(string(m.Data))
	}
	// Output:
	// <nil>
	// <nil>
	// {"x":1.5,"y":-2}
	// [1,"nan"]
}
