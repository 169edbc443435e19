package viewtest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// counting has the program's crossings of the border counted, in both directions.
const counting = `
	let crossings = [], entered = false;
	const good = source("widgetprobe");
	const wrap = (module, functions) => Object.fromEntries(Object.entries(functions).map(([name, f]) =>
		[name, typeof f === "function" ? (...args) => {
			crossings.push(module + "." + name);
			entered ||= module === "export";
			return f(...args);
		} : f]));
	const load = async (model) => {
		const image = await good.load(model);
		const Go = class extends image.Go {
			constructor() {
				super();
				const all = {};
				this.importObject = new Proxy(this.importObject, {
					set: (object, name, functions) => Reflect.set(object, name, wrap(name, functions)),
				});
				const resume = this._resume;
				this._resume = () => {
					if (entered) crossings.push("resume"); // else a timer of the Go runtime's is due
					entered = false;
					resume.call(this);
				};
			}
		};
		return { ...image, Go };
	};
	const w = widget(afm.program({ name: "mine", hash: "mine", load }), traits);
	w.show();
	await until(() => w.views[0].text);
	const running = program("mine").instance;
	running.exports = wrap("export", running.exports);
	const settled = async () => {
		for (let n = -1; n !== crossings.length; ) {
			n = crossings.length;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	};
	const counted = async (f) => {
		await settled();
		crossings = [];
		f();
		await settled();
		return crossings;
	};
`

func TestCrossingsOfAChange(t *testing.T) {
	p := newPage(t)
	var got struct {
		Value, Large, Binary, Message []string
		Events                        []struct{ Old, Now int }
		Frame                         []float64
	}
	p.get(&got, counting+`
		await ask(w, { op: "watch", fields: ["list", "frame"] });
		const value = await counted(() => w.model.assign({ list: [3, 4] }));
		const large = await counted(() => w.model.assign({ list: Array(100000).fill(5) }));
		const binary = await counted(() => w.model.assign({ frame: new DataView(Float32Array.of(1, 2, 3).buffer) }));
		const message = await counted(() => w.send({ op: "nothing" }));
		const { events, frame } = await ask(w, { op: "get" });
		return { value, large, binary, message, events, frame };`)
	t.Log(got.Value, got.Large, got.Binary, got.Message)
	require.Len(t, got.Events, 3)
	require.Equal(t, []float64{1, 2, 3}, got.Frame)
	require.LessOrEqual(t, len(got.Value), 4)
	require.LessOrEqual(t, len(got.Large), 5, "once more for room")
	require.LessOrEqual(t, len(got.Binary), 6, "the buffer is copied and released")
	require.LessOrEqual(t, len(got.Message), 4)
}
