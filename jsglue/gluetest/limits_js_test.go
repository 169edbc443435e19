package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOverflowEndsTheComm(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Reason string
		Errors []string
		Left   struct{ Slots, Lost, Routes int }
	}
	p.get(&got, `
		await attach("probe");
		now(commOpen("c1", "probe.closes"));
		now(commMsg("c1", 1));
		await until(() => sent("c1").length === 1);
		for (let n = 0; n < 50; n++) now(commMsg("c1", 1));
		await until(() => left(program("probe")).slots === 0);
		return { reason: sent("c1", "comm_close")[0].content.data.reason, errors: errors(), left: left(program("probe")) };`)
	require.Contains(t, got.Reason, `comm_msg: comm "c1" (target "probe.closes"): the queue is full`)
	require.Equal(t, got.Reason, got.Errors[0])
	require.Len(t, got.Errors, 11, "and what waited finds that it cannot answer any more")
	require.Zero(t, got.Left)
}

func TestOverflowIsTold(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Sent   []any
		Errors []string
		Left   struct{ Slots, Lost, Routes int }
	}
	p.get(&got, `
		await attach("probe");
		now(commOpen("c1", "probe.tells"));
		now(commMsg("c1", 1));
		await until(() => sent("c1").length === 1);
		for (let n = 0; n < 50; n++) now(commMsg("c1", 1));
		await until(() => sent("c1").length === 13); // ten are done, the overflow is told to either side
		now(commMsg("c1", 1));
		await until(() => sent("c1").length === 14);
		await until(() => left(program("probe")).slots === 0);
		return { sent: sent("c1").map((m) => m.content.data), errors: errors(), left: left(program("probe")) };`)
	require.Contains(t, got.Sent[1], "overflow", "the kernel is told at once")
	for _, i := range []int{0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13} {
		require.Equal(t, "done", got.Sent[i], i)
	}
	told := got.Sent[12].(map[string]any)
	require.EqualValues(t, 40, told["dropped"])
	queue := told["queue"].(map[string]any)
	require.EqualValues(t, 40, queue["dropped"])
	require.EqualValues(t, 10, queue["max_messages"])
	require.Len(t, got.Errors, 1)
	require.Contains(t, got.Errors[0], "what does not fit is dropped")
	require.Zero(t, got.Left.Slots)
}

// Frames are the browser's, and a burst is one message for each key.
func TestEachFrame(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Burst, Later []struct {
			Name  string
			Value int
		}
		Frames, Handled, Early int
		Hidden                 bool
		Left                   struct{ Slots, Lost, Routes int }
	}
	p.get(&got, `
		await attach("probe");
		now(commOpen("c1", "probe.frames"));
		for (let n = 0; n < 1000; n++) for (const name of ["x", "y"]) now(commMsg("c1", { name, value: n }));
		await until(() => sent("c1").length === 2);
		const burst = sent("c1").map((m) => m.content.data);
		let frames = 0, early = 0, asks = 0;
		const { requestAnimationFrame } = globalThis;
		globalThis.requestAnimationFrame = (f) => { asks++; return requestAnimationFrame((...a) => { frames++; f(...a); }); };
		for (let n = 0; n < 200; n++) {
			now(commMsg("c1", { name: "z", value: n }));
			await task();
			if (sent("c1").length - 2 > frames) early++;
		}
		await until(() => left(program("probe")).slots === 0 && sent("c1").at(-1).content.data.value === 199);
		const handled = sent("c1").length - 2;
		globalThis.requestAnimationFrame = () => 0; // as on a hidden page
		now(commMsg("c1", { name: "z", value: -1 }));
		await until(() => sent("c1").at(-1).content.data.value === -1);
		return { burst, later: [], frames, handled, early, hidden: true, left: left(program("probe")) };`)
	require.Equal(t, 999, got.Burst[0].Value)
	require.Equal(t, 999, got.Burst[1].Value)
	require.Zero(t, got.Early, "messages handled before their frame")
	require.Positive(t, got.Frames)
	require.Equal(t, got.Frames, got.Handled)
	require.True(t, got.Hidden)
	require.Zero(t, got.Left.Slots)
}

// The watchdog names a handler that waits while it waits, and one that keeps the page
// when it returns.
func TestWatchdog(t *testing.T) {
	p := newPage(t, 1)
	var got struct{ Waiting, All []string }
	p.get(&got, `
		await attach("probe", { watchdog: 200 });
		now(commOpen("c1", "probe.block"));
		now(commMsg("c1", 1500));
		await until(() => errors().length === 1);
		const waiting = errors().concat(sent("c1").map(String));
		now(commOpen("c2", "probe.spin"));
		now(commMsg("c2", { N: 1, Us: 300000 }));
		now(commOpen("c3", "probe.block"));
		now(commMsg("c3", 1));
		await until(() => sent("c1").length && sent("c2").length && sent("c3").length);
		await until(() => errors().length === 2);
		return { waiting, all: errors() };`)
	require.Len(t, got.Waiting, 1, "it was named before it returned: %v", got.Waiting)
	require.Regexp(t, `^commmgr: comm_msg: comm "c1" \(target "probe.block"\): the handler is busy: for 0\.\d s so far; 0 messages`, got.Waiting[0])
	require.Len(t, got.All, 2)
	require.Regexp(t, `comm "c2" \(target "probe.spin"\): the handler is busy: it took 0\.\d s`, got.All[1])
}
