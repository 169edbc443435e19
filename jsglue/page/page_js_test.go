package page_test

import (
	"fmt"
	"math"
	"strings"
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/jsglue/page"
)

// eval gives an expression's value; null stands for BigInts, which Eval cannot pass.
func eval(code string) js.Value { return js.Global().Call("eval", "("+code+")") }

type node struct {
	ID       string `js:"id"`
	TagName  string `js:"tagName"`
	Children []node `js:"children"`
}

type click struct {
	base
	ClientX int            `js:"clientX"`
	Detail  map[string]any `js:"init"`
	Target  js.Value       `js:"target"`
	Same    *node          `js:"target"`
	Stop    page.Function  `js:"preventDefault"`
	Absent  string         `js:"absent"`
	Skipped chan int       `js:"-"`
	//lint:ignore U1000 unexported fields are left alone
	private map[int]chan int
}

type base struct {
	Type string `js:"type"`
}

// An event, its node, and a function of it: what a page has that is no JSON.
func TestDecodeEvents(t *testing.T) {
	event := eval(`(() => {
		const div = document.createElement("div");
		div.id = "outer";
		div.innerHTML = "<p id='first'></p><p id='second'><b></b></p>";
		document.body.append(div);
		let seen;
		div.addEventListener("click", (e) => { seen = e; }, { once: true });
		div.dispatchEvent(Object.assign(new MouseEvent("click", { clientX: 7, cancelable: true })));
		div.remove();
		return seen;
	})()`)
	c := click{Absent: "stays"}
	require.NoError(t, page.Decode(event, &c))
	require.Equal(t, "click", c.Type)
	require.Equal(t, 7, c.ClientX)
	require.Equal(t, "stays", c.Absent)
	require.Equal(t, "outer", c.Target.Get("id").String(), "the node itself")
	require.Equal(t, node{"outer", "DIV", []node{{"first", "P", []node{}}, {"second", "P", []node{{"", "B", []node{}}}}}}, *c.Same)
	require.Equal(t, js.TypeFunction, c.Stop.Type())
}

func TestDecodeTypedArrays(t *testing.T) {
	for _, c := range []struct {
		value string
		into  any
		want  any
	}{
		{`new Uint8Array([1, 2, 255])`, new([]byte), []byte{1, 2, 255}},
		{`new Uint8Array([1, 2, 3, 4]).subarray(1, 3)`, new([]byte), []byte{2, 3}},
		{`new Uint8Array([1, 2, 3]).buffer`, new([]byte), []byte{1, 2, 3}},
		{`new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 1)`, new([]byte), []byte{2}},
		{`new Uint8ClampedArray([300])`, new([]byte), []byte{255}},
		{`[1, 2]`, new([]byte), []byte{1, 2}},
		{`new Float64Array([0.5, NaN]).subarray(0, 1)`, new([]float64), []float64{0.5}},
		{`new Float32Array([0.5])`, new([]float32), []float32{0.5}},
		{`new Int16Array([-2, 3])`, new([]int), []int{-2, 3}},
		{`new Uint32Array([4294967295])`, new([]uint32), []uint32{math.MaxUint32}},
		{`new Int32Array([1, 2])`, new([2]int8), [2]int8{1, 2}},
		{`new Int8Array([-1])`, new(any), []int8{-1}},
		{`new ArrayBuffer(2)`, new(any), []byte{0, 0}},
		{`new Uint16Array([1])`, new([]any), []any{1.0}},
	} {
		require.NoError(t, page.Decode(eval(c.value), c.into), c.value)
		require.Equal(t, c.want, deref(c.into), c.value)
	}
}

func deref(p any) any {
	switch p := p.(type) {
	case *[]byte:
		return *p
	case *[]float64:
		return *p
	case *[]float32:
		return *p
	case *[]int:
		return *p
	case *[]uint32:
		return *p
	case *[2]int8:
		return *p
	case *any:
		return *p
	case *[]any:
		return *p
	}
	panic(fmt.Sprintf("%T", p))
}

