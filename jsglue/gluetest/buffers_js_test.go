package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const megabyte = 1 << 20

// Buffers stay in JavaScript until a handler asks for them, and are copied once then,
// whatever their size.
func TestLargeBuffers(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Read struct {
			Lengths []int
			Wrong   int
		}
		Unread, Grown, GrownByReading int
		Left                          struct{ Slots, Lost, Routes int }
	}
	p.get(&got, `
		await attach("probe");
		const pattern = Uint8Array.from({ length: 256 }, (_, i) => i * 31);
		const bytes = new Uint8Array((64 << 20) + 8);
		for (let at = 4; at < bytes.length; at += 256) bytes.set(pattern.subarray(0, Math.min(256, bytes.length - at)), at);
		const view = new DataView(bytes.buffer, 4, 64 << 20); // a part of what is behind it
		const memory = () => program("probe").memory().length;
		now(commOpen("unread", "probe.unread"));
		now(commOpen("large", "probe.large"));
		now(commMsg("unread", 0, { buffers: [new DataView(new ArrayBuffer(1))] }));
		await until(() => sent("unread").length === 1);
		const before = memory();
		for (let n = 0; n < 100; n++) { // more at once would fill its queue
			now(commMsg("unread", n, { buffers: [view] }));
			await until(() => sent("unread").length === n + 2);
		}
		const unread = memory();
		now(commMsg("large", 0, { buffers: [view, new ArrayBuffer(0)] }));
		await until(() => sent("large").length === 1);
		return {
			read: sent("large")[0].content.data, unread: sent("unread").filter((m) => m.content.data === 64 << 20).length,
			grown: unread - before, grownByReading: memory() - unread, left: left(program("probe")),
		};`)
	require.Equal(t, []int{64 * megabyte, 0}, got.Read.Lengths)
	require.Zero(t, got.Read.Wrong)
	require.Equal(t, 100, got.Unread)
	require.Less(t, got.Grown, megabyte, "bytes of memory for what nobody has read")
	require.Less(t, got.GrownByReading, 100*megabyte, "bytes of memory: one copy, and no second")
	require.Zero(t, got.Left.Slots)
}
