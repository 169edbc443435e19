package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTwoProgramsLeaveNoGlobals(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		New    []string
		FS     bool
		Echoed []any
	}
	p.get(&got, `
		const own = globalThis.fs = {};
		const before = new Set(Reflect.ownKeys(globalThis));
		await attach("probe", { prefix: "one." });
		await attach("probe", { prefix: "two." }, { mode: "beside" });
		await attach("cookbook", {}, { mode: "beside" });
		for (const n of ["one", "two"]) {
			deliver(commOpen(n, n + ".echo"));
			deliver(commMsg(n, n));
		}
		deliver(commOpen("three", "my_comm_target"));
		await until(() => sent("one").length && sent("two").length && sent("three").length);
		deliver(commOpen("four", "one.block"));
		deliver(commMsg("four", 5)); // links time, which wants fs
		await until(() => sent("four").length);
		return {
			new: Reflect.ownKeys(globalThis).filter((k) => !before.has(k)).map(String),
			fs: globalThis.fs === own && Object.keys(own).length === 0,
			echoed: ["one", "two", "three"].map((id) => sent(id)[0].content.data),
		};`)
	require.Empty(t, got.New)
	require.True(t, got.FS, "the page's own fs was touched")
	require.Equal(t, []any{"one", "two", map[string]any{"foo": 0.0}}, got.Echoed)
}

func TestATargetHasOneProgram(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Refused string
		Owners  []string
		Echoes  int
	}
	p.get(&got, `
		await attach("probe");
		const refused = await attach("probe", {}, { mode: "beside" }).then(() => "", (e) => e.message);
		deliver(commOpen("c1", "probe.echo"));
		deliver(commMsg("c1", 1));
		deliver(commMsg("c1", "end"));
		await until(() => sent("c1").at(-1)?.content.data === "end");
		return { refused, owners: [...hub().programs].map((p) => p.name + p.dead), echoes: sent("c1").length };`)
	require.Contains(t, got.Refused, "gocomm: probe.wasm could not be loaded")
	require.Contains(t, got.Refused, "the target is taken by another program")
	require.Equal(t, []string{"probe.wasm"}, got.Owners)
	require.Equal(t, 2, got.Echoes)
}

func TestOneProgramOnlyReplacesTheManager(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Refused  string
		Programs int
		Lives    bool
	}
	p.get(&got, `
		const manager = await attach("commmgr");
		const refused = await attach("probe").then(() => "", (e) => e.message);
		deliver(commOpen("c1", "probe.echo"));
		manager.register_target("probe.echo", (comm) => comm.on_msg((m) => comm.send(m.content.data)));
		deliver(commMsg("c1", 1));
		await until(() => sent("c1").length === 1);
		return { refused, programs: hub().programs.size, lives: kernel.comm_manager === manager };`)
	require.Contains(t, got.Refused, "commmgr.wasm is this page's comm manager already")
	require.Equal(t, 1, got.Programs)
	require.True(t, got.Lives)
}
