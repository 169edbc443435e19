package host_test

import (
	"fmt"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/commmgr/jsonmsg"
)

// printer is a transport that prints.
type printer struct{}

func (printer) Send(o *host.Outgoing) (string, error) {
	fmt.Println(o.MsgType, o.CommID, string(o.Data))
	return "", nil
}

func (printer) InputReply(string) error { return nil }

// still is a clock that stands still.
type still struct{}

func (still) Now() commmgr.Duration                            { return 0 }
func (still) AfterFunc(commmgr.Duration, func()) (stop func()) { return func() {} }

// A host carries messages both ways: here between a program and its standard output.
func Example() {
	m, d := host.New(host.Options{
		Transport: printer{},
		Clock:     still{},
		NewID:     func() string { return "id-1" },
		OnError:   func(err error) { fmt.Println(err) },
	})
	done := make(chan string)
	m.RegisterTarget("my_comm_target", func(c *commmgr.Comm, open *commmgr.Message) error {
		c.OnMsg(func(msg *commmgr.Message) error {
			data, err := msg.Data()
			done <- "got " + string(data)
			return err
		})
		c.OnClose(func(*commmgr.Message) error {
			done <- "closed"
			return nil
		})
		_, err := c.Send(&commmgr.Payload{Data: []byte(`{"foo": 0}`)})
		return err
	}, nil)

	deliver := func(text string) { d.Deliver(jsonmsg.Parse([]byte(text), nil, "session")) }
	deliver(`{"header": {"msg_type": "comm_open"}, "content": {"comm_id": "c", "target_name": "my_comm_target", "data": {"foo": 1}}}`)
	deliver(`{"header": {"msg_type": "comm_msg"}, "content": {"comm_id": "c", "data": "hello"}}`)
	fmt.Println(<-done)
	deliver(`{"header": {"msg_type": "comm_close"}, "content": {"comm_id": "c", "data": {}}}`)
	fmt.Println(<-done)
	deliver(`{"header": {"msg_type": "comm_msg"}, "content": {"comm_id": "c"}}`)
	// Output:
	// comm_msg c {"foo": 0}
	// got "hello"
	// closed
	// commmgr: comm_msg: comm "c": no such comm
}
