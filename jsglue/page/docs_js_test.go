package page_test

import (
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/jsglue/page"
)

// What docs/handlers.md shows.
func TestDocs(t *testing.T) {
	type node struct {
		Tag string `js:"tagName"`
	}
	global := js.Global()
	button := global.Get("document").Call("createElement", "button")
	event := global.Get("Object").New()
	event.Set("clientX", 7)
	event.Set("target", button)
	event.Set("data", global.Get("Uint8Array").New(3).Get("buffer"))
	event.Set("done", global.Get("Function").New("return 5"))
	var click struct {
		X      int           `js:"clientX"`
		Target js.Value      `js:"target"` // the node itself
		Node   node          `js:"target"` // or a struct with some of its properties
		Files  []byte        `js:"data"`   // an ArrayBuffer, copied
		Done   page.Function `js:"done"`   // a function of the page: Done.Call(args…)
	}
	err := page.Decode(event, &click)
	require.NoError(t, err)
	require.Equal(t, 7, click.X)
	require.True(t, click.Target.Equal(button))
	require.Equal(t, "BUTTON", click.Node.Tag)
	require.Len(t, click.Files, 3)

	comms := make(chan *commmgr.Comm, 1)
	k := commmgrtest.New(t, nil)
	k.Manager.RegisterTarget("t", func(c *commmgr.Comm, _ *commmgr.Message) error { comms <- c; return nil }, nil)
	k.Open("t", nil)
	c, clicks := <-comms, 0
	func() {
		double := func(args []js.Value) (any, error) { return 2 * args[0].Int(), nil } // may block
		owner := page.OwnedBy(c)                                                       // until the comm ends; or page.NewOwner
		owner.Listen(button, "click", func(event js.Value) { clicks++ })               // runs within the event: must not wait
		f, err := owner.Func(double)                                                   // the page gets a Promise
		require.NoError(t, err)
		require.Equal(t, "Promise", f.Invoke(4).Get("constructor").Get("name").String())
	}()
	button.Call("click")
	require.Equal(t, 1, clicks)
}
