package viewtest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOneInstanceServesAll(t *testing.T) {
	p := newPage(t)
	p.run(`
		const all = await Promise.all(Array.from({ length: 50 }, (_, i) => probe({ value: i })));
		if (loads.length !== 1 || registry().programs.size !== 1) throw new Error(loads);
		for (const w of all) w.views[0].click("count");
		await until(() => all.every((w, i) => w.views[0].text === i + 1 + " t"));`)
}

func TestWhatComesWhileItLoadsIsKept(t *testing.T) {
	p := newPage(t)
	p.run(`
		let go;
		const gate = new Promise((resolve) => (go = resolve));
		const w = widget(afm.program(source("widgetprobe", { before: () => gate })), traits, { early: [[{ op: "echo", text: "early" }, [new DataView(new ArrayBuffer(3))]]] });
		const v = w.show();
		for (let i = 0; i < 1000; i++) {
			w.send({ op: "echo", text: "m" + i });
			w.model.assign({ value: i });
		}
		w.send({ gocomm: "delivery" }); // is not the program's
		await until(() => v.el.textContent === "Loading widgetprobe …", "it says that it loads");
		go();
		await until(() => w.model.messages.length === 1001);
		const texts = w.model.messages.map((m) => m.content.text);
		if (texts[0] !== "early" || w.model.messages[0].buffers[0].byteLength !== 3) throw new Error(texts[0]);
		texts.slice(1).forEach((text, i) => { if (text !== "m" + i) throw new Error(i + ": " + text); });
		if (v.text !== "999 t") throw new Error(v.text);
		if (errors().length) throw new Error(errors());`)
}

func TestTooMuchMayWait(t *testing.T) {
	p := newPage(t)
	said := p.run(`
		const w = widget(afm.program(source("widgetprobe", { before: () => new Promise(() => {}) })), traits);
		const v = w.show();
		for (let i = 0; i < 70 && !v.error; i++) w.send({ op: "get" }, [new ArrayBuffer(1 << 20)]);
		return v.error;`)
	require.Contains(t, said, "they came faster than it took them")
}

func TestProgramsThatCannotBeLoaded(t *testing.T) {
	p := newPage(t)
	var got []string
	p.get(&got, `
		const said = [];
		let broken = true;
		const load = async (hash, load) => {
			const good = source("widgetprobe");
			const w = widget(afm.program({ name: "mine", hash, load: (model) => (broken ? load(model) : good.load(model)) }), traits);
			const v = w.show();
			await until(() => v.error);
			said.push(v.error);
			return { v, w };
		};
		const { v } = await load("a", async () => { throw new Error("GET mine.wasm.gz: 404"); });
		const Go = (await import(web + "/widgetprobe.wasm.js")).default;
		await load("b", async () => ({ Go, module: await afm.compile(new TextEncoder().encode("<html>Log in"), "mine.wasm") }));
		await load("c", async () => ({ Go, module: await afm.compile(await (await fetch(web + "/probe.wasm.gz")).arrayBuffer(), "mine.wasm") }));
		await load("d", async () => ({ Go, module: await afm.compile((await (await fetch(web + "/widgetprobe.wasm.gz")).arrayBuffer()).slice(0, 5000), "mine.wasm") }));
		await load("e", () => undefined);
		broken = false;
		for (const el of document.querySelectorAll(".gocomm-error button")) el.click();
		await until(() => document.querySelectorAll("output").length === 5 && !document.querySelector(".gocomm-error"), "all are there");
		if (v.text !== "1 t") throw new Error(v.text);
		return said;`)
	require.Equal(t, "mine cannot be loaded: GET mine.wasm.gz: 404", got[0])
	require.Contains(t, got[1], "mine.wasm: this is not WebAssembly; is it a login page?")
	require.Contains(t, got[2], "it and afm.js are not of one release of gocomm, or it is a program for another host")
	require.Contains(t, got[3], "it is damaged or cut off")
	require.Equal(t, "mine cannot be loaded: its load function gave no program", got[4])
}