func TestDecodeAny(t *testing.T) {
	var v any
	require.NoError(t, page.Decode(eval(`{ n: 1, s: "é", b: true, nothing: null, not: undefined, list: [1, [2], {}],
		bytes: new Uint8Array(2), node: document.body, f() {}, date: new Date(0), bare: Object.create(null), map: new Map() }`), &v))
	m := v.(map[string]any)
	for _, object := range []string{"node", "f", "date", "map"} {
		require.IsType(t, js.Value{}, m[object], object)
		delete(m, object)
	}
	require.Equal(t, map[string]any{"n": 1.0, "s": "é", "b": true, "nothing": nil, "not": nil, "list": []any{1.0, []any{2.0}, map[string]any{}},
		"bytes": []byte{0, 0}, "bare": map[string]any{}}, m)
	require.NoError(t, page.Decode(js.Undefined(), &v))
	require.Nil(t, v)
}

type recursive struct {
	Self  *recursive `js:"self"`
	Big   int        `js:"big"`
	Float float32    `js:"float"`
	Small uint8      `js:"small"`
	Any   any        `js:"any"`
	List  []string   `js:"list"`
	F     page.Function
	M     map[int]string `js:"m"`
	C     chan int       `js:"c"`
}

// Nothing that a page may have ends the program, and each error says where it is.
func TestDecodeErrors(t *testing.T) {
	for _, c := range []struct{ value, want string }{
		{`10n`, "a BigInt"},
		{`{ big: 10n }`, ".big: a BigInt"},
		{`{ any: [0, { a: 10n }] }`, `.any[1]["a"]: a BigInt`},
		{`{ any: new BigInt64Array(1) }`, ".any: a BigInt"},
		{`(() => { const o = {}; o.self = { self: o }; return o; })()`, ".self.self: a cycle"},
		{`(() => { const a = []; a[0] = a; return { any: a }; })()`, ".any[0]: a cycle"},
		{`new Proxy({}, { get: (_, p) => p === "self" ? new Proxy({}, this) : undefined, getPrototypeOf() { throw 1; } })`, ""},
		{`(() => { const deep = () => new Proxy({}, { get: (_, p) => p === "self" ? deep() : undefined }); return deep(); })()`, "nested more than 200 deep"},
		{`{ get self() { throw new Error("the getter threw"); } }`, ".self: Error: the getter threw"},
		{`{ get self() { throw null; } }`, ".self: null"},
		{`{ get self() { throw Symbol("s"); } }`, ".self: Symbol(s)"},
		{`{ any: { get x() { throw 10n; } } }`, `.any["x"]: 10`},
		{`new Proxy({}, { get() { throw new Error("the trap threw"); } })`, "the trap threw"},
		{`{ any: new Proxy({}, { ownKeys() { throw new Error("no keys"); } }) }`, "no keys"},
		{`(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()`, "revoked"},
		{`{ big: 3.5 }`, ".big: 3.5 does not fit into int"},
		{`{ big: NaN }`, ".big: NaN does not fit into int"},
		{`{ big: 2 ** 60 }`, ".big: 1.152921504606847e+18 does not fit into int"},
		{`{ small: 300 }`, ".small: 300 does not fit into uint8"},
		{`{ small: -1 }`, ".small: -1 does not fit into uint8"},
		{`{ float: 1e300 }`, ".float: 1e+300 does not fit into float32"},
		{`{ big: "3" }`, ".big: a string does not fit into int"},
		{`{ list: "abc" }`, ".list: a string does not fit into []string"},
		{`{ list: {} }`, ".list: an object without a length does not fit into []string"},
		{`{ list: { length: -1 } }`, ".list: its length is -1"},
		{`{ list: { length: 2 ** 50 } }`, ".list: more than 1048576 values"},
		{`{ list: { get length() { throw new Error("no length"); } } }`, "no length"},
		{`{ list: new Float64Array(1) }`, ".list: a typed array does not fit into []string"},
		{`{ list: { [Symbol.toStringTag]: "ArrayBuffer" } }`, ".list: "},
		{`{ any: Array(1000).fill(new Array(2 ** 15)) }`, "more than 1048576 values"},
		{`{ any: [new ArrayBuffer(2 ** 28), new ArrayBuffer(1)] }`, "larger than 512 MB"},
		{`{ any: Array(100).fill("long".repeat(2 ** 20)) }`, "larger than 512 MB"},
		{`{ F: 5 }`, ".F: a number does not fit into page.Function"},
		{`{ m: {} }`, ".m: the keys of map[int]string are no strings"},
		{`{ c: 5 }`, ".c: a number does not fit into chan int"},
		{`() => {}`, ""},
		{`undefined`, "the value is undefined"},
		{`"text"`, "a string does not fit into page_test.recursive"},
		{`Symbol("s")`, "a symbol does not fit"},
	} {
		err := page.Decode(eval(c.value), &recursive{})
		if c.want == "" {
			require.NoError(t, err, c.value)
			continue
		}
		require.ErrorContains(t, err, "page: decode into *page_test.recursive: ", c.value)
		require.ErrorContains(t, err, c.want, c.value)
	}
	for _, dst := range []any{nil, 5, recursive{}, (*recursive)(nil)} {
		require.ErrorContains(t, page.Decode(eval(`{}`), dst), "no pointer")
	}
}

