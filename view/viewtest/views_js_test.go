package viewtest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCounter(t *testing.T) {
	p := newPage(t)
	p.run(`
		const w = widget(afm.program(source("counter")), { value: 0 });
		const [a, b] = [w.show(), w.show()];
		const labels = () => w.views.map((v) => v.el.querySelector("button")?.textContent).join();
		await until(() => labels() === "count is 0,count is 0", "both views are there");
		a.el.querySelector("button").click();
		if (w.model.kernel.value !== 1) throw new Error("a click is sent at once");
		await until(() => labels() === "count is 1,count is 1");
		w.model.assign({ value: 41 });
		await until(() => labels() === "count is 41,count is 41");
		b.el.querySelector("button").click();
		await until(() => labels() === "count is 42,count is 42");
		if (w.model.kernel.value !== 42) throw new Error(w.model.kernel.value);
		const button = a.el.querySelector("button");
		button.focus();
		if (document.activeElement !== button) throw new Error("it cannot be reached by the keyboard");
		if (errors().length) throw new Error(errors());`)
}

// TestAllAgree changes the value from the kernel, and by clicks, in turns.
func TestAllAgree(t *testing.T) {
	p := newPage(t)
	p.run(`
		const w = widget(afm.program(source("counter")), { value: 0 });
		const label = () => w.views[0].el.querySelector("button")?.textContent;
		w.show();
		await until(() => label() === "count is 0");
		for (let i = 1; i <= 100; i++) {
			if (i % 2) w.views[0].el.querySelector("button").click();
			else w.model.assign({ value: i });
			await until(() => label() === "count is " + i);
			if (w.model.kernel.value !== i || w.model.get("value") !== i) throw new Error(i);
		}`)
}

// TestABurstIsShown has the kernel send many changes, which Go sees as few.
func TestABurstIsShown(t *testing.T) {
	p := newPage(t)
	p.run(`
		const w = await probe();
		await ask(w, { op: "watch", fields: ["value"] });
		for (let i = 2; i <= 1000; i++) w.model.assign({ value: i });
		await until(() => w.views[0].text === "1000 t");
		const { events } = await ask(w, { op: "get" });
		if (events.length > 10) throw new Error("changes of one turn are one: " + events.length);
		if (events.at(-1).now !== 1000) throw new Error(JSON.stringify(events));`)
}

func TestViewsLeaveNothing(t *testing.T) {
	p := newPage(t)
	type stats struct{ Goroutines, Views, Listeners, Values, Nodes, Registered, Slots, ModelListeners, Heap int }
	var got struct{ Before, After stats }
	p.get(&got, `
		const w = await probe();
		const { go, slots, freeSlots } = program("widgetprobe").instance;
		const measure = async () => {
			let s;
			for (let i = 0; i < 5; i++) { // finalizers take their time
				s = await ask(w, { op: "stats" });
				w.model.messages.length = 0;
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
			return {
				...s, listeners: counts.listeners, values: go._values.length - go._idPool.length, nodes: document.getElementsByTagName("*").length,
				registered: registry().views.size, slots: slots.length - freeSlots.length, modelListeners: w.model.left(),
			};
		};
		const round = async (n) => {
			const views = Array.from({ length: n }, () => w.show());
			await until(() => views.every((v) => v.text), "they are drawn");
			for (const v of views) {
				v.click("count");
				v.remove();
			}
			w.views.length = 1;
			await until(async () => (await ask(w, { op: "stats" })).views === 1, "Go has let them go");
		};
		await round(50);
		const before = await measure();
		await round(1000);
		return { before, after: await measure() };`)
	t.Logf("%+v", got)
	require.Less(t, got.After.Heap-got.Before.Heap, 1_000_000)
	got.After.Heap = got.Before.Heap
	require.Equal(t, 1, got.After.Views)
	require.LessOrEqual(t, got.After.Values-got.Before.Values, 5, "values of JavaScript that Go holds")
	got.After.Values = got.Before.Values
	require.Equal(t, got.Before, got.After)
}

func TestWidgetsLeaveNothing(t *testing.T) {
	p := newPage(t)
	var got struct{ Goroutines, Views, Models, Handles, Registered, Left int }
	p.get(&got, `
		const w = await probe();
		const p = program("widgetprobe");
		const before = await ask(w, { op: "stats" });
		const gone = [];
		for (let n = 0; n < 4; n++) {
			const some = await Promise.all(Array.from({ length: 25 }, () => probe({}, 2)));
			for (const w of some) w.end();
			gone.push(...some);
			await until(async () => (await ask(w, { op: "stats" })).views === 1);
		}
		const after = await ask(w, { op: "stats" });
		return {
			goroutines: after.goroutines - before.goroutines, views: after.views, models: p.models.size, registered: registry().views.size,
			handles: p.instance.byHandle.filter((m) => m).length, left: gone.reduce((n, w) => n + w.model.left(), 0),
		};`)
	require.Zero(t, got.Goroutines)
	require.Equal(t, 1, got.Models)
	require.Equal(t, 1, got.Handles)
	require.Equal(t, 1, got.Registered)
	require.Zero(t, got.Left, "listeners on models")
}

// TestEndings ends views and widgets in the ways that hosts have, at all times.
func TestEndings(t *testing.T) {
	p := newPage(t)
	p.run(`
		const pair = afm.program(source("widgetprobe"));
		const w = widget(pair, traits);
		const early = w.show();
		early.cleanup(); // before the program is there
		const v = w.show();
		await until(() => v.text, "the second one is drawn");
		if (early.el.childNodes.length) throw new Error(early.el.innerHTML);
		v.cleanup();
		v.cleanup();
		if (v.el.childNodes.length) throw new Error(v.el.innerHTML);
		w.cleanup();
		w.ending.abort();
		await until(() => w.model.left() === 0);
		const aborted = new AbortController();
		aborted.abort();
		const el = document.createElement("div");
		afm.program(source("widgetprobe")).render({ model: w.model, el, signal: aborted.signal });
		if (el.childNodes.length) throw new Error("a view that has ended before it began");
		// A host that only renders, or has no signals.
		const other = widget(afm.program(source("widgetprobe")), traits, { initialize: false });
		const only = other.show();
		await until(() => only.text === "1 t");
		only.click("count");
		await until(() => only.text === "2 t");
		only.remove();
		await until(() => other.model.left() === 0 && registry().views.size === 0);
		if (errors().length) throw new Error(errors());`)
}
