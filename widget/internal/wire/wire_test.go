package wire

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

type inner struct {
	A int            `json:"a"`
	M map[string]any `json:"m"`
	P *inner         `json:"p,omitempty"`
}

type all struct {
	Bool    bool
	Int     int
	Small   int8
	Uint    uint16
	F32     float32
	F64     float64
	Text    string
	Named   kind `json:"kind"`
	List    []int
	Lists   [][]string
	Three   [3]float64
	Bytes   []byte
	Frame   []float32 `json:"frame,binary"`
	Map     map[string]inner
	Inner   inner
	Pointer *int
	Any     any
	hidden  int
	Skipped chan int `json:"-"`
}

type kind string

func typeOf[T any](t *testing.T) *Type {
	t.Helper()
	typ, err := TypeOf(reflect.TypeFor[T]())
	require.NoError(t, err)
	return typ
}

func TestNamesAreSpelledAsInPython(t *testing.T) {
	for in, want := range map[string]string{
		"Value": "value", "MaxItems": "max_items", "ID": "id", "ModelID": "model_id", "HTTPServer": "http_server", "X2": "x2", "A_b": "a_b", "F32": "f32",
	} {
		require.Equal(t, want, snake(in), in)
	}
}

func TestDecode(t *testing.T) {
	typ := typeOf[all](t)
	text := `{"bool": true, "int": -3, "small": 1e2, "uint": 65535, "f32": 0.5, "f64": -1.5e300, "text": "é\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud83d x",
		"kind": "k", "list": [1, 2.0, 3], "lists": [["a"], [], null], "three": [1, 2, 3], "bytes": [1, 255], "frame": [1.5],
		"map": {"x": {"a": 1, "m": null}}, "inner": {"a": 2, "m": {"l": [1, "s", null, true, false, {}]}, "unknown": [{}]}, "pointer": 7, "any": {"a": [1]}, "more": {"x": [1, "}"]}}`
	var v all
	require.NoError(t, typ.Decode(reflect.ValueOf(&v).Elem(), []byte(text)))
	seven := 7
	require.Equal(t, all{
		Bool: true, Int: -3, Small: 100, Uint: 65535, F32: 0.5, F64: -1.5e300, Text: "é\"\\/\b\f\n\r\té😀\ufffd x",
		Named: "k", List: []int{1, 2, 3}, Lists: [][]string{{"a"}, {}, nil}, Three: [3]float64{1, 2, 3}, Bytes: []byte{1, 255}, Frame: []float32{1.5},
		Map: map[string]inner{"x": {A: 1}}, Inner: inner{A: 2, M: map[string]any{"l": []any{1.0, "s", nil, true, false, map[string]any{}}}},
		Pointer: &seven, Any: map[string]any{"a": []any{1.0}},
	}, v)
}

func TestWhatDoesNotFitIsNamed(t *testing.T) {
	typ := typeOf[all](t)
	for text, want := range map[string]string{
		`{"int": "3"}`:                   `.Int is a string, the field is a int`,
		`{"int": 3.5}`:                   `.Int is 3.5, the field is a int`,
		`{"int": 1e300}`:                 `.Int is 1e300, the field is a int`,
		`{"int": null}`:                  `.Int is null (None), the field is a int; a pointer could be null`,
		`{"small": 128}`:                 `.Small is 128, the field is a int8`,
		`{"uint": -1}`:                   `.Uint is -1, the field is a uint16`,
		`{"f64": 1e999}`:                 `.F64 is 1e999, the field is a float64`,
		`{"f32": [1]}`:                   `.F32 is a list, the field is a float32`,
		`{"text": {"a": 1}}`:             `.Text is an object, the field is a string`,
		`{"bool": 1}`:                    `.Bool is a number, the field is a bool`,
		`{"list": true}`:                 `.List is a boolean, the field is a []int`,
		`{"lists": [["a"], ["b", 1]]}`:   `.Lists[1][1] is a number, the field is a string`,
		`{"three": [1, 2]}`:              `.Three is a list of 2, the field is a [3]float64`,
		`{"map": {"k": {"a": "x"}}}`:     `.Map["k"].A is a string, the field is a int`,
		`{"inner": {"p": {"a": false}}}`: `.Inner.P.A is a boolean, the field is a int`,
		`{"bytes": "aGk="}`:              `.Bytes is a string, the field is a []uint8, for binary data`,
		`{"any": [1e999]}`:               `.Any[0] is 1e999, which is too large`,
		`{"int": 3`:                      `is not JSON, at byte 9`,
		`{"int": 3} x`:                   `is not JSON, at byte 11`,
		`[1]`:                            `is a list, the field is a wire.all`,
		``:                               `is not JSON, at byte 0`,
		`{"text": "` + "\x01" + `"}`:     `.Text is not JSON, at byte 10`,
	} {
		var v all
		require.EqualError(t, typ.Decode(reflect.ValueOf(&v).Elem(), []byte(text)), want, text)
	}
	var x any
	require.ErrorContains(t, typeOf[any](t).Decode(reflect.ValueOf(&x).Elem(), []byte(strings.Repeat("[", 2000))), "nested more than 1000 deep")
}

