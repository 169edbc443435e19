package gluetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/internal/codec/codectest"
	"gocomm/internal/pagetest"
)

// differences has the probe decode messages into each type by its plan and by
// encoding/json. texts is an expression: an array of messages, or of their JSON.
func differences(t *testing.T, texts string) {
	types, err := json.Marshal(slices.Sorted(maps.Keys(codectest.Types)))
	require.NoError(t, err)
	var got struct {
		Wrong   []string
		Answers int
		Errors  []string
		Left    struct{ Slots, Lost int }
	}
	pagetest.Open(t, "kernel-page.js").Get(&got, fmt.Sprintf(`
		await attach("probe", {}, { mode: "beside" });
		const types = %s, all = %s;
		// A value without what JSON does not have.
		const cleaned = (v, depth) => {
			if (typeof v === "number" && !Number.isFinite(v)) return String(v);
			if (typeof v === "bigint" || depth > 4) return undefined;
			if (Array.isArray(v)) return v.map((x) => cleaned(x, depth + 1));
			if (v === null || typeof v !== "object" || Object.getPrototypeOf(v) !== Object.prototype) return v;
			return Object.fromEntries(Object.entries(v).map(([name, x]) => [name, cleaned(x, depth + 1)]));
		};
		for (const type of types) now(commOpen(type, "probe.plan", type));
		for (const data of all) {
			for (const type of types) now(commMsg(type, data, { metadata: { clean: JSON.stringify(cleaned(data, 0)) ?? "null" } }));
		}
		await until(() => kernel.sent.length === all.length * types.length || errors().length, "all are answered", 50_000);
		const wrong = types.flatMap((type) => sent(type).map((m) => m.content.data).filter((d) => d !== "").map((d) => type + ": " + d));
		return { wrong: wrong.slice(0, 20), answers: kernel.sent.length, errors: errors(), left: left(program("probe")) };`, types, texts))
	require.Empty(t, got.Errors)
	require.Empty(t, got.Wrong)
	require.GreaterOrEqual(t, got.Answers, len(codectest.Types))
	require.Zero(t, got.Left)
}

func TestPlansDecodeAsJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	texts := slices.Clone(codectest.Corpus)
	for range 500 {
		texts = append(texts, codectest.Random(r))
	}
	text, err := json.Marshal(texts)
	require.NoError(t, err)
	differences(t, string(text)+".map((text) => JSON.parse(text))")
}

// What only JavaScript can hand over.
func TestPlansDecodeThePagesObjects(t *testing.T) {
	differences(t, `[
		undefined, () => 1, Symbol("s"), 10n, NaN, Infinity, -Infinity, -0, new Number(5), new String("AQID"), new Boolean(true),
		new Date(0), new Map([["a", 1]]), Object.create(null), Object.create({ value: 1 }), [undefined, () => 1, 2], Array(2), new Uint8Array(3),
		{ value: undefined, x: () => 1, name: Symbol("s"), method: "a" }, { value: NaN }, { value: 10n }, { x: -Infinity }, { list: [{ x: NaN }] },
		{ name: new String("abc"), value: new Number(5), on: new Boolean(true) }, { toJSON: () => ({ value: 7 }) }, { flat: { toJSON: () => ({ value: 7 }) } },
		{ get value() { return 3; } }, { flat: new (class { value = 4; get x() { return 5; } })() },
		Object.assign(Object.create({ value: 1 }), { x: 2 }), { next: Object.assign(Object.create(null), { value: 1 }) },
		{ map: new Map(), list: new Set() }, { array: Uint8Array.of(1, 2, 3) }, { bytes: new DataView(new ArrayBuffer(2)) },
		{ ["mixed\ud800"]: "x", name: "\udead" }, JSON.parse('{"__proto__": {"value": 1}, "value": 2}'), "\ud83d",
		(() => { const o = { value: 1 }; o.flat = o; return o; })(), "x".repeat(100_000), { name: "é".repeat(50_000) }, Array(5000).fill(7),
	]`)
}

