package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The garbage collector may park a goroutine between asking for a text and taking it,
// and another one asks meanwhile: each gets its own. Here something else is staged after
// each text, as such a goroutine would have it.
func TestTextsOfSeveralGoroutines(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Sent, Wrong, Thrown []string
		Errors              []string
		Staged, Others      int
		Left                struct{ Slots, Lost int }
	}
	p.get(&got, `
		const manager = await attach("probe");
		const p = program("probe");
		let others = 0;
		const { put } = p.staging;
		p.staging.put = function (bytes) {
			const n = put.call(this, bytes);
			put.call(this, new Uint8Array(200_000).fill(33));
			others++;
			return n;
		};
		now(commOpen("echo", "probe.echo"));
		now(commOpen("merge", "probe.merge"));
		now(commOpen("plan", "probe.plan", "string"));
		now(commMsg("echo", "mine"));
		for (const name of ["x", "y", "x"]) now(commMsg("merge", { name }));
		now(commMsg("plan", "x".repeat(100_000)));
		await until(() => sent("echo").length + sent("merge").length + sent("plan").length >= 4 || errors().length);
		const thrown = [];
		for (const id of ["__proto__", "echo"]) {
			try { manager.new_comm("t", {}, undefined, undefined, id); } catch (e) { thrown.push(e.message); }
		}
		await until(() => left(p).slots === 0);
		return {
			sent: [...sent("echo"), ...sent("merge")].map((m) => m.content.data.name ?? m.content.data), wrong: sent("plan").map((m) => m.content.data).filter((d) => d),
			thrown, errors: errors(), staged: p.staging.bytes.filter((s) => s).length, others, left: left(p),
		};`)
	require.Empty(t, got.Errors)
	require.Equal(t, []string{"mine", "y", "x"}, got.Sent)
	require.Empty(t, got.Wrong)
	require.Len(t, got.Thrown, 2)
	require.Contains(t, got.Thrown[0], "a name that every JavaScript object has")
	require.Contains(t, got.Thrown[1], "the comm id is in use")
	require.Greater(t, got.Others, 6)
	require.Equal(t, got.Others, got.Staged, "what Go has taken is forgotten")
	require.Zero(t, got.Left.Slots)
}