func TestTypesThatCannotTravel(t *testing.T) {
	for _, c := range []struct {
		v    any
		want string
	}{
		{struct{ F func() }{}, `.F is a func(), which cannot travel`},
		{struct{ L *[]map[string]chan int }{}, `.L[][] is a chan int, which cannot travel`},
		{struct{ M map[int]int }{}, `.M is a map[int]int, which cannot travel`},
		{struct {
			B string `json:"b,binary"`
		}{}, `.B is a string: "binary" is for slices of numbers`},
		{struct {
			A int
			C int `json:"a"`
		}{}, `.C has the same name as A: a`},
		{struct{ T struct{ hidden int } }{}, `.T is a struct { hidden int }, which has no exported fields`},
		{struct{ E error }{}, `.E is a error, which cannot travel`},
	} {
		_, err := TypeOf(reflect.TypeOf(c.v))
		require.EqualError(t, err, c.want)
	}
}

func TestEncode(t *testing.T) {
	three := 3
	v := all{
		Bool: true, Int: -1, F32: 0.1, F64: 1e21, Text: "\x00\"\\\n\xff\u2028", Lists: [][]string{nil, {"x"}}, Bytes: []byte{7}, Frame: []float32{1},
		Map: map[string]inner{"b": {}, "a": {P: &inner{A: 1}}}, Pointer: &three, Any: []any{1, []byte("any"), nil, map[string]any{"k": []byte("deep")}},
	}
	e, err := typeOf[all](t).Encode(reflect.ValueOf(v))
	require.NoError(t, err)
	require.JSONEq(t, `{"bool":true,"int":-1,"small":0,"uint":0,"f32":0.1,"f64":1e21,"text":"\u0000\"\\\n\ufffd\u2028","kind":"","list":null,
		"lists":[null,["x"]],"three":[0,0,0],"map":{"a":{"a":0,"m":null,"p":{"a":1,"m":null}},"b":{"a":0,"m":null}},"inner":{"a":0,"m":null},
		"pointer":3,"any":[1,null,null,{}]}`, string(e.JSON))
	var paths []string
	for _, p := range e.Paths {
		paths = append(paths, string(p))
	}
	require.Equal(t, []string{`"bytes"`, `"frame"`, `"any",1`, `"any",3,"k"`}, paths)
	require.Equal(t, [][]byte{{7}, {0, 0, 128, 63}, []byte("any"), []byte("deep")}, e.Buffers)

	for _, f := range []float64{math.NaN(), math.Inf(-1)} {
		_, err := typeOf[all](t).Encode(reflect.ValueOf(all{Any: []any{map[string]float64{"x": f}}}))
		require.ErrorContains(t, err, `.Any[0]["x"] is `)
		require.ErrorContains(t, err, "which JSON does not have")
	}
	cycle := &inner{}
	cycle.P = cycle
	_, err = typeOf[all](t).Encode(reflect.ValueOf(all{Inner: *cycle}))
	require.ErrorContains(t, err, "does it contain itself?")
	_, err = typeOf[any](t).Encode(reflect.ValueOf(func() {}))
	require.EqualError(t, err, "is a func(), which cannot travel")
}

