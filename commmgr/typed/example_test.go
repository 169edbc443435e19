package typed_test

import (
	"context"
	"fmt"

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
	typed.On(c, func(_ context.Context, n int, _ [][]byte) error {
		defer close(handled)
		return typed.Send(c, 2*n)
	})
	m.Deliver(jsonmsg.Parse([]byte(`{"header": {"msg_type": "comm_msg"}, "content": {"comm_id": "c", "data": 21}}`), nil, ""))
	<-handled
	c.Close(&commmgr.Payload{Data: []byte(`"bye"`)})
	fmt.Println(typed.Context(c).Err())
	// Output:
	// sent 42
	// sent "bye"
	// commmgr: closed by this program
}
