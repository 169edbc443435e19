package gluetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/internal/pagetest"
)

type answer struct {
	Value any
	Error string
}

// ask has the probe do something with the page's probeValue, and then look whether it lives.
const ask = `
	await attach("probe", {}, { mode: "beside" });
	const ask = async (target, data) => {
		now(commOpen(target, "probe." + target));
		now(commMsg(target, data));
		await until(() => sent(target).length === 1 || errors().length);
		now(commOpen("alive", "probe.echo"));
		now(commMsg("alive"));
		await until(() => sent("alive").length === 1 || errors().length);
		if (errors().length) throw new Error(errors().join("\n"));
		return sent(target)[0].content.data;
	};
`

func TestDecodeReadsThePagesData(t *testing.T) {
	for _, c := range []struct{ value, into, want string }{
		{`{ name: "é", count: 3, ratio: 0.5, on: true, tags: ["a", "b"], inner: { name: "in" }, counts: { n: 1 }, f() {}, extra: 1 }`, "shape",
			`{"name":"é","count":3,"ratio":0.5,"on":true,"tags":["a","b"],"inner":{"name":"in",`},
		{`new (class { get name() { return "of a class"; } toJSON() { return { name: this.name }; } })()`, "shape", `{"name":"of a class",`},
		{`(() => { let n = 0; return { get name() { if (n++) throw new Error("read twice"); return "read once"; } }; })()`, "shape", `{"name":"read once",`},
		{`null`, "string", `""`},
		{`"text"`, "string", `"text"`},
		{`[1, 2]`, "list", `[1,2]`},
	} {
		t.Run(c.value, func(t *testing.T) {
			p := pagetest.Open(t, "kernel-page.js")
			got := p.Run(ask + fmt.Sprintf(`
				globalThis.probeValue = %s;
				const data = await ask("decode", %q);
				return data.Error ?? JSON.stringify(data.Value);`, c.value, c.into))
			require.True(t, strings.HasPrefix(got.(string), c.want), "%v", got)
		})
	}
}

func TestDecodeSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ value, into, text string }{
		{`10n`, "int", "BigInt"},
		{`{ name: 10n }`, "shape", "BigInt"},
		{`(() => { const o = {}; o.inner = o; return o; })()`, "shape", ".inner: a cycle"},
		{`{ get name() { throw new Error("the getter threw"); } }`, "shape", "the getter threw"},
		{`{ get name() { throw null; } }`, "shape", "null"},
		{`{ get name() { throw 10n; } }`, "shape", "10"},
		{`{ get name() { throw Symbol("s"); } }`, "shape", "Symbol(s)"},
		{`{ get name() { throw { get message() { throw 1; }, toString() { throw 1; } }; } }`, "shape", "without a text"},
		{`undefined`, "string", "the value is undefined"},
		{`() => {}`, "string", "a function does not fit"},
		{`Symbol("s")`, "string", "a symbol does not fit"},
		{`"text"`, "shape", "string"},
		{`{ count: "three" }`, "shape", "string"},
		{`{ tags: 5 }`, "shape", "number"},
		{`{}`, "int", "object"},
		{`5`, "list", "number"},
		{`{}`, "no pointer", "pointer"},
	} {
		t.Run(c.value+" "+c.into, func(t *testing.T) {
			p := pagetest.Open(t, "kernel-page.js")
			var got answer
			p.Get(&got, ask+fmt.Sprintf(`
				globalThis.probeValue = %s;
				return ask("decode", %q);`, c.value, c.into))
			require.Contains(t, got.Error, "page: decode into ")
			require.Contains(t, got.Error, c.text)
		})
	}
}

func TestEncodeMakesObjectsOfThePage(t *testing.T) {
	for what, want := range map[string]string{
		"shape": `{"name":"é","count":1,"ratio":0.5,"on":true,"tags":["a"],"inner":null,"counts":{"n":2}}`,
		"nil":   `null`,
		"list":  `[1,"a",null]`,
	} {
		t.Run(what, func(t *testing.T) {
			p := pagetest.Open(t, "kernel-page.js")
			require.Equal(t, want, p.Run(ask+fmt.Sprintf(`
				const error = await ask("encode", %q);
				return error || JSON.stringify(globalThis.probeValue);`, what)))
		})
	}
	for what, want := range map[string]string{"chan": "chan", "func": "func", "complex": "complex128", "cycle": "*main.shape: .inner: a cycle"} {
		t.Run(what, func(t *testing.T) {
			p := pagetest.Open(t, "kernel-page.js")
			require.Contains(t, p.Run(ask+fmt.Sprintf(`return ask("encode", %q);`, what)), "page: encode "+want)
		})
	}
}

func TestOptions(t *testing.T) {
	for _, c := range []struct{ options, prefix, err string }{
		{`{}`, "probe.", ""},
		{`undefined`, "probe.", ""},
		{`{ prefix: "mine.", unknown: [1] }`, "mine.", ""},
		{`{ prefix: 5 }`, "", "options"},
		{`{ prefix: ["a"] }`, "", "options"},
		{`(() => { const o = {}; o.self = o; return o; })()`, "", "circular"},
		{`{ n: 10n }`, "", "BigInt"},
		{`"text"`, "", "an object"},
		{`5`, "", "an object"},
		{`[1]`, "", "an object"},
		{`null`, "", "an object"},
		{`() => {}`, "", "an object"},
	} {
		t.Run(c.options, func(t *testing.T) {
			p := pagetest.Open(t, "kernel-page.js")
			var got struct{ Target, Error string }
			p.Get(&got, fmt.Sprintf(`
				const error = await attach("probe", %s, { mode: "beside" }).then(() => "", (e) => e.message);
				return { error, target: [...hub()?.claims.keys() ?? []].find((k) => k.endsWith("echo")) };`, c.options))
			if c.err == "" {
				require.Equal(t, "", got.Error)
				require.Equal(t, c.prefix+"echo", got.Target)
				return
			}
			require.Contains(t, got.Error, "options")
			require.Contains(t, got.Error, c.err)
		})
	}
}
