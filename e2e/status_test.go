package e2e

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// In the page: the status entry's button, and its details.
const (
	entryButton  = `document.querySelector(".gocomm-status").shadowRoot.querySelector("button")`
	entryDetails = `document.querySelector(".gocomm-status").shadowRoot.querySelector("[popover]")`
)

// TestStatusEntry reads what the header of a classic page says of gocomm: a program that loads, its comms, a problem, and the way
// back to Notebook's own comm manager.
func TestStatusEntry(t *testing.T) {
	forHosts(t, withGocomm, func(t *testing.T, h *host) {
		page := newPage(t)
		url := h.NewNotebook(t, "from ipykernel.comm import Comm\nc = Comm(target_name='status')", "c.send(1)")
		require.NoError(t, page.OpenNotebook(url))
		require.NoError(t, page.WaitKernelReady())
		says := func(text string) {
			t.Helper()
			require.NoError(t, page.Wait(entryButton+`.textContent === `+quoted(t, text), soon))
		}
		details := func(texts ...string) {
			t.Helper()
			for _, text := range texts {
				require.NoError(t, page.Wait(entryDetails+`.textContent.includes(`+quoted(t, text)+`)`, soon))
			}
		}
		picture := func(name string) {
			t.Helper()
			require.NoError(t, page.Screenshot(filepath.Join(fixture.root, "dist", "e2e", "status", string(h.Name)+"-"+name+".png")))
		}
		whileHeld(t, page, url, true, func() {
			says("gocomm: loading")
			picture("loading")
		})
		says("gocomm")
		ready(t, page, "")
		script(t, page, `manager.register_target("status", comm => { comm.on_msg(() => { throw new Error("not today"); }); })`)
		require.NoError(t, page.RunCellWait(0))
		require.NoError(t, page.Click(entryButton))
		details("gocomm, in the place of Notebook's own", "commmgr.wasm: running", "live comm")
		open := entryDetails + `.matches(":popover-open")`
		require.NoError(t, page.Press(kb.Escape))
		require.NoError(t, page.Wait(`!`+open, soon))
		require.NoError(t, page.Click(entryButton))
		require.NoError(t, page.Wait(open, soon))
		require.NoError(t, page.RunCellWait(1))
		details("status): its msg handler threw:", "not today")
		picture("details")
		// The details are made anew while they are open, and the focus stays.
		const focus = `document.querySelector(".gocomm-status").shadowRoot.activeElement?.textContent`
		_, err := browse.Eval[browse.Void](page, entryDetails+`.querySelector("button").focus(), window.drawn = `+entryDetails+`.querySelector("dt"), undefined`)
		require.NoError(t, err)
		require.NoError(t, page.Wait(`!drawn.isConnected && `+focus+` === "Use Notebook's own comm manager"`, soon))
		require.NoError(t, page.Click(entryButton))
		require.NoError(t, page.Wait(`!`+open, soon))
		require.NoError(t, page.RunCellWait(1))
		says("gocomm: problem")

		require.NoError(t, page.Click(entryButton))
		require.NoError(t, page.Click(entryDetails+`.querySelector("button")`))
		details("Notebook's own; gocomm is off until the page is loaded again")
		left, err := browse.Eval[bool](page, `!("_hub" in Jupyter.notebook.kernel.comm_manager)`)
		require.NoError(t, err)
		require.True(t, left, "Notebook's own comm manager is back")
		inside, err := browse.Eval[bool](page, entryDetails+`.getBoundingClientRect().right <= innerWidth - 8`)
		require.NoError(t, err)
		require.True(t, inside, "the details stay on the page, whatever they say")
		picture("off")

		// Off by a setting.
		_, err = browse.Eval[browse.Void](page, `Jupyter.notebook.config.update({gocomm: {status: false}})`)
		require.NoError(t, err)
		require.NoError(t, page.LoadNotebook(url))
		ready(t, page, "")
		none, err := browse.Eval[bool](page, `document.querySelector(".gocomm-status") === null`)
		require.NoError(t, err)
		require.True(t, none)
		_, err = browse.Eval[browse.Void](page, `Jupyter.notebook.config.update({gocomm: {status: null}})`)
		require.NoError(t, err)
	})
}
