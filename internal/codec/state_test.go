package codec

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

type part struct {
	A int
	M map[string]any
	P *part `json:"p,omitempty"`
}

type state struct {
	Int      int
	Small    int8
	Text     string
	F64      float64
	List     []int
	Bytes    []byte
	Frame    []float32 `json:"frame,binary"`
	Empty    []int16   `json:"empty,binary"`
	Tiles    map[string][][]byte
	Map      map[string]part
	Pointer  *int
	Any      any
	hidden   int
	Skipped  chan int `json:"-"`
	Optional int      `json:",omitempty"`
}

func fields(t *testing.T) *Struct {
	s, err := StructOf(reflect.TypeFor[state]())
	require.NoError(t, err)
	return s
}

func read(t *testing.T, s State, v *state) (changed []string, err error) {
	fs := fields(t)
	err = fs.Read(s, unsafe.Pointer(v), make([]error, len(fs.Fields)), func(i int) { changed = append(changed, fs.Fields[i].GoName) })
	return changed, err
}

// TestStates sends all fields, and reads them.
func TestStates(t *testing.T) {
	three := 3
	want := state{
		Int: -1, Text: "\x00\"\u2028", F64: 1e21, List: []int{1}, Bytes: []byte{7}, Frame: []float32{1, -2.5, 3e7}, Empty: []int16{},
		Tiles: map[string][][]byte{"a": {{1}, {}, {2, 3}}, "b": nil}, Map: map[string]part{"b": {}, "a": {P: &part{A: 1}}},
		Pointer: &three, Any: []any{1.0, []byte("any"), nil, map[string]any{"k": []byte("deep")}},
	}
	fs := fields(t)
	var traits, paths []byte
	var buffers Bytes
	for i := range fs.Fields {
		e, err := fs.Fields[i].Encode(unsafe.Pointer(&want))
		require.NoError(t, err)
		traits, paths = e.AppendTrait(fs.Fields[i].Name, traits, paths)
		buffers = append(buffers, e.Buffers...)
	}
	require.Equal(t, `["bytes"],["frame"],["empty"],["tiles","a",0],["tiles","a",1],["tiles","a",2],["any",1],["any",3,"k"]`, string(paths))
	s := State{Traits: []byte("{" + string(traits) + "}"), Paths: []byte("[" + string(paths) + "]"), Buffers: buffers}
	require.True(t, json.Valid(s.Traits), string(s.Traits))
	var got state
	changed, err := read(t, s, &got)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.ElementsMatch(t, []string{"Int", "Text", "F64", "List", "Bytes", "Frame", "Empty", "Tiles", "Map", "Pointer", "Any"}, changed)
	for i := range fs.Fields {
		require.True(t, fs.Fields[i].Same(unsafe.Pointer(&want), unsafe.Pointer(&got)), fs.Fields[i].Name)
	}
	changed, err = read(t, s, &got)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"Bytes", "Frame", "Empty"}, changed, "buffers are not compared")
	all, err := Generic(s)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"a": []any{[]byte{1}, []byte{}, []byte{2, 3}}, "b": nil}, all["tiles"])

	missing, err := fs.Missing(s)
	require.NoError(t, err)
	require.Nil(t, missing)
	missing, err = fs.Missing(State{Traits: []byte(`{"int": 1, "small": 1, "text": "", "f64": 0, "list": [], "tiles": {}}`), Paths: []byte(`[["bytes"], ["frame"]]`)})
	require.NoError(t, err)
	require.Equal(t, "Empty", missing.GoName)
}

// Only what begins with a pointer is looked at as one: with -race, package unsafe is checked.
func TestFieldsOfOneByte(t *testing.T) {
	type flags struct{ A, B, C bool }
	s, err := StructOf(reflect.TypeFor[flags]())
	require.NoError(t, err)
	v := &flags{B: true}
	for i, want := range []string{"false", "true", "false"} {
		e, err := s.Fields[i].Encode(unsafe.Pointer(v))
		require.NoError(t, err)
		require.Equal(t, want, string(e.JSON))
	}
}

func TestNotNil(t *testing.T) {
	type lists struct {
		L []string
		B []byte
		M map[string]string
		P *int
	}
	s, err := StructOf(reflect.TypeFor[lists]())
	require.NoError(t, err)
	v := lists{B: []byte{1}}
	for i := range s.Fields {
		s.Fields[i].NotNil(unsafe.Pointer(&v))
	}
	require.Equal(t, lists{L: []string{}, B: []byte{1}, M: map[string]string{}}, v)
	v.L = append(v.L, "more")
	require.Equal(t, []string{"more"}, v.L)
}

func TestStatesThatDoNotFit(t *testing.T) {
	for text, want := range map[string]string{
		`{"int": "3"}`:               `cannot unmarshal string into field "int" of type int`,
		`{"int": null}`:              `cannot unmarshal null into field "int" of type int: a pointer could be null`,
		`{"small": 128}`:             `cannot unmarshal number 128 into field "small" of type int8`,
		`{"int": "nan"}`:             `cannot unmarshal string into field "int" of type int`,
		`{"f64": "1.5"}`:             `cannot unmarshal string into field "f64" of type float64`,
		`{"map": {"k": {"a": 1.5}}}`: `cannot unmarshal number 1.5 into field "map.a" of type int`,
		`{"int": 3`:                  `not JSON, at byte 9`,
		`{"int": 3} x`:               `not JSON, at byte 11`,
		`[1]`:                        `cannot unmarshal array into an object`,
	} {
		_, err := read(t, State{Traits: []byte(text)}, &state{})
		require.EqualError(t, err, want, text)
	}
	for paths, want := range map[string]string{
		`[["frame"]]`:       `cannot unmarshal 3 bytes of binary data into field "frame" of type []float32`,
		`[["any","x",0]]`:   `buffer_paths names a place that is not there`,
		`[["tiles","a",0]]`: `buffer_paths names a place that is not there`,
		`[["any"],["any"]]`: `cannot unmarshal binary data into field "any" of type []uint8: buffer_paths names more buffers than there are`,
		`{}`:                `cannot unmarshal object into a list`,
	} {
		_, err := read(t, State{Traits: []byte(`{}`), Paths: []byte(paths), Buffers: Bytes{{1, 2, 3}}}, &state{})
		require.EqualError(t, err, want, paths)
	}
}

