package reliable_test

import (
	"fmt"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/reliable"
	"gocomm/internal/bystander"
)

// A target whose comms are reliable, where the kernel opens them so.
func ExampleAccept() {
	t := new(bystander.TB) // the *testing.T of a test
	defer t.End()
	k := commmgrtest.New(t, nil)
	m := k.Manager
	done := make(chan bool)
	open := func(c *commmgr.Comm, _ *commmgr.Message) error {
		fmt.Println("reliable:", reliable.Reliable(c))
		close(done)
		return nil
	}
	var err error
	_, err = m.RegisterTarget("stream", reliable.Accept(open, nil), nil)
	if err != nil {
		panic(err)
	}
	k.Open("stream", nil) // as a kernel that knows nothing of it
	<-done
	// Output: reliable: false
}