// TestBuffersFindTheirPlaces sends values with binary parts through both directions.
func TestBuffersFindTheirPlaces(t *testing.T) {
	type deep struct {
		Frame []float32 `json:"frame,binary"`
		Empty []int16   `json:"empty,binary"`
		Tiles map[string][][]byte
		Any   any
		Ptr   *struct{ B []byte }
		Nil   []byte
	}
	want := deep{
		Frame: []float32{1, -2.5, 3e7}, Empty: []int16{}, Tiles: map[string][][]byte{"a": {{1}, {}, {2, 3}}, "b": nil},
		Any: map[string]any{"x": []any{"s", []byte{9}}, "y": []byte{8}}, Ptr: &struct{ B []byte }{[]byte{5}},
	}
	typ := typeOf[deep](t)
	var traits, paths []byte
	var buffers Bytes
	for i := range typ.Fields {
		f := &typ.Fields[i]
		e, err := f.Type.Encode(f.Of(reflect.ValueOf(want)))
		require.NoError(t, err)
		traits, paths = e.AppendTrait(f.Name, traits, paths)
		buffers = append(buffers, e.Buffers...)
	}
	s := State{Traits: []byte("{" + string(traits) + "}"), Paths: []byte("[" + string(paths) + "]"), Buffers: buffers}
	require.True(t, json.Valid(s.Traits), string(s.Traits))
	require.True(t, json.Valid(s.Paths), string(s.Paths))
	var got deep
	var changed []string
	require.NoError(t, typ.Read(s, reflect.ValueOf(&got).Elem(), func(i int) { changed = append(changed, typ.Fields[i].GoName) }))
	require.Equal(t, want, got)
	require.ElementsMatch(t, []string{"Frame", "Empty", "Tiles", "Any", "Ptr"}, changed)
	missing, err := typ.Missing(s)
	require.NoError(t, err)
	require.Empty(t, missing)
	missing, err = typ.Missing(State{Traits: []byte(`{"any": null, "tiles": null, "ptr": null, "nil": null}`), Paths: []byte(`[["frame"]]`), Buffers: Bytes{nil}})
	require.NoError(t, err)
	require.Len(t, missing, 1)
	require.Equal(t, "Empty", missing[0].GoName)

	for text, want := range map[string]string{
		`[["frame"]]`:       `.Frame is 3 bytes of binary data, the field is a []float32, for binary data`,
		`[["any","x",0]]`:   `.Any has no place "x" for binary data`,
		`[["tiles","a",0]]`: `.Tiles["a"] has no place 0 for binary data`,
		`[["ptr",0]]`:       `.Ptr has no place 0 for binary data`,
		`[["any"],["any"]]`: `buffer_paths names more buffers than there are`,
		`[[0]]`:             `buffer_paths is not a string`,
		`{}`:                `buffer_paths is not a list`,
		`[["ptr","b","c"]]`: `.Ptr.B has no place "c" for binary data`,
	} {
		got = deep{}
		require.EqualError(t, typ.Read(State{Traits: []byte(`{}`), Paths: []byte(text), Buffers: Bytes{{1, 2, 3}}}, reflect.ValueOf(&got).Elem(), func(int) {}), want, text)
	}
}

func TestOneMisfitDoesNotKeepTheOthers(t *testing.T) {
	var v all
	typ := typeOf[all](t)
	n := 0
	err := typ.Read(State{Traits: []byte(`{"int": "x", "text": "read", "f64": 0, "small": 1000}`)}, reflect.ValueOf(&v).Elem(), func(int) { n++ })
	require.EqualError(t, err, ".Int is a string, the field is a int")
	require.Equal(t, all{Text: "read"}, v)
	require.Equal(t, 1, n, "what is as it was has not changed")
}

// TestValuesInHandsAreNotWrittenTo: states are copied as structs, so what a slice, map
// or pointer refers to belongs to all copies.
func TestValuesInHandsAreNotWrittenTo(t *testing.T) {
	one := 1
	v := all{List: []int{1, 2}, Pointer: &one, Map: map[string]inner{"a": {A: 1}}, Bytes: []byte{1}, Frame: []float32{1}, Any: map[string]any{"k": []byte{1}}}
	before := v
	require.NoError(t, typeOf[all](t).Read(State{
		Traits: []byte(`{"list": [3, 4], "pointer": 2, "map": {"a": {"a": 2}}, "any": {}}`),
		Paths:  []byte(`[["bytes"], ["frame"], ["any", "k"]]`), Buffers: Bytes{{2}, {0, 0, 0, 0}, {2}},
	}, reflect.ValueOf(&v).Elem(), func(int) {}))
	require.Equal(t, []int{1, 2}, before.List)
	require.Equal(t, 1, one)
	require.Equal(t, 1, before.Map["a"].A)
	require.Equal(t, []byte{1}, before.Bytes)
	require.Equal(t, []float32{1}, before.Frame)
	require.Equal(t, map[string]any{"k": []byte{1}}, before.Any)
	require.Equal(t, 2, *v.Pointer)
	require.Equal(t, map[string]any{"k": []byte{2}}, v.Any)
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"a": [1, 2.5e-3, "x\u00e9\ud83d", null, true, {}]}`, `[[[]]]`, `"\ud800\ud800"`, `-0`, `01`, `1.`, `"`, `{"a":}`, `[1,]`, ` 1 `, "\"\xff\""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var got, want any
		typ, err := TypeOf(reflect.TypeFor[any]())
		require.NoError(t, err)
		err = typ.Decode(reflect.ValueOf(&got).Elem(), text)
		wantErr := json.Unmarshal(text, &want)
		if wantErr != nil || err != nil {
			// An any of ours may not be null where it is not nil; numbers out of range fail in both.
			require.Equal(t, wantErr != nil, err != nil, "%q: %v, encoding/json: %v", text, err, wantErr)
			return
		}
		if utf8.Valid(text) { // what is not UTF-8 is kept as it is
			a, err := json.Marshal(got)
			require.NoError(t, err)
			b, err := json.Marshal(want)
			require.NoError(t, err)
			require.Equal(t, string(b), string(a), "%q", text)
		}
		e, err := typ.Encode(reflect.ValueOf(&got).Elem())
		require.NoError(t, err)
		var again any
		require.NoError(t, json.Unmarshal(e.JSON, &again), "%s", e.JSON)
	})
}
