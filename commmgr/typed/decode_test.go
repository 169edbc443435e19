package typed_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/commmgr/jsonmsg"
	"gocomm/commmgr/typed"
	"gocomm/internal/plantest"
)

// raw makes a message whose data is JSON text, as native programs get it.
func raw(data string) *commmgr.Message {
	return jsonmsg.New(jsonmsg.Raw{
		Header:  json.RawMessage(`{"msg_type": "comm_msg"}`),
		Content: json.RawMessage(`{"comm_id": "c", "data": ` + data + `}`),
	}, "")
}

// parsed makes a message that is parsed, as on a page.
func parsed(t *testing.T, data string) *commmgr.Message {
	msg, err := plantest.Parsed([]byte(data))
	require.NoError(t, err)
	return msg
}

func TestDecodeErrorsAreTheSameBothWays(t *testing.T) {
	for data, want := range map[string]string{
		`{"flat": {"value": "1"}}`:       `cannot unmarshal string into field "flat.value" of type int`,
		`{"list": [{}, {"value": 1.5}]}`: `cannot unmarshal number 1.5 into field "list.value" of type int`,
		`[]`:                             `cannot unmarshal array into plantest.Nested`,
		`"text"`:                         `cannot unmarshal string into plantest.Nested`,
		`{"Maps": {"a": {"b": 1}}}`:      `cannot unmarshal number into field "Maps" of type bool`,
	} {
		for _, msg := range []*commmgr.Message{raw(data), parsed(t, data)} {
			v, err := typed.Decode[plantest.Nested](msg)
			require.EqualError(t, err, `commmgr: decode comm_msg: comm "c": `+want, data)
			require.Zero(t, v, "a value came with an error")
			field, ok := errors.AsType[*typed.FieldError](err)
			require.True(t, ok)
			require.NotEmpty(t, field.Type)
		}
	}
}

func TestIntegersBeyond53Bits(t *testing.T) {
	const big = `9007199254740993`
	n, err := typed.Decode[int64](raw(big))
	require.NoError(t, err)
	require.Equal(t, int64(9007199254740993), n)
	_, err = typed.Decode[int64](parsed(t, big)) // JavaScript has rounded it
	require.ErrorIs(t, err, typed.ErrInexact)
	require.ErrorContains(t, err, "cannot unmarshal number 9007199254740992 into int64: not exact in JavaScript")
	f, err := typed.Decode[float64](parsed(t, big))
	require.NoError(t, err)
	require.Equal(t, 9007199254740992.0, f)
}

func TestDecodeAnything(t *testing.T) {
	for _, msg := range []*commmgr.Message{raw(`{"a": [1, null]}`), parsed(t, `{"a": [1, null]}`)} {
		v, err := typed.Decode[any](msg)
		require.NoError(t, err)
		require.Equal(t, map[string]any{"a": []any{1.0, nil}}, v)
		text, err := typed.Decode[struct{ A json.RawMessage }](msg)
		require.NoError(t, err)
		require.JSONEq(t, `[1, null]`, string(text.A))
	}
	type tree struct{ Below []tree }
	v, err := typed.Decode[tree](parsed(t, `{"below": [{}, {"below": []}]}`))
	require.NoError(t, err)
	require.Len(t, v.Below, 2)
	when, err := typed.Decode[time.Time](parsed(t, `"2020-01-02T03:04:05Z"`))
	require.NoError(t, err)
	require.Equal(t, 2020, when.Year())
}

func TestDepth(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + `"]\"]"` + strings.Repeat("]", n) }
	for _, msg := range []*commmgr.Message{raw(nested(typed.MaxDepth)), parsed(t, nested(typed.MaxDepth))} {
		_, err := typed.Decode[any](msg)
		require.NoError(t, err)
	}
	for _, msg := range []*commmgr.Message{raw(nested(typed.MaxDepth + 1)), parsed(t, nested(typed.MaxDepth+1))} {
		_, err := typed.Decode[any](msg)
		require.ErrorIs(t, err, typed.ErrTooDeep)
		require.EqualError(t, err, `commmgr: decode comm_msg: comm "c": nested more than 1000 deep`)
	}
	v, err := typed.Decode[point](parsed(t, `{"x": 1, "other": `+nested(5000)+`}`))
	require.NoError(t, err, "a plan does not look at what its type does not have")
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
	for f, name := range map[float64]string{math.NaN(): "NaN", math.Inf(1): "+Inf", math.Inf(-1): "-Inf"} {
		v.List[1].F = f
		err := typed.Send(c, v)
		require.EqualError(t, err, fmt.Sprintf(`commmgr: send: comm "c" (target "t"): cannot send %s as field "list.F" of type float64: JSON has no such value`, name))
		require.ErrorIs(t, err, typed.ErrNotJSON)
	}
	require.Error(t, typed.Send[any](c, make(chan int)))
	require.Empty(t, *sent)
	require.NoError(t, typed.Send(c, int64(math.MaxInt64)))
	require.NoError(t, typed.Send(c, "a\xffb"))
	require.NoError(t, typed.Send[any](c, []any{nil, 1}))
	require.Equal(t, []string{"9223372036854775807", `"a\ufffdb"`, "[null,1]"}, *sent)
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
