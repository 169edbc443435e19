package viewtest

import (
	"flag"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

var offsets = flag.Int("offsets", 8, "for how many offsets of the program's first collection to test")

// Only a program's first garbage collection parks the goroutine that allocates, wherever
// that is. Memory that is kept moves it; each offset has an instance of its own. Clicks,
// changes, messages, and widgets that come and go: nothing is lost, and the program lives.
func TestTheFirstCollection(t *testing.T) {
	p := newPage(t)
	p.run(`
		const image = await source("widgetprobe").load();
		state.storm = async (n, offset) => {
			const hash = "first" + n;
			const fresh = (more) => widget(afm.program({ name: hash, hash, load: async () => image }), { ...traits, ...more });
			const w = fresh(), others = [];
			w.show();
			w.show();
			await until(() => w.views.every((v) => v.text), "the views are there");
			await ask(w, { op: "keep", number: offset });
			w.model.messages.length = 0;
			const slow = Array.from({ length: 10 }, () => fresh());
			for (const s of slow) s.show();
			await until(() => slow.every((s) => s.views[0].text));
			let clicks = 0, gone = 0;
			for (let round = 0; round < 60; round++) {
				for (const s of slow) s.send({ op: "slow", number: round % 3 });
				for (let i = 0; i < 10; i++) {
					w.send({ op: "echo", text: "x".repeat(1000) + round });
					w.views[i % 2].click("count");
					slow[i].views[0].click("count");
					clicks++;
					slow[i].model.assign({ text: "t" + round });
					const o = fresh({ value: i });
					o.show();
					others.push(o);
				}
				w.model.assign({ text: "t" + round });
				w.send({ op: "child" });
				await task();
				for (const o of others.splice(0, 8)) o.end();
			}
			const p = registry().programs.get(hash);
			const done = () => p.dead || (w.model.messages.filter((m) => m.content.re === "echo").length === 600 && w.model.messages.filter((m) => m.content.re === "child").length === 60 &&
				w.views.every((v) => v.text === 1 + clicks + " t59") &&
				slow.every((s) => s.model.messages.length === 60 && s.views[0].text === "61 t59" && s.model.kernel.value === 61) && others.every((o) => o.views[0].text));
			await until(done, "all is done", 20000).catch(() => {});
			const said = done() && !p.dead ? "" : "" + (p.dead || [
				w.model.messages.filter((m) => m.content.re === "echo").length + " echoes", w.model.messages.filter((m) => m.content.re === "child").length + " children", ...w.views.map((v) => v.text + v.error),
				...slow.map((s) => s.model.messages.length + " " + s.views[0].text + s.views[0].error),
			].join(", "));
			for (const o of [w, ...slow, ...others]) o.end();
			await task();
			p.halt();
			registry().programs.delete(hash);
			for (const el of [...document.body.children]) el.remove();
			return said;
		};`)
	var wrong []string
	for i := range *offsets {
		offset := (3000 << 10) * i / *offsets
		if said := p.run(fmt.Sprintf(`return state.storm(%d, %d)`, i, offset)); said != "" {
			wrong = append(wrong, fmt.Sprint(offset, ": ", said))
		}
	}
	require.Empty(t, wrong)
}
