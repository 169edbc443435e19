package commmgr_test

import (
	"context"
	"fmt"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/typed"
	"gocomm/internal/bystander"
)

// A target whose comms greet, and answer each name. On a page, jsglue.Run gives the
// manager; here it is that of a kernel in memory.
func Example() {
	t := new(bystander.TB) // the *testing.T of a test
	defer t.End()
	k := commmgrtest.New(t, nil)

	type person struct{ Name string }
	typed.Target(k.Manager, "greeter", func(_ context.Context, c *commmgr.Comm, p person) error {
		typed.On(c, func(_ context.Context, name string, _ [][]byte) error {
			return typed.Send(c, "hello "+name)
		})
		return typed.Send(c, "hello "+p.Name)
	}, nil)

	c := k.Open("greeter", person{"Ada"}) // what a cell does
	c.Send("Grace")
	for _, msg := range c.Await(2) {
		fmt.Println(string(msg.Data))
	}
	// Output:
	// "hello Ada"
	// "hello Grace"
}

// Messages as they are: JSON text and binary buffers. Package typed puts Go types on them.
func ExampleManager_RegisterTarget() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	k.Manager.RegisterTarget("echo", func(c *commmgr.Comm, open *commmgr.Message) error {
		c.OnMsg(func(msg *commmgr.Message) error {
			data, err := msg.Data()
			if err != nil {
				return err
			}
			buffers, err := msg.Buffers()
			if err != nil {
				return err
			}
			_, err = c.Send(&commmgr.Payload{Data: data, Buffers: buffers})
			return err
		})
		return nil
	}, nil)

	c := k.Open("echo", nil)
	c.Send("hello", []byte{1, 2})
	msg := c.Await(1)[0]
	fmt.Println(string(msg.Data), msg.Buffers)
	// Output:
	// "hello" [[1 2]]
}

// The page opens a comm, and is told that the kernel has no such target.
func ExampleManager_Open() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	closed := make(chan bool)
	c, err := k.Manager.Open("nobody", nil)
	fmt.Println(err)
	c.OnClose(func(*commmgr.Message) error { close(closed); return nil })
	<-closed
	fmt.Println(c.Err())
	// Output:
	// <nil>
	// commmgr: closed by the kernel
}

// What the kernel prints and says on behalf of a message comes to its callbacks.
func ExampleCallbacks() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	k.RegisterTarget("worker", func(*commmgrtest.Comm, commmgrtest.Message) {})
	c, _ := k.Manager.Open("worker", nil)
	said := make(chan string)
	c.Send(&commmgr.Payload{Callbacks: &commmgr.Callbacks{Status: func(msg *commmgr.Message) {
		content, _ := msg.JSON(commmgr.Content)
		said <- string(content)
	}}})
	fmt.Println(<-said)
	fmt.Println(<-said)
	// Output:
	// {"execution_state":"busy"}
	// {"execution_state":"idle"}
}