func TestEncode(t *testing.T) {
	text := js.Global().Get("JSON")
	for _, c := range []struct {
		value any
		want  string
	}{
		{click{base: base{"click"}, ClientX: 7, Detail: map[string]any{"__proto__": 1}, Target: js.ValueOf("t"), Stop: page.Function{}}, ""},
		{node{"a", "B", []node{{}}}, `{"id":"a","tagName":"B","children":[{"id":"","tagName":"","children":null}]}`},
		{map[string]any{"__proto__": map[string]any{"x": 1}}, `{"__proto__":{"x":1}}`},
		{[]any{nil, true, "é", 1.5, int8(-1), uint64(1 << 53), [2]bool{true}}, `[null,true,"é",1.5,-1,9007199254740992,[true,false]]`},
		{(*node)(nil), `null`},
		{time(5), `5`},
	} {
		v, err := page.Encode(c.value)
		if c.want == "" {
			require.ErrorContains(t, err, ".preventDefault: ")
			continue
		}
		require.NoError(t, err)
		require.Equal(t, c.want, text.Call("stringify", v).String())
	}
	for _, s := range []any{[]byte{1, 2}, []int8{-1}, []int16{-2}, []uint16{3}, []int32{-4}, []uint32{5}, []float32{0.5}, []float64{math.Inf(1)}} {
		v, err := page.Encode(s)
		require.NoError(t, err)
		var back any
		require.NoError(t, page.Decode(v, &back))
		require.Equal(t, s, back)
	}
}

type time int

type ring struct {
	Next *ring `js:"next"`
	All  []any `js:"all"`
}

// A value of Go that has no counterpart, or no end, ends nothing but its encoding.
func TestEncodeErrors(t *testing.T) {
	loop := &ring{}
	loop.Next = &ring{Next: loop}
	list := []any{nil}
	list[0] = list
	m := map[string]any{}
	m["m"] = m
	deep := &ring{}
	for range 100_000 {
		deep = &ring{Next: deep}
	}
	for _, c := range []struct {
		value any
		want  string
	}{
		{loop, "page: encode *page_test.ring: .next.next: a cycle: the value contains itself"},
		{list, "[0]: a cycle"},
		{m, `["m"]: a cycle`},
		{deep, "nested more than 200 deep"},
		{[]any{make(chan int)}, "[0]: a chan int has no counterpart on the page"},
		{func() {}, "a func() has no counterpart"},
		{map[string]any{"c": 1i}, `["c"]: a complex128 has no counterpart`},
		{map[int]int{1: 1}, "the keys of map[int]int are no strings"},
		{int64(1<<53 + 1), "9007199254740993 is beyond 2^53"},
		{uint64(1 << 63), "9223372036854775808 is beyond 2^53"},
		{page.Func(func([]js.Value) (any, error) { return nil, nil }), "a function needs an owner"},
	} {
		_, err := page.Encode(c.value)
		require.ErrorContains(t, err, c.want)
	}
	shared := &ring{}
	v, err := page.Encode([]any{shared, shared})
	require.NoError(t, err, "twice the same is no cycle")
	require.Equal(t, 2, v.Length())
}

// Text that is no Unicode becomes what encoding/json makes of it.
func TestLoneSurrogates(t *testing.T) {
	var s string
	require.NoError(t, page.Decode(eval(`"a\ud800b"`), &s))
	require.Equal(t, "a\ufffdb", s)
	require.NoError(t, page.Decode(eval(`"\ufeffmark"`), &s))
	require.True(t, strings.HasSuffix(s, "mark"))
}
