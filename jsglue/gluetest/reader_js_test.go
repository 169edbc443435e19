package gluetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReader holds frames that are read in part to JSON.parse of the whole.
func TestReader(t *testing.T) {
	p := newPage(t, 1)
	var got struct {
		Wrong         []string
		Read, Quick   int
		Refused, Open string
		Second        string
	}
	p.get(&got, `
		const { Reader } = await import(web + "/client/frame-reader.js");
		let seed = 1;
		const random = (n) => (seed = (seed * 48271) % 0x7fffffff) % n;
		const pick = (...all) => all[random(all.length)];
		// Strings that look like what stands around them.
		const word = () => pick("", "a", "\\", "\"", "a\"b", "\\\\", "x\\\"", "\n", "é😀", '"content":', '","date":"', '}', ',"buffers":[],"channel":"iopub"}', "0123456789abcdef".repeat(2));
		const plainWord = () => pick("1", "22", "333", "a-b_1");
		const value = (depth) => random(3) && depth < 3
			? pick(() => ({ content: value(depth + 1), [word()]: value(depth + 1) }), () => [value(depth + 1), value(depth + 1)])()
			: pick(null, true, 1.5, -2e300, word(), word(), {}, []);
		const spaced = (v) => Array.isArray(v) ? "[" + v.map(spaced).join(", ") + "]"
			: v !== null && typeof v === "object" ? "{" + Object.entries(v).map(([k, v]) => JSON.stringify(k) + ": " + spaced(v)).join(", ") + "}" : JSON.stringify(v);
		const parts = ["header", "parent_header", "metadata", "content", "buffers", "channel", "msg_id", "msg_type"];
		const shown = (m) => JSON.stringify(Object.fromEntries(parts.map((part) => [part, m[part]])));
		const wrong = [];
		let read = 0, quick = 0;
		for (let run = 0; run < 300; run++) {
			const reader = new Reader();
			const write = pick(JSON.stringify, spaced);
			const odd = random(3) === 0;
			const parent_header = random(10) === 0 ? pick(null, "text") : pick({ msg_id: word(), session: "s" }, { content: { content: 1 }, date: word() }, {});
			const metadata = pick({}, { content: word() }, { [word()]: [word()] });
			const base = { session: word(), username: word() };
			const one = () => {
				const id = odd ? word() : plainWord();
				const header = { msg_id: id, msg_type: "comm_msg", ...base, date: odd ? word() : plainWord(), version: "5.3" };
				const m = { header, msg_id: id, msg_type: "comm_msg", parent_header, metadata, content: { data: value(0), comm_id: "c" }, buffers: [], channel: "iopub" };
				if (random(20) === 0) m.metadata = { other: word() };
				if (random(20) === 0) m.content = pick(null, [], "text", 3);
				if (random(20) === 0) m.channel = "shell";
				if (random(20) === 0) m.header = { ...header, msg_type: "status" };
				if (random(20) === 0) m.msg_type = "status";
				if (run % 7 === 0) return { content: m.content, ...m }; // another order, in which the content comes first
				return m;
			};
			for (let i = 0; i < 40; i++) {
				let frame = write(one());
				if (run % 11 === 0) frame = frame.replace(/}$/, write({ content: "the second" }).replace("{", ",")); // the last one counts
				const want = JSON.parse(frame);
				const m = reader.read(frame);
				read++;
				if (Object.getPrototypeOf(m) !== Object.prototype) quick++;
				if (shown(m) !== shown(want)) wrong.push(frame);
				if (JSON.stringify(m.content) !== JSON.stringify(JSON.parse(JSON.stringify(m)).content)) wrong.push("as JSON: " + frame);
			}
		}
		const frame = (data) => '{"header": {"msg_id": "1", "msg_type": "comm_msg", "date": "2"}, "msg_id": "1", "msg_type": "comm_msg", "parent_header": {}, "metadata": {}, "content": ' + data + ', "buffers": [], "channel": "iopub"}';
		const reader = new Reader();
		reader.read(frame("{}"));
		const failure = (f) => { try { return JSON.stringify(f()); } catch (e) { return e.name; } };
		return {
			wrong: wrong.slice(0, 3), read, quick,
			refused: failure(() => reader.read(frame("{]"))),
			open: failure(() => reader.read(frame("{}").replace('"1"', '"1\\"')).content),
			second: failure(() => reader.read(frame('{}, "content": {"x": 1}')).content),
		};`)
	require.Empty(t, got.Wrong)
	require.Equal(t, 12_000, got.Read)
	require.Greater(t, got.Quick, 4_000, "hardly any was read in part")
	require.Equal(t, "SyntaxError", got.Refused, "a frame that is no JSON")
	require.Equal(t, "SyntaxError", got.Open, "a frame whose first string does not end")
	require.Equal(t, `{"x":1}`, got.Second)
}