func TestDecodeErrors(t *testing.T) {
	for _, c := range []struct{ target, data, want string }{
		{"flat", `{ value: "1" }`, `cannot unmarshal string into field "value" of type int`},
		{"flat", `{ value: 1.5 }`, `cannot unmarshal number 1.5 into field "value" of type int`},
		{"flat", `{ value: 2 ** 53 }`, `cannot unmarshal number 9007199254740992 into field "value" of type int: not exact in JavaScript`},
		{"flat", `{ value: NaN }`, `cannot unmarshal NaN into field "value" of type int: JSON has no such value`},
		{"flat", `{ value: "nan" }`, `cannot unmarshal string into field "value" of type int`},
		{"flat", `{ x: "1" }`, `cannot unmarshal string into field "x" of type float64`},
		{"flat", `{ x: 10n }`, `cannot unmarshal a BigInt into field "x" of type float64: JSON has no such value`},
		{"flat", `"text"`, `cannot unmarshal string into codectest.Flat`},
		{"flat", `[1]`, `cannot unmarshal array into codectest.Flat`},
		{"flat", `{ name: null }`, `cannot unmarshal null into field "name" of type string: a pointer could be null`},
		{"flat", `{ name: { toJSON() { throw new Error("toJSON threw"); } } }`, `toJSON threw`},
		{"any", `{ a: [NaN] }`, `cannot unmarshal NaN into interface {}: JSON has no such value`},
		{"any", `10n`, `BigInt`},
		{"any", `(() => { const o = {}; o.o = o; return o; })()`, `nested more than 1000 deep`},
		{"any", `{ a: [1], buffer_paths: [["a", 0], ["a", 1]] }`, `buffer_paths names a place that is not there: a,1`},
		{"any", `{ buffer_paths: [["a"]] }`, `buffer_paths names more buffers than there are`},
		{"any", `nested(1001)`, `nested more than 1000 deep`},
		{"any", `nested(100_000)`, `nested more than 1000 deep`},
	} {
		t.Run(c.target+" "+c.data, func(t *testing.T) {
			p := pagetest.Open(t, "kernel-page.js")
			var got []string
			p.Get(&got, fmt.Sprintf(`
				await attach("probe", {}, { mode: "beside" });
				const nested = (n) => JSON.parse("[".repeat(n) + "]".repeat(n));
				now(commOpen("c1", "probe.%s"));
				now(commMsg("c1", %s));
				await until(() => errors().length);
				now(commMsg("c1", {}));
				await until(() => sent("c1").length);
				return errors();`, c.target, c.data))
			require.Len(t, got, 1)
			require.Contains(t, got[0], `comm "c1" (target "probe.`+c.target+`"): the handler failed: `)
			require.Contains(t, got[0], c.want)
		})
	}
}

func TestDefinedValues(t *testing.T) {
	for _, c := range []struct{ target, data, want string }{
		{"flat", `null`, `{"method":"","value":0,"x":0,"name":"","on":false}`},
		{"flat", `undefined`, `{"method":"","value":0,"x":0,"name":"","on":false}`},
		{"flat", `{ x: NaN }`, `{"method":"","value":0,"x":"nan","name":"","on":false}`},
		{"flat", `{ x: -Infinity }`, `{"method":"","value":0,"x":"-inf","name":"","on":false}`},
		{"flat", `{ x: "inf" }`, `{"method":"","value":0,"x":"inf","name":"","on":false}`},
		{"flat", `{ x: null }`, `{"method":"","value":0,"x":"nan","name":"","on":false}`},
		{"flat", `{ other: nested(20_000), VALUE: 3 }`, `{"method":"","value":3,"x":0,"name":"","on":false}`},
		{"flat", `{ name: "a\ud800b" }`, `{"method":"","value":0,"x":0,"name":"a\ufffdb","on":false}`},
		{"any", `"text"`, `"text"`},
		{"any", `"\udead"`, `"\ufffd"`},
		{"any", `nested(1000).length`, `1`},
		{"any", `[undefined, { a: undefined, b: () => 1 }]`, `[null,{}]`},
	} {
		t.Run(c.target+" "+c.data, func(t *testing.T) {
			p := pagetest.Open(t, "kernel-page.js")
			require.JSONEq(t, c.want, p.Run(fmt.Sprintf(`
				await attach("probe", {}, { mode: "beside" });
				const nested = (n) => JSON.parse("[".repeat(n) + "]".repeat(n));
				now(commOpen("c1", "probe.%s"));
				now(commMsg("c1", %s));
				await until(() => sent("c1").length || errors().length);
				if (errors().length) throw new Error(errors()[0]);
				return JSON.stringify(sent("c1")[0].content.data);`, c.target, c.data)).(string))
		})
	}
}

func TestBinaryPartsFindTheirPlaces(t *testing.T) {
	require.JSONEq(t, `[{"a":[null,1],"deep":{},"buffer_paths":[["a",0],["b"],["deep","c"]]}, [[1,2],[],[3]], [[1,2],[],[3],[4]]]`, pagetest.Open(t, "kernel-page.js").Run(`
		await attach("probe", {}, { mode: "beside" });
		now(commOpen("c1", "probe.any"));
		const data = { a: [null, 1], deep: {}, buffer_paths: [["b"], ["deep", "c"], ["a", 0]] };
		const bytes = (...all) => new DataView(Uint8Array.from(all).buffer);
		const before = JSON.stringify(data);
		const buffers = [bytes(), bytes(3), bytes(1, 2)];
		now(commMsg("c1", data, { buffers }));
		now(commMsg("c1", data, { buffers: [...buffers, bytes(4)] }));
		await until(() => sent("c1").length === 2 || errors().length);
		if (errors().length) throw new Error(errors()[0]);
		if (JSON.stringify(data) !== before) throw new Error("the message was changed");
		const [one, two] = sent("c1").map((m) => m.buffers.map((b) => [...new Uint8Array(b)]));
		return JSON.stringify([sent("c1")[0].content.data, one, two]);`).(string))
}
