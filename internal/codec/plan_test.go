package codec

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// onAPage forgets all plans, and has the test run as a program on a page that does not
// import alltypes.
func onAPage(t *testing.T) {
	old := full
	forget := func() {
		for i := range plans {
			plans[i].Store(nil)
		}
	}
	full = nil
	forget()
	t.Cleanup(func() { full = old; forget() })
}

type ring struct{ Next *ring }

func TestTypesThatNeedTheImport(t *testing.T) {
	type named map[string]ring
	for v, want := range map[any]string{
		&struct {
			A struct{ B any } `json:"a"`
		}{}: `field "a.b" of type interface {} holds any value`,
		new(json.RawMessage): `json.RawMessage has the method UnmarshalJSON`,
		new(map[int]int):     `map[int]int is a map of its own kind`,
		new(named):           `codec.named is a map of its own kind`,
		&struct {
			A [2]int `json:",omitzero"`
		}{}: `field "a" of type [2]int has the option omitzero`,
		&struct{ T *time.Time }{}: `field "t" of type time.Time has the method UnmarshalText`,
	} {
		typ := reflect.TypeOf(v).Elem()
		require.NoError(t, PlanOf(typ).Usable(), "natively")
		t.Run(typ.String(), func(t *testing.T) {
			onAPage(t)
			err := PlanOf(typ).Usable()
			require.EqualError(t, err, "the type cannot be read and written: "+want+`; import _ "gocomm/alltypes"`)
			require.ErrorIs(t, err, ErrNoCodec)
		})
	}
	onAPage(t)
	for _, v := range []any{new(ring), new(map[string]int), new([]map[string]float64), new([]byte)} {
		require.NoError(t, PlanOf(reflect.TypeOf(v).Elem()).Usable(), "%T", v)
	}
}

func TestTypesThatCannotTravel(t *testing.T) {
	type self *self
	for v, want := range map[any]string{
		new(chan int):         `chan int is none of JSON's`,
		new(error):            `error is an interface with methods`,
		new(self):             `codec.self points to itself alone`,
		new([]func()):         `func() is none of JSON's`,
		new(map[struct{}]int): `map[struct {}]int has keys that are neither strings nor integers`,
		&struct {
			A int `json:",string"`
		}{}: `field "a" of type int has the option string, which is not known here`,
		&struct {
			B string `json:"b,binary"`
		}{}: `field "b" of type string has the option binary, which is for slices of numbers with a size`,
		&struct{ *ring }{}: `field "ring.next" of type *codec.ring is embedded, a pointer and unexported`,
	} {
		require.ErrorContains(t, PlanOf(reflect.TypeOf(v).Elem()).Usable(), "cannot be read and written: "+want)
	}
}

func TestNamesAreSpelledAsInPython(t *testing.T) {
	for in, want := range map[string]string{
		"Value": "value", "MaxItems": "max_items", "ID": "id", "ModelID": "model_id", "HTTPServer": "http_server", "X2": "x2", "A_b": "a_b", "F32": "f32",
	} {
		require.Equal(t, want, snake(in), in)
	}
}
