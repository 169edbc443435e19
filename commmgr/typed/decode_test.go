package typed_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/commmgr/jsonmsg"
	"gocomm/commmgr/typed"
	"gocomm/internal/codec/codectest"
)

// raw makes a message whose data is JSON text, as native programs get it.
func raw(data string) *commmgr.Message {
	return jsonmsg.New(jsonmsg.Raw{
		Header:  json.RawMessage(`{"msg_type": "comm_msg"}`),
		Content: json.RawMessage(`{"comm_id": "c", "data": ` + data + `}`),
	}, "")
}

func TestDecodeErrorsNameTheField(t *testing.T) {
	for data, want := range map[string]string{
		`{"flat": {"value": "1"}}`:       `cannot unmarshal string into field "flat.value" of type int`,
		`{"list": [{}, {"value": 1.5}]}`: `cannot unmarshal number 1.5 into field "list.value" of type int`,
		`[]`:                             `cannot unmarshal array into codectest.Nested`,
		`"text"`:                         `cannot unmarshal string into codectest.Nested`,
		`{"Maps": {"a": {"b": 1}}}`:      `cannot unmarshal number into field "Maps" of type bool`,
		`{"flat": {"value": null}}`:      `cannot unmarshal null into field "flat.value" of type int: a pointer could be null`,
	} {
		v, err := typed.Decode[codectest.Nested](raw(data))
		require.EqualError(t, err, `commmgr: decode comm_msg: comm "c": `+want, data)
		require.Zero(t, v, "a value came with an error")
		field, ok := errors.AsType[*typed.FieldError](err)
		require.True(t, ok)
		require.NotEmpty(t, field.Type)
	}
}

// Names without a tag are spelled as in Python, and found whatever their case.
func TestNames(t *testing.T) {
	type options struct {
		MaxItems, ModelID int
		HTTPServer        string
	}
	want := options{3, 4, "x"}
	v, err := typed.Decode[options](raw(`{"max_items": 3, "MODEL_ID": 4, "http_server": "x", "MaxItems": 5}`))
	require.NoError(t, err)
	require.Equal(t, want, v)
	m, sent := manager()
	c, err := m.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	require.NoError(t, typed.Send(c, want))
	require.Equal(t, []string{`{"max_items":3,"model_id":4,"http_server":"x"}`}, *sent)
}

func TestIntegersBeyond53Bits(t *testing.T) {
	if runtime.GOOS == "js" { // JavaScript would have rounded them
		_, err := typed.Decode[int64](raw("9007199254740993"))
		require.ErrorIs(t, err, typed.ErrInexact)
		return
	}
	for text, want := range map[string]any{"9007199254740993": int64(9007199254740993), "18446744073709551615": uint64(math.MaxUint64), "-9223372036854775808": int64(math.MinInt64)} {
		switch want := want.(type) {
		case int64:
			n, err := typed.Decode[int64](raw(text))
			require.NoError(t, err)
			require.Equal(t, want, n)
		case uint64:
			n, err := typed.Decode[uint64](raw(text))
			require.NoError(t, err)
			require.Equal(t, want, n)
		}
	}
	for _, text := range []string{"9223372036854775808", "1e300", "1.5"} {
		_, err := typed.Decode[int64](raw(text))
		require.ErrorContains(t, err, "cannot unmarshal number "+text+" into int64")
	}
}

func TestDecodeAnything(t *testing.T) {
	msg := raw(`{"a": [1, null]}`)
	anything, err := typed.Decode[any](msg)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"a": []any{1.0, nil}}, anything)
	text, err := typed.Decode[struct{ A json.RawMessage }](msg)
	require.NoError(t, err)
	require.JSONEq(t, `[1, null]`, string(text.A))
	type tree struct{ Below []tree }
	v, err := typed.Decode[tree](raw(`{"below": [{}, {"below": []}]}`))
	require.NoError(t, err)
	require.Len(t, v.Below, 2)
	when, err := typed.Decode[time.Time](raw(`"2020-01-02T03:04:05Z"`))
	require.NoError(t, err)
	require.Equal(t, 2020, when.Year())
}

func TestDepth(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + `"]\"]"` + strings.Repeat("]", n) }
	_, err := typed.Decode[any](raw(nested(typed.MaxDepth)))
	require.NoError(t, err)
	_, err = typed.Decode[any](raw(nested(typed.MaxDepth + 1)))
	require.ErrorIs(t, err, typed.ErrTooDeep)
	require.EqualError(t, err, `commmgr: decode comm_msg: comm "c": cannot unmarshal value into interface {}: nested more than 1000 deep`)
	v, err := typed.Decode[point](raw(`{"x": 1, "other": ` + nested(5000) + `}`))
	require.NoError(t, err, "nobody looks at what the type does not have")
	require.Equal(t, point{X: 1}, v)
}

func TestSendErrorsNameTheValue(t *testing.T) {
	type values struct {
		List []struct{ F float64 } `json:"list"`
	}
	m, sent := manager()
	c, err := m.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	v := values{List: make([]struct{ F float64 }, 2)}
	for f, text := range map[float64]string{math.NaN(): "nan", math.Inf(1): "inf", math.Inf(-1): "-inf"} {
		v.List[1].F = f
		require.NoError(t, typed.Send(c, v))
		require.Equal(t, fmt.Sprintf(`{"list":[{"f":0},{"f":%q}]}`, text), (*sent)[0])
		*sent = nil
	}
	require.ErrorIs(t, typed.Send[any](c, make(chan int)), typed.ErrNoCodec)
	type ring struct{ Next *ring }
	itself := &ring{}
	itself.Next = itself
	require.ErrorIs(t, typed.Send(c, itself), typed.ErrTooDeep)
	require.Empty(t, *sent)
	require.NoError(t, typed.Send(c, "a\xffb"))
	require.NoError(t, typed.Send[any](c, []any{nil, 1}))
	require.Equal(t, []string{`"a\ufffdb"`, "[null,1]"}, *sent)
	if err := typed.Send(c, int64(math.MaxInt64)); runtime.GOOS == "js" {
		require.ErrorIs(t, err, typed.ErrInexact)
	} else {
		require.Equal(t, "9223372036854775807", (*sent)[2])
	}
}

// manager gives one whose sends are kept.
func manager() (*commmgr.Manager, *[]string) {
	k := &keeper{}
	m, _ := host.New(host.Options{Transport: k, Clock: k, NewID: func() string { return "c" }})
	return m, &k.sent
}

type keeper struct{ sent []string }

func (k *keeper) Send(o *host.Outgoing) (string, error) {
	k.sent = append(k.sent, string(o.Data))
	return "", nil
}

func (*keeper) InputReply(string) error                          { return nil }
func (*keeper) Now() commmgr.Duration                            { return 0 }
func (*keeper) AfterFunc(commmgr.Duration, func()) (stop func()) { return func() {} }
