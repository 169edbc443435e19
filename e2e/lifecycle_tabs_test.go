package e2e

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// TestTwoPages has two pages on one kernel: each shows what it shows with the stock
// manager, and gocomm neither answers nor closes what is the other's.
func TestTwoPages(t *testing.T) {
	sideBySide(t, jupyter.Hosts(), func(t *testing.T, name jupyter.Host) {
		var mu sync.Mutex // guards shown
		shown := map[string][2]string{}
		t.Cleanup(func() { // when both have run
			if len(shown) < 2 {
				t.Log("not compared: only one manager was run")
				return
			}
			require.Equal(t, shown["stock"], shown["replace"])
			require.Contains(t, shown["replace"][0], "first 2 [3]") // not both nothing
			require.Contains(t, shown["replace"][1], "both 2 [3]")
		})
		for _, m := range widgetManagers[:2] {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				result := testTwoPages(t, startHost(t, m.setup, name), m.name)
				mu.Lock()
				defer mu.Unlock()
				shown[m.name] = result
			})
		}
	})
}

// twoPagesPython opens comms that say what comes back on them.
const twoPagesPython = `from ipykernel.comm import Comm
back, comms = [], {}
def reach(name):
    comm = comms[name] = Comm(target_name=name, data={"to": name})
    comm.on_msg(lambda msg: back.append([name, msg["content"]["data"]]))
    comm.on_close(lambda msg: back.append([name, "closed", msg["content"]["data"]]))
    for n in range(3):
        comm.send(n, buffers=[b"abc"] if n == 2 else None)
    return comm.comm_id`

func testTwoPages(t *testing.T, h *host, manager string) (shown [2]string) {
	one := openDesk(t, h, manager, twoPagesPython)
	require.NoError(t, one.RunCellWait(1))
	url, err := browse.Eval[string](one.Page, `location.href`)
	require.NoError(t, err)
	page, err := one.NewTab()
	require.NoError(t, err)
	two := &desk{Page: page, host: h, manager: manager}
	defer func() {
		dump(t, page)
		_, _ = browse.Eval[browse.Void](page, `void (window.onbeforeunload = null)`)
		_ = page.CloseTab()
	}()
	two.load(t, url)
	pages := []*desk{one, two}
	for i, p := range pages {
		script(t, p.Page, `window.shown = [];
			const show = name => comm => {
				shown.push(name + " opened");
				comm.on_msg(m => { shown.push(name + " " + m.content.data + " [" + m.buffers.map(b => b.byteLength) + "]"); });
				comm.on_close(m => { shown.push(name + " closed"); });
			};
			manager.register_target("both", show("both"));
			`+[]string{
			`manager.register_target("first", show("first")); manager.register_target("fails", show("fails"));`,
			`manager.register_target("fails", () => { throw new Error("the second page's own"); });`}[i])
	}
	if manager == "replace" {
		one.exec(t, `ids = [reach(name) for name in ["nobody", "fails"]]`) // stock answers these for the other page
	}
	one.exec(t, `reach("both"); reach("first"); comms["both"].close(); comms["first"].close(); reach("both")`)
	for i, p := range pages {
		// What each has of "first" is not waited for on the page that does not know it.
		require.NoError(t, p.Wait(`shown.filter(s => s === "both 2 [3]").length === 2`, soon))
		text, err := browse.Eval[string](p.Page, `shown.filter(s => !s.startsWith("fails")).join("\n")`)
		require.NoError(t, err)
		shown[i] = text
	}
	if manager != "replace" {
		return shown
	}

	one.has(t, `[]`, `back`)
	var ids []string
	require.NoError(t, json.Unmarshal([]byte(one.ask(t, "", `ids`)), &ids))
	// When its owner gives the target up, the other page has waited as long.
	one.has(t, `["nobody"]`, `[b[0] for b in back]`)
	one.has(t, `true`, `"no such target" in json.dumps(back)`)
	two.exec(t, `comms["fails"].send("lives")`)
	require.NoError(t, one.Wait(`shown.includes("fails lives []")`, soon))
	for _, f := range two.Wire() {
		require.False(t, f.Direction == browse.Sent && slices.Contains(ids, f.CommID), "sent by the page that has not opened it: %v", f)
	}
	closes := slices.DeleteFunc(one.Wire(), func(f browse.Frame) bool {
		return f.Direction != browse.Sent || !slices.Contains(ids, f.CommID)
	})
	require.Len(t, closes, 1)
	require.Equal(t, "comm_close", closes[0].MsgType)
	for _, e := range one.errors() {
		require.Contains(t, e.Text, `(target "nobody"): no such target`)
	}
	return shown
}
