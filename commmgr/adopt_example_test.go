package commmgr_test

import (
	"fmt"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/internal/bystander"
)

// A comm outlives its page: the page is loaded again, and its target takes the comm up.
func ExampleTargetOptions() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	said := make(chan string)
	handlers := func(c *commmgr.Comm) error {
		c.OnGap(func(commmgr.Gap) error {
			_, err := c.Send(&commmgr.Payload{Data: []byte(`"what did I miss?"`)})
			return err
		})
		c.OnMsg(func(msg *commmgr.Message) error {
			data, err := msg.JSON(commmgr.Data)
			said <- string(data)
			return err
		})
		return nil
	}
	register := func() {
		open := func(c *commmgr.Comm, _ *commmgr.Message) error { return handlers(c) }
		k.Manager.RegisterTarget("numbers", open, &commmgr.TargetOptions{Adopt: handlers})
	}

	register()
	c := k.Open("numbers", nil)
	c.Send(1)
	fmt.Println(<-said)
	k.Reload()
	register()
	k.Offer(commmgr.Gap{})
	fmt.Println(string(c.Await(1)[0].Data))
	c.Send(2)
	fmt.Println(<-said)
	// Output:
	// 1
	// "what did I miss?"
	// 2
}
