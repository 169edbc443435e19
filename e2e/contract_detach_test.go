package e2e

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// TestDetach has gocomm loaded and used on a page, in both modes, and taken off: all
// that it has touched is what it was before. What it touched is looked at, too: a
// comparison that sees nothing would prove nothing.
func TestDetach(t *testing.T) {
	for mode, touched := range map[string][]string{
		"replace": {"kernel.comm_manager", "kernel.Symbol(gocomm.hub.2)", "kernel's handlers.comm_open", "kernel's handlers.comm_msg",
			"kernel's handlers.comm_close", "manager.new_comm", "manager.register_target"},
		"beside": {"kernel.Symbol(gocomm.hub.2)", "kernel's handlers.comm_open", "kernel's handlers.comm_msg", "kernel's handlers.comm_close"},
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			forHosts(t, contractSetup("main"), func(t *testing.T, h *host) { testDetach(t, h, mode, touched) })
		})
	}
}

func testDetach(t *testing.T, h *host, mode string, touched []string) {
	page := openContract(t, h, false)
	_, err := browse.Eval[browse.Void](page, fmt.Sprintf(`new Promise((resolve, reject) => {
		window.contractStock = Jupyter.notebook.kernel.comm_manager;
		Jupyter.notebook.config.data.gocomm = {mode: %q};
		require(["nbextensions/contract/dump", "nbextensions/gocomm/main"], (dump, gocomm) => {
			window.dumps = {...dump, gocomm, changed: null};
			dumps.before = dump.dump();
			gocomm.load_ipython_extension();
			resolve();
		}, reject);
	})`, mode))
	require.NoError(t, err)
	require.NoError(t, page.Wait(`[...Jupyter.notebook.kernel[Symbol.for("gocomm.hub.2")].programs].some(p => p.running)`, soon))

	changed, err := browse.Eval[[]string](page, `dumps.changes(dumps.before, dumps.dump())`)
	require.NoError(t, err)
	require.Subset(t, changed, touched)
	if mode == "beside" {
		require.NotContains(t, changed, "kernel.comm_manager")
		for _, name := range changed {
			require.NotContains(t, name, "manager.", "the stock manager is touched")
		}
	}
	used, err := browse.Eval[[]any](page, `contract.run(`+"`"+`
		const got = [];
		const id = await opened((comm) => {
			comm.on_msg((m) => { got.push(m.content.data); });
			comm.on_close(() => { got.push("closed"); });
		});
		await feed(msg(id, "hello"));
		await feed(close(id));
		const comm = manager.new_comm("py.target");
		const sent = comm.send({}, { iopub: { status: (m) => { if (m.content.execution_state === "idle") got.push("idle"); } } });
		thrown(() => comm.send({ n: 1n }));
		await until(() => got.includes("idle"));
		comm.close();
		manager.unregister_comm(comm);
		await until(() => value("seen['" + comm.comm_id + "'][-1][0] == 'close'"));
		const foreign = contract.foreign = new stock.Comm("py.target", newID());
		manager.register_comm(foreign);
		foreign.open();
		await value("1"); // the kernel is idle again
		got.push(Object.hasOwn(foreign, "send"));
		return got;`+"`"+`)`)
	require.NoError(t, err)
	require.Equal(t, []any{"hello", "closed", "idle", mode == "replace"}, used)

	left, err := browse.Eval[[]string](page, `(() => {
		dumps.gocomm.detach();
		const { foreign } = contract, { comms } = contractStock;
		if (Object.hasOwn(foreign, "send") || !comms[foreign.comm_id]) throw new Error("a comm that is not of gocomm's make");
		delete comms[foreign.comm_id];
		return dumps.changes(dumps.before, dumps.dump());
	})()`)
	require.NoError(t, err)
	assert.Empty(t, left, "differs after gocomm was taken off")

	again, err := browse.Eval[[]any](page, `contract.run(`+"`"+`
		const got = [];
		const id = await opened((comm) => { got.push(comm instanceof stock.Comm); comm.on_msg((m) => { got.push(m.content.data); }); });
		await feed(msg(id, "hello"));
		return got;`+"`"+`)`)
	require.NoError(t, err)
	require.Equal(t, []any{true, "hello"}, again, "the stock manager works as before")
	require.Empty(t, page.Errors())
}
