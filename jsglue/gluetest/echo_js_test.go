package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEchoGivesBackEveryByte(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Data, Metadata any
		Exact          []bool
		Lengths        []int
		Same           []bool
		Msgs           int
		Left           struct{ Slots, Lost int }
	}
	p.get(&got, `
		await attach("probe", {}, { mode: "beside" });
		const big = new Uint8Array(1 << 20);
		for (let at = 0; at < big.length; at += 1 << 16) crypto.getRandomValues(big.subarray(at, at + (1 << 16)));
		const buffers = [
			new DataView(new ArrayBuffer(0)), new DataView(Uint8Array.of(255).buffer), new DataView(big.slice(0, 4096).buffer),
			new DataView(big.buffer), new DataView(big.buffer, 1001, 77), big.slice(5, 9).buffer, new Uint8Array(big.buffer, 3, 5),
		];
		const data = { text: "é\u{1F600}\uFEFF\u0000 \"", list: [1, null, 1.5e300], nested: { a: {} } };
		deliver(commOpen("c1", "probe.echo"));
		deliver(commMsg("c1", data, { metadata: { version: "2.1", ö: [1] }, buffers }));
		deliver(commMsg("c1", "only a string"));
		await until(() => sent("c1").length === 2, "both echoes came");
		const bytes = (b) => ArrayBuffer.isView(b) ? new Uint8Array(b.buffer, b.byteOffset, b.byteLength) : new Uint8Array(b);
		const [echo, second] = sent("c1");
		if (JSON.stringify(data) !== JSON.stringify(echo.content.data)) throw new Error("data differ");
		if (second.content.data !== "only a string" || second.buffers.length !== 0) throw new Error(JSON.stringify(second));
		return {
			data: echo.content.data, metadata: echo.metadata, msgs: kernel.sent.length, left: left(program("probe")),
			exact: echo.buffers.map((b) => Object.prototype.toString.call(b) === "[object ArrayBuffer]"),
			lengths: echo.buffers.map((b) => b.byteLength),
			same: echo.buffers.map((b, i) => bytes(b).every((x, j) => x === bytes(buffers[i])[j])),
		};`)
	require.Equal(t, []int{0, 1, 4096, 1 << 20, 77, 4, 5}, got.Lengths)
	require.Equal(t, []bool{true, true, true, true, true, true, true}, got.Exact)
	require.Equal(t, []bool{true, true, true, true, true, true, true}, got.Same)
	require.Equal(t, map[string]any{"version": "2.1", "ö": []any{1.0}}, got.Metadata)
	require.Equal(t, 2, got.Msgs)
	require.Zero(t, got.Left)
}

func TestMessagesOfAnotherPageAreHandledToo(t *testing.T) {
	p := newPage(t, 1)
	p.run(`
		await attach("probe");
		deliver(commOpen("c1", "probe.echo", {}, { own: false }));
		deliver(commMsg("c1", 7, { own: false }));
		await until(() => sent("c1").length === 1);
		deliver(commOpen("c2", "probe.refused", {}, { own: false }));
		deliver(commOpen("c3", "probe.refused", {}, { own: true }));
		await until(() => sent("c3", "comm_close").length === 1);
		if (sent("c2", "comm_close").length > 0) throw new Error("a comm of another page was closed");`)
}