// NaN and infinities come as jupyter_client sends them, with and without orjson, and go as it
// sends them.
func TestNonFiniteStates(t *testing.T) {
	for text, want := range map[string]float64{`"nan"`: math.NaN(), `null`: math.NaN(), `"inf"`: math.Inf(1), `"-inf"`: math.Inf(-1), `"np.float64(nan)"`: math.NaN(), `"NaN"`: math.NaN(), `"-Infinity"`: math.Inf(-1), `1e999`: math.Inf(1)} {
		var got state
		_, err := read(t, State{Traits: []byte(`{"f64": ` + text + `, "frame": [1, ` + text + `]}`)}, &got)
		require.NoError(t, err, text)
		for _, f := range []float64{got.F64, float64(got.Frame[1])} {
			require.Equal(t, math.IsNaN(want), math.IsNaN(f), text)
			require.Equal(t, math.IsInf(want, 1), math.IsInf(f, 1), text)
			require.Equal(t, math.IsInf(want, -1), math.IsInf(f, -1), text)
		}
		require.NotZero(t, got.Frame[0])
	}
	fs := fields(t)
	for f, want := range map[float64]string{math.NaN(): `"nan"`, math.Inf(1): `"inf"`, math.Inf(-1): `"-inf"`} {
		v := state{Any: []any{map[string]float64{"x": f}}, F64: f}
		e, err := fs.Fields[11].Encode(unsafe.Pointer(&v))
		require.NoError(t, err)
		require.Equal(t, `[{"x":`+want+`}]`, string(e.JSON))
		var got state
		changed, err := read(t, State{Traits: []byte(`{"f64": ` + want + `}`)}, &got)
		require.NoError(t, err)
		require.Equal(t, []string{"F64"}, changed)
		changed, err = read(t, State{Traits: []byte(`{"f64": ` + want + `}`)}, &got)
		require.NoError(t, err)
		require.Empty(t, changed, "NaN is as it was")
	}
}

func TestOneMisfitDoesNotKeepTheOthers(t *testing.T) {
	var v state
	changed, err := read(t, State{Traits: []byte(`{"int": "x", "text": "read", "f64": 0, "small": 1000}`)}, &v)
	require.ErrorContains(t, err, `"int"`)
	require.Equal(t, state{Text: "read"}, v)
	require.Equal(t, []string{"Text"}, changed, "what is as it was has not changed")
}

// TestValuesInHandsAreNotWrittenTo: states are copied as structs, so what a slice, map
// or pointer refers to belongs to all copies.
func TestValuesInHandsAreNotWrittenTo(t *testing.T) {
	one := 1
	v := state{List: []int{1, 2}, Pointer: &one, Map: map[string]part{"a": {A: 1}}, Bytes: []byte{1}, Frame: []float32{1}, Any: map[string]any{"k": []byte{1}}}
	before := v
	_, err := read(t, State{
		Traits: []byte(`{"list": [3, 4], "pointer": 2, "map": {"a": {"a": 2}}, "any": {}}`),
		Paths:  []byte(`[["bytes"], ["frame"], ["any", "k"]]`), Buffers: Bytes{{2}, {0, 0, 0, 0}, {2}},
	}, &v)
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, before.List)
	require.Equal(t, 1, one)
	require.Equal(t, 1, before.Map["a"].A)
	require.Equal(t, []byte{1}, before.Bytes)
	require.Equal(t, []float32{1}, before.Frame)
	require.Equal(t, map[string]any{"k": []byte{1}}, before.Any)
	require.Equal(t, 2, *v.Pointer)
	require.Equal(t, map[string]any{"k": []byte{2}}, v.Any)
}

// FuzzText holds the scanner to encoding/json: what is JSON, however deep where nobody
// looks, and what strings mean.
func FuzzText(f *testing.F) {
	for _, seed := range []string{`{"a": [1, 2.5e-3, "x\u00e9\ud83d", null, true, {}]}`, `[[[]]]`, `"\ud800\ud800"`, `"\ud83d\ude00\/\b"`, `-0`, `01`, `1.`, `-`, `"`, `{"a":}`, `{"a"}`, `[1,]`, `[1`, `{"a":1`, `nul`, ` 1 `, `1 2`, "\"\xff\"", "\"\x01\"", "", strings.Repeat("[", 3000)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s := scanner{text: text}
		s.skip()
		valid := json.Valid(text)
		require.Equal(t, valid || s.deepest > 10000, s.finish() == nil, "%q", text)
		for _, typ := range []reflect.Type{reflect.TypeFor[any](), reflect.TypeFor[state](), reflect.TypeFor[[]string](), reflect.TypeFor[int]()} {
			_, err := Scan(PlanOf(typ), text, nil)
			if !valid {
				require.Error(t, err, "%q", text)
			}
		}
		var want string
		if valid && json.Unmarshal(text, &want) == nil && strings.TrimSpace(string(text)) != "null" {
			got, err := Text(text)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	})
}
