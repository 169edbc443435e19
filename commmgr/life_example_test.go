package commmgr_test

import (
	"errors"
	"fmt"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/internal/bystander"
)

// A comm that asks for the state where messages may have been lost, and that ends
// with its kernel.
func ExampleComm_OnGap() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	said := make(chan string)
	k.Manager.RegisterTarget("numbers", func(c *commmgr.Comm, _ *commmgr.Message) error {
		c.OnMsg(func(msg *commmgr.Message) error {
			data, err := msg.JSON(commmgr.Data)
			said <- string(data)
			return err
		})
		c.OnGap(func(commmgr.Gap) error {
			_, err := c.Send(&commmgr.Payload{Data: []byte(`"what did I miss?"`)})
			said <- "a gap"
			return err
		})
		c.OnClose(func(*commmgr.Message) error {
			said <- fmt.Sprint(errors.Is(c.Err(), commmgr.ErrKernelGone))
			return nil
		})
		return nil
	}, nil)

	c := k.Open("numbers", nil)
	c.Send(1)
	fmt.Println(<-said)
	k.Drop()
	c.Send(2)
	k.Reconnect(1) // of the messages sent meanwhile one is lost
	fmt.Println(<-said)
	fmt.Println(string(c.Await(1)[0].Data))
	k.Restart()
	fmt.Println(<-said)
	// Output:
	// 1
	// a gap
	// "what did I miss?"
	// true
}
