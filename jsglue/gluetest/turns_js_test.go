package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// counted wraps what wakes Go and what ends a turn.
const counted = `
	await attach("probe");
	const p = program("probe");
	let resumes = 0;
	const resume = p.go._resume;
	p.go._resume = (...args) => (resumes++, resume(...args));
	now(commOpen("c1", "probe.spin"));
	await until(() => left(p).slots === 0);
	resumes = 0;
`

func TestABurstWakesGoOnce(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		InTask, AfterMicrotasks int
		Answers                 []int
	}
	p.get(&got, counted+`
		for (let n = 0; n < 1000; n++) now(commMsg("c1", { N: n, Us: 0 }));
		const inTask = resumes;
		for (let i = 0; i < 20; i++) await null; // by then no more messages were awaited
		const afterMicrotasks = resumes;
		await until(() => sent("c1").length === 1000);
		return { inTask, afterMicrotasks, answers: sent("c1").map((m) => m.content.data) };`)
	require.Equal(t, 0, got.InTask)
	require.Equal(t, 1, got.AfterMicrotasks)
	require.Len(t, got.Answers, 1000)
	require.IsIncreasing(t, got.Answers)
}

// The kernel object needs some microtasks from one message to the next.
func TestABurstThroughTheKernelWakesGoOnce(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Resumes int
		Answers []int
	}
	p.get(&got, counted+`
		for (let n = 0; n < 1000; n++) deliver(commMsg("c1", { N: n, Us: 0 }));
		await kernel.queue;
		for (let i = 0; i < 20; i++) await null;
		const woken = resumes;
		await until(() => sent("c1").length === 1000);
		return { resumes: woken, answers: sent("c1").map((m) => m.content.data) };`)
	require.Equal(t, 1, got.Resumes)
	require.IsIncreasing(t, got.Answers)
	require.Len(t, got.Answers, 1000)
}

func TestThePageGetsItsTurn(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Tasks   int
		Timers  int
		Longest float64
		Answers []int
		Left    struct{ Slots, Lost int }
	}
	p.get(&got, counted+`
		let tasks = 0, timers = 0, longest = 0, last;
		for (let n = 0; n < 20000; n++) now(commMsg("c1", { N: n, Us: 20 }));
		const timer = setInterval(() => timers++, 1);
		last = performance.now();
		while (kernel.sent.length < 20000) {
			await task();
			tasks++;
			longest = Math.max(longest, performance.now() - last);
			last = performance.now();
			if (tasks > 1e6) throw new Error("only " + kernel.sent.length + " answers");
		}
		clearInterval(timer);
		await until(() => left(p).slots === 0);
		return { tasks, timers, longest, answers: sent("c1").map((m) => m.content.data), left: left(p) };`)
	t.Logf("%d tasks and %d timers of the page in between, the longest wait was %.1f ms", got.Tasks, got.Timers, got.Longest)
	require.GreaterOrEqual(t, got.Tasks, 10)
	require.GreaterOrEqual(t, got.Timers, 3)
	require.Len(t, got.Answers, 20000)
	require.IsIncreasing(t, got.Answers)
	require.Zero(t, got.Left)
}
