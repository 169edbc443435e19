package typed_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/typed"
	"gocomm/internal/bystander"
)

// A page asks the kernel for a sum.
func ExampleCall() {
	t := new(bystander.TB) // the *testing.T of a test
	defer t.End()
	k := commmgrtest.New(t, nil)
	k.RegisterTarget("calculator", func(c *commmgrtest.Comm, _ commmgrtest.Message) {
		c.Handle("sum", func(_ context.Context, params json.RawMessage, _ [][]byte) (any, [][]byte, error) {
			var terms []int
			if err := json.Unmarshal(params, &terms); err != nil || len(terms) == 0 {
				return nil, nil, &typed.CallError{Code: "no_terms", Message: "there is nothing to add"}
			}
			sum := 0
			for _, n := range terms {
				sum += n
			}
			return sum, nil, nil
		})
	})

	ctx := context.Background()
	c, _ := k.Manager.Open("calculator", nil)
	fmt.Println(typed.Call[int](ctx, c, "sum", []int{1, 2, 3}))
	_, err := typed.Call[int](ctx, c, "sum", []int{})
	fmt.Println(errors.Is(err, &typed.CallError{Code: "no_terms"}), err)
	// Output:
	// 6 <nil>
	// true commmgr: call "sum": comm "front-1" (target "calculator"): there is nothing to add (no_terms)
}

// A page answers the kernel.
func ExampleHandle() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	type size struct{ Width, Height float64 }
	k.Manager.RegisterTarget("shapes", func(c *commmgr.Comm, _ *commmgr.Message) error {
		typed.Handle(c, "area", func(ctx context.Context, s size) (float64, error) {
			if s.Width < 0 || s.Height < 0 {
				return 0, errors.New("no such shape")
			}
			return s.Width * s.Height, nil
		})
		return nil
	}, nil)

	c := k.Open("shapes", nil)
	area, _, err := c.Call(context.Background(), "area", size{2, 3})
	fmt.Println(string(area), err)
	_, _, err = c.Call(context.Background(), "area", size{2, -3})
	fmt.Println(err)
	// Output:
	// 6 <nil>
	// no such shape
}

// A slider sends more than the kernel takes: the last value counts.
func ExampleSendLatest() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	busy, theirs := make(chan bool), make(chan *commmgrtest.Comm, 1)
	k.RegisterTarget("slider", func(c *commmgrtest.Comm, _ commmgrtest.Message) {
		c.OnMsg(func(commmgrtest.Message) { <-busy })
		theirs <- c
	})

	c, _ := k.Manager.Open("slider", nil)
	for n := range 100 {
		typed.SendLatest(c, n)
	}
	close(busy)                                   // the kernel goes on
	for _, msg := range (<-theirs).Await(3)[1:] { // after comm_open
		fmt.Println(string(msg.Data))
	}
	fmt.Println("replaced:", typed.Replaced(c))
	// Output:
	// 0
	// 99
	// replaced: 98
}

// What was handled is known after Drain.
func ExampleDrain() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	sum := 0
	comms := make(chan *commmgr.Comm, 1)
	k.Manager.RegisterTarget("adder", func(c *commmgr.Comm, _ *commmgr.Message) error {
		comms <- c
		typed.On(c, func(_ context.Context, n int, _ [][]byte) error { sum += n; return nil })
		return nil
	}, nil)

	c := k.Open("adder", nil)
	for n := range 10 {
		c.Send(n)
	}
	k.Flush() // the kernel has sent all of it
	fmt.Println(typed.Drain(context.Background(), <-comms), sum)
	// Output: <nil> 45
}