func TestAnotherVersion(t *testing.T) {
	p := newPage(t)
	said := p.run(`
		const good = source("widgetprobe");
		const load = async (model) => {
			const image = await good.load(model);
			const Go = class extends image.Go {
				constructor() {
					super();
					let functions;
					Object.defineProperty(this.importObject, "gocomm", {
						enumerable: true, get: () => functions, set: (f) => (functions = { ...f, hello: () => f.hello(99) }),
					});
				}
			};
			return { ...image, Go };
		};
		const w = widget(afm.program({ name: "mine", hash: "mine", load }), traits);
		const v = w.show();
		await until(() => v.error);
		return v.error;`)
	require.Contains(t, said, "mine cannot be loaded: it was built for version 99 of gocomm's border, this afm.js has version 8")
}

// TestReplace puts a new build in the place of one that runs.
func TestReplace(t *testing.T) {
	p := newPage(t)
	p.run(`
		const build = (hash, more) => ({ ...source("widgetprobe", more), name: "mine", hash, dev: true });
		const pair = afm.program(build("1"));
		const w = widget(pair, { ...traits });
		const [a, b] = [w.show(), w.show()];
		const stays = await probe(); // of another name
		await until(() => b.text);
		a.click("count");
		a.click("fail");
		await until(() => a.error && b.text === "2 t");
		const drawn = b.el.querySelector("output"), before = stays.views[0].el.querySelector("output");

		const failed = await afm.replace(build("2", { before: () => { throw new Error("no"); } }), w.model).catch((e) => e.message);
		if (failed !== "no") throw new Error(failed);
		b.click("count");
		await until(() => b.text === "3 t", "the old one goes on");
		afm.report("mine", "main.go:3:1: undefined: x\nsecond line");
		const reports = () => document.querySelectorAll(".gocomm-report").length;
		if (reports() !== 2 || !a.el.textContent.includes("undefined: x")) throw new Error(document.body.textContent);
		w.show();
		if (reports() !== 3) throw new Error("a view that comes later shows it, too");
		afm.report("mine", "");
		if (reports() !== 0) throw new Error("it goes");

		const next = build("3");
		await Promise.all(Array.from({ length: 10 }, () => afm.replace(next, w.model)));
		await until(() => w.views.every((v) => v.text === "3 t" && !v.error), "the state is kept, and all views are drawn");
		if (b.el.querySelector("output") === drawn) throw new Error("they are drawn anew");
		if (stays.views[0].el.querySelector("output") !== before) throw new Error("others are left alone");
		if (registry().programs.has("1") || registry().programs.has("2")) throw new Error([...registry().programs.keys()]);
		a.click("count");
		await until(() => w.views.every((v) => v.text === "4 t"));
		const late = widget(afm.program(build("1")), traits); // from a notebook that knows the old one
		await until(() => late.show().text !== undefined && late.views.some((v) => v.text === "1 t"));
		if (registry().programs.size !== 2) throw new Error([...registry().programs.keys()]);
		if (loads.length !== 4) throw new Error(loads);`)
}

func TestASecondCopyLeavesItToTheFirst(t *testing.T) {
	p := newPage(t)
	p.run(`
		const text = (await Promise.all(["afm.js"].map((name) => fetch(web + "/" + name).then((r) => r.text())))).join();
		const copy = await afm.importText(text.replaceAll('"./', '"' + web + "/"));
		if (copy.program === afm.program) throw new Error("this is no copy");
		const w = await probe();
		const other = widget(copy.program(source("widgetprobe")), traits);
		const v = other.show();
		await until(() => v.text === "1 t");
		if (loads.length !== 1 || registry().module.program !== afm.program) throw new Error(loads);
		copy.report("widgetprobe", "x");
		if (document.querySelectorAll(".gocomm-report").length !== 2) throw new Error("report");
		copy.report("widgetprobe", "");
		await copy.replace(source("widgetprobe"), other.model); // is there already
		if (loads.length !== 1) throw new Error(loads);`)
}
