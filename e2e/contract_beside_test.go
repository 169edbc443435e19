package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// withMode opens a page with the extension's settings as a user stores them.
func withMode(t *testing.T, h *host, settings string) *browse.Page {
	t.Helper()
	h.AddFile(t, "testdata/contract/contract.py")
	page := openNotebook(t, h, `%run contract.py`)
	set(t, page, settings)
	require.NoError(t, page.Wait(`window.contract`, soon))
	require.NoError(t, page.RunCellWait(0))
	return page
}

// set stores settings of the extension, and loads the page again, which has them then.
func set(t *testing.T, page *browse.Page, settings string) {
	t.Helper()
	_, err := browse.Eval[browse.Void](page, `Jupyter.notebook.config.update({gocomm: `+settings+`}).then(() => {})`)
	require.NoError(t, err)
	require.NoError(t, page.Save())
	require.NoError(t, page.Reload())
	require.NoError(t, page.WaitKernelReady())
}

// besideSetup serves gocomm as it is installed, and the checks' extension.
func besideSetup(name string) setup {
	s := contractSetup("main")
	s.name = "beside-" + name
	s.enable = []string{"contract/main", "gocomm/main"}
	return s
}

// TestBeside is the mode in which gocomm leaves the page's manager in its place.
func TestBeside(t *testing.T) {
	forHosts(t, besideSetup("mode"), func(t *testing.T, h *host) {
		page := withMode(t, h, `{mode: "beside"}`)
		require.NoError(t, page.Wait(`[...Jupyter.notebook.kernel[Symbol.for("gocomm.hub.2")].programs].some(p => p.running)`, soon))
		for _, c := range []check{
			{"stock", "the page's manager is the stock one, untouched, and does what is not registered with gocomm", `
				const got = [];
				const id = await opened((comm) => {
					got.push(comm instanceof stock.Comm);
					comm.on_msg((m) => { got.push(m.content.data); });
				});
				await feed(msg(id, "hello"));
				const written = await lines(() => feed(msg("unknown", 1)));
				const comm = manager.new_comm("py.target");
				return [manager === captured, manager instanceof stock.CommManager, Object.keys(manager).sort(), got, comm instanceof stock.Comm,
					manager.comms[id] !== undefined, written.filter((line) => line.startsWith("Comm promise not found")).length];`,
				`[true, true, ["comms", "kernel", "targets"], [true, "hello"], true, true, 1]`, "", ""},
			{"own", "attach gives a manager of its own, whose targets and comms are gocomm's", `
				const { attach } = await import(require.toUrl("nbextensions/gocomm/gocomm.js"));
				const mine = await attach(kernel, { wasm: require.toUrl("nbextensions/gocomm/commmgr.wasm").replace(/\?.*/, ""), mode: "beside" });
				window.mine = mine;
				const got = [];
				mine.register_target("mine", (comm, open) => {
					got.push(open.content.data, comm instanceof stock.Comm);
					comm.on_msg((m) => { got.push(m.content.data); comm.send({ echo: m.content.data }); });
					comm.on_close(() => { got.push("closed"); });
				});
				const id = JSON.parse(await python("c = listen(Comm(target_name='mine', data={'a': 1})); c.send('hello'); import json; print(json.dumps(c.comm_id))"));
				await until(() => got.length === 3);
				const there = [id in mine.comms, id in manager.comms, "mine" in mine.targets, "mine" in manager.targets];
				await until(() => value("seen.get('" + id + "', [])").then((s) => s.length));
				await python("c.close()");
				await until(() => got.length === 4);
				return [got, there, await value("seen['" + id + "'][0][1]"), id in mine.comms, mine !== manager, kernel.comm_manager === captured];`,
				`[[{"a": 1}, false, "hello", "closed"], [true, false, true, false], {"echo": "hello"}, false, true, true]`, "", ""},
			{"own", "its comms are opened, refused and closed as those of the manager in the page's place", `
				const got = [];
				const comm = mine.new_comm("py.target", { a: 1 });
				comm.on_msg((m) => { got.push(m.content.data); });
				comm.send("there");
				await until(() => value("seen.get('" + comm.comm_id + "', [])").then((s) => s.length === 2));
				await python("comms['" + comm.comm_id + "'].send('and back')");
				await until(() => got.length);
				const errors = [thrown(() => comm.send({ n: 1n })).includes("only JSON"), thrown(() => comm.send("x".repeat(9 << 20))).includes("more than the 8388608")];
				const there = [comm.comm_id in mine.comms, comm.comm_id in manager.comms];
				comm.close();
				return [got, errors, there, comm.comm_id in mine.comms, thrown(() => comm.send(1))];`,
				`[["and back"], [true, true], [true, false], false, ""]`, "", ""},
			{"own", "a target given up goes back to the page's manager", `
				const got = [];
				manager.register_target("mine", () => { got.push("stock"); });
				await feed(open(newID(), "mine"));
				const taken = got.length;
				mine.unregister_target("mine");
				await feed(open(newID(), "mine"));
				return [taken, got];`,
				`[0, ["stock"]]`, "", ""},
		} {
			t.Run(c.title, func(t *testing.T) { c.run(t, page, false) })
		}
		require.Empty(t, pageErrors(page))
	})
}

// pageErrors leaves out what the stock manager prints for the messages that are
// none of its own.
func pageErrors(page *browse.Page) []browse.Message {
	var all []browse.Message
	for _, m := range page.Errors() {
		if m.Text != "Comm promise not found for comm id unknown" {
			all = append(all, m)
		}
	}
	return all
}

// TestUnknownMode is a setting that nobody has: the notebook is as without gocomm, and
// told so.
func TestUnknownMode(t *testing.T) {
	forHosts(t, besideSetup("unknown"), func(t *testing.T, h *host) {
		page := withMode(t, h, `{mode: "besides"}`)
		console(t, page, `gocomm: `, `mode is "replace" or "beside", not "besides"`, "gocomm.mode")
		untouched, err := browse.Eval[bool](page, `contract.run("return manager === captured && !Object.getOwnPropertySymbols(kernel).length").then(v => v)`)
		require.NoError(t, err)
		require.True(t, untouched)
	})
}
