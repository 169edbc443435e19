package typed_test

import (
	"context"
	"fmt"
	"math"

	"gocomm/commmgr"
	"gocomm/commmgr/jsonmsg"
	"gocomm/commmgr/typed"
)

type printer struct{}

func (printer) Send(o *commmgr.Outgoing) (string, error) {
	fmt.Println("sent", string(o.Data))
	return "", nil
}
func (printer) InputReply(string) error               { return nil }
func (printer) Now() int64                            { return 0 }
func (printer) AfterFunc(int64, func()) (stop func()) { return func() {} }

// A comm whose messages are numbers, which are sent back doubled.
func Example() {
	m := commmgr.New(commmgr.Options{Transport: printer{}, Clock: printer{}, NewID: func() string { return "c" }})
	c, err := m.RegisterComm("c", "doubler", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	handled := make(chan struct{})
	err = typed.On(c, func(_ context.Context, n int, _ [][]byte) error {
		defer close(handled)
		return typed.Send(c, 2*n)
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	m.Deliver(jsonmsg.Parse([]byte(`{"header": {"msg_type": "comm_msg"}, "content": {"comm_id": "c", "data": 21}}`), nil, ""))
	<-handled
	c.Close(&commmgr.Payload{Data: []byte(`"bye"`)})
	fmt.Println(typed.Context(c).Err())
	// Output:
	// sent 42
	// sent "bye"
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
	m := commmgr.New(commmgr.Options{Transport: printer{}, Clock: printer{}, NewID: func() string { return "c" }})
	c, err := m.RegisterComm("c", "images", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	handled := make(chan struct{})
	err = typed.OnMsg(c, func(_ context.Context, format string, msg *commmgr.Message) error {
		defer close(handled)
		if format != "png" {
			return nil
		}
		buffers, err := msg.Buffers()
		fmt.Println(len(buffers), "of", msg.BufferLen(0), "bytes", err)
		return err
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	m.Deliver(jsonmsg.Parse([]byte(`{"header": {"msg_type": "comm_msg"}, "content": {"comm_id": "c", "data": "png"}}`), [][]byte{make([]byte, 64)}, ""))
	<-handled
	// Output:
	// 1 of 64 bytes <nil>
}

// What cannot be JSON is not sent.
func ExampleSend() {
	m := commmgr.New(commmgr.Options{Transport: printer{}, Clock: printer{}, NewID: func() string { return "c" }})
	c, err := m.RegisterComm("c", "points", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(typed.Send(c, map[string]float64{"x": 1.5, "y": -2}))
	fmt.Println(typed.Send(c, []float64{1, math.NaN()}))
	// Output:
	// sent {"x":1.5,"y":-2}
	// <nil>
	// commmgr: send: comm "c" (target "points"): cannot send NaN as float64: JSON has no such value
}
