package commmgr_test

import (
	"fmt"

	"gocomm/commmgr"
	"gocomm/commmgr/jsonmsg"
)

// printer is a transport that prints.
type printer struct{}

func (printer) Send(o *commmgr.Outgoing) (string, error) {
	fmt.Println(o.MsgType, o.CommID, string(o.Data))
	return "", nil
}

func (printer) InputReply(string) error { return nil }

// still is a clock that stands still.
type still struct{}

func (still) Now() int64                            { return 0 }
func (still) AfterFunc(int64, func()) (stop func()) { return func() {} }

// A manager is given what it needs of the world. Packages jsglue and commmgrtest
// do so, for a page and for tests.
func Example() {
	m := commmgr.New(commmgr.Options{
		Transport: printer{},
		Clock:     still{},
		NewID:     func() string { return "id-1" },
		OnError:   func(err error) { fmt.Println(err) },
	})
	done := make(chan string)
	m.RegisterTarget("my_comm_target", func(c *commmgr.Comm, open *commmgr.Message) error {
		c.OnMsg(func(msg *commmgr.Message) error {
			data, err := msg.JSON(commmgr.Data)
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

	deliver := func(text string) { m.Deliver(jsonmsg.Parse([]byte(text), nil, "session")) }
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
