package viewtest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAFailedHandlerIsShownInItsView(t *testing.T) {
	for button, want := range map[string]string{
		"fail":   "as told",
		"panic":  "widget: panic: as told",
		"goexit": "runtime.Goexit was called",
		"throw":  "JavaScript error: as told",
		"NaN":    `widget: update: the state does not fit: cannot send NaN as field "State.deep" of type float64: JSON has no such value`,
	} {
		t.Run(button, func(t *testing.T) {
			p := newPage(t)
			said := p.run(fmt.Sprintf(`
				const w = await probe({}, 2);
				const [bad, good] = w.views;
				bad.click(%q);
				await until(() => bad.error, "it is shown");
				const said = bad.error;
				if (bad.text || good.error) throw new Error("only that view shows it, and nothing else: " + good.error);
				good.click("count");
				await until(() => good.text === "2 t");
				bad.reload();
				await until(() => bad.text === "2 t" && !bad.error, "it is drawn anew");
				bad.click("count");
				await until(() => w.views.every((v) => v.text === "3 t"));
				if (program("widgetprobe").dead) throw new Error("the program lives on");
				return said;`, button))
			require.Contains(t, said, want)
		})
	}
}

func TestFailuresWhileDrawing(t *testing.T) {
	for text, want := range map[string]string{
		"no render": "as told by the state", "panic in render": "panic: as told by the state", "no initialize": "as told by the state",
	} {
		t.Run(text, func(t *testing.T) {
			p := newPage(t)
			said := p.run(fmt.Sprintf(`
				const w = await probe({ text: %q });
				const v = w.views[0], said = v.error;
				w.model.assign({ text: "mended" });
				v.reload();
				await until(() => v.text === "1 mended" && !v.error);
				return said;`, text))
			require.Contains(t, said, want)
		})
	}
}

func TestAFailedOnChangeIsShownInItsView(t *testing.T) {
	p := newPage(t)
	said := p.run(`
		const w = await probe({}, 2);
		w.model.assign({ text: "panic in OnChange" });
		await until(() => w.views.every((v) => v.error));
		const said = w.views[0].error;
		w.model.assign({ text: "mended" });
		w.views[0].reload();
		await until(() => w.views[0].text === "1 mended");
		if (!w.views[1].error) throw new Error("each view has a button of its own");
		return said;`)
	require.Contains(t, said, "widget: OnChange: a handler failed: panic: as told by the state")
}

func TestStatesThatDoNotFit(t *testing.T) {
	p := newPage(t)
	var got []string
	p.get(&got, `
		const said = [];
		const missing = { ...traits };
		delete missing.value;
		const w = widget(afm.program(source("widgetprobe")), missing);
		const v = w.show();
		await until(() => v.error);
		said.push(v.error);
		const late = w.show();
		said.push(late.error);
		w.model.assign({ value: 7 });
		v.reload();
		await until(() => w.views.every((v) => v.text === "7 t" && !v.error));
		w.model.assign({ value: "seven" });
		await until(() => v.error && late.error);
		said.push(v.error);
		w.model.assign({ value: 8 });
		w.model.traits.text = 10n;
		v.reload();
		await until(() => v.error && v.error !== said[2]);
		said.push(v.error);
		w.model.traits.text = "t";
		v.reload();
		await until(() => w.views.every((v) => v.text === "8 t"));
		const other = await probe();
		if (other.views[0].error) throw new Error(other.views[0].error);
		return said;`)
	require.Equal(t, `widget: bind: the state does not fit: State.Value has no trait: the widget needs "value", with sync=True`, got[0])
	require.Equal(t, got[0], got[1])
	require.Equal(t, `widget: update: the state does not fit: cannot unmarshal string into field "State.value" of type int`, got[2])
	require.Contains(t, got[3], `the trait "text" cannot be read: Do not know how to serialize a BigInt`)
}

func TestAProgramThatDies(t *testing.T) {
	for button, want := range map[string]string{"exit": "widgetprobe has ended: it exited with code 3", "fatal": "widgetprobe has ended: it exited with code 2"} {
		t.Run(button, func(t *testing.T) {
			p := newPage(t)
			said := p.run(fmt.Sprintf(`
				const w = await probe({}, 2), other = await probe({ value: 50 });
				const c = widget(afm.program(source("counter")), { value: 0 });
				const label = () => c.views[0].el.querySelector("button")?.textContent;
				c.show();
				await until(() => label() === "count is 0");
				const all = [...w.views, ...other.views];
				w.views[0].click("count");
				await until(() => w.views[1].text === "2 t");
				w.views[0].click(%q);
				await until(() => all.every((v) => v.error), "all its views show it");
				const said = w.views[1].error;
				const late = w.show();
				if (late.error !== said) throw new Error("one that comes late, too: " + late.error);
				c.views[0].el.querySelector("button").click();
				if (label() !== "count is 1") throw new Error("the other program goes on");
				w.model.assign({ value: 10 });
				w.send({ op: "get" }); // is kept
				const n = w.model.messages.length;
				other.views[0].reload();
				await until(() => all.every((v) => v.text && !v.error) && late.text, "all are drawn anew");
				if (w.views[0].text !== "10 t" || other.views[0].text !== "50 t") throw new Error("the state is kept");
				await until(() => w.model.messages.length > n, "the message is answered");
				w.views[1].click("count");
				await until(() => w.views[0].text === "11 t");
				if (loads.filter((name) => name === "widgetprobe").length !== 1) throw new Error("it is not loaded again: " + loads);
				return said;`, button))
			require.Equal(t, want, said)
		})
	}
}

func TestAHandlerThatNeverReturns(t *testing.T) {
	p := newPage(t)
	said := p.run(`
		const w = await probe({}, 2);
		const [stuck, good] = w.views;
		stuck.click("wait");
		for (let i = 0; i < 10; i++) stuck.click("count"); // wait for it
		good.click("count");
		await until(() => good.text === "2 t" && stuck.text === "2 t");
		for (let i = 0; i < 1100 && !stuck.error; i++) stuck.click("count");
		const said = stuck.error;
		stuck.reload();
		await until(() => stuck.text === "2 t");
		stuck.click("count");
		await until(() => good.text === "3 t");
		return said;`)
	require.Contains(t, said, "more than 1024 events wait")
}

func TestHandlersRunWithinTheEvent(t *testing.T) {
	p := newPage(t)
	p.run(`
		const w = await probe({}, 2);
		const e = new MouseEvent("click", { cancelable: true });
		w.views[0].button("prevent").dispatchEvent(e);
		if (!e.defaultPrevented) throw new Error("preventDefault came too late");
		globalThis.dispatchEvent(new Event("probe-event")); // a target outside of the view
		if (!w.views.every((v) => v.el.querySelector("output").className === "heard")) throw new Error("each view has heard it");`)
}
