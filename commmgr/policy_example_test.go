package commmgr_test

import (
	"errors"
	"fmt"
	"time"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/internal/bystander"
)

// A queue of two messages, whose overflow is told: the handler learns how many are
// missing, where they are.
func ExampleLimits() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	busy, goOn := make(chan bool, 10), make(chan bool)
	k.Manager.RegisterTarget("slow", func(c *commmgr.Comm, _ *commmgr.Message) error {
		c.OnMsg(func(msg *commmgr.Message) error {
			busy <- true
			<-goOn
			data, err := msg.JSON(commmgr.Data)
			c.Send(&commmgr.Payload{Data: data})
			return err
		})
		c.OnOverflow(func(dropped int) error {
			_, err := c.Send(&commmgr.Payload{Data: fmt.Appendf(nil, `"%d are missing"`, dropped)})
			return err
		})
		return nil
	}, &commmgr.TargetOptions{Limits: commmgr.Limits{Messages: 2, Overflow: commmgr.OverflowTells}})

	c := k.Open("slow", nil)
	c.Stream(1, nil)
	<-busy
	c.Stream(5, nil)
	k.Flush()
	fmt.Println(errors.Is(k.Errors()[0], commmgr.ErrOverflow), k.Manager.Comm(c.ID).Queue().Dropped)
	close(goOn)
	for _, m := range c.Await(5)[1:] { // after what tells the kernel
		fmt.Println(string(m.Data))
	}
	// Output:
	// true 3
	// 0
	// 1
	// 2
	// "3 are missing"
}

// A slider's handler that sees, in each frame of the display, the newest value of each
// slider.
func ExampleComm_Merge() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	k.Manager.RegisterTarget("sliders", func(c *commmgr.Comm, _ *commmgr.Message) error {
		c.OnMsg(func(msg *commmgr.Message) error {
			data, err := msg.JSON(commmgr.Data)
			c.Send(&commmgr.Payload{Data: data})
			return err
		})
		return nil
	}, &commmgr.TargetOptions{Merge: commmgr.ByField("slider"), EachFrame: true})

	c := k.Open("sliders", nil)
	c.Stream(100, func(i int) any { return map[string]any{"slider": i % 2, "value": i} })
	k.Flush()
	for len(c.Received()) < 2 {
		k.Clock.Advance(time.Second / 60)
	}
	for _, m := range c.Received() {
		fmt.Println(string(m.Data))
	}
	// Output:
	// {"slider":0,"value":98}
	// {"slider":1,"value":99}
}

// A handler that blocks is named, and goes on.
func ExampleManager_SetWatchdog() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	k.Manager.SetWatchdog(2 * commmgr.Second)
	busy, goOn := make(chan bool), make(chan bool)
	k.Manager.RegisterTarget("stuck", func(*commmgr.Comm, *commmgr.Message) error {
		busy <- true
		<-goOn
		return nil
	}, nil)
	k.Open("stuck", nil)
	<-busy
	for range 4 {
		k.Clock.Advance(time.Second)
	}
	fmt.Println(errors.Is(k.Errors()[0], commmgr.ErrBusy))
	close(goOn)
	// Output:
	// true
}
