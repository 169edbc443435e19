package commmgr_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/internal/layer"
)

// TestWatch has two watchers told of a gap and of the end while a handler is at work.
func TestWatch(t *testing.T) {
	k := commmgrtest.New(t, nil)
	began, goOn, told := make(chan *commmgr.Comm, 1), make(chan bool), make(chan string, 10)
	_, err := k.Manager.RegisterTarget("t", func(c *commmgr.Comm, _ *commmgr.Message) error {
		for range 2 {
			layer.Watch(c, func() error { told <- "ended: " + c.Err().Error(); return nil }, func() error { told <- "gap"; return nil })
		}
		layer.Watch(c, nil, nil)
		began <- c
		<-goOn
		return nil
	}, nil)
	require.NoError(t, err)
	c := k.Open("t", nil)
	opened := <-began
	defer close(goOn)
	k.Gap(commmgr.Gap{})
	require.Equal(t, []string{"gap", "gap"}, []string{<-told, <-told})
	c.Close(nil)
	ended := "ended: " + commmgr.ErrClosedByKernel.Error()
	require.Equal(t, []string{ended, ended}, []string{<-told, <-told})
	layer.Watch(opened, func() error { told <- "late"; return nil }, nil)
	require.Equal(t, "late", <-told)
}
