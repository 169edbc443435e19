package typed

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/commmgr/typed/internal/registry"
)

// A page's program has neither codec unless it imports them.
func withoutCodecs(t *testing.T) {
	oldCodec, oldMaps := registry.JSON, registry.AnyMaps
	registry.JSON, registry.AnyMaps = nil, nil
	plans.byType = nil
	t.Cleanup(func() {
		registry.JSON, registry.AnyMaps = oldCodec, oldMaps
		plans.byType = nil
	})
}

type list struct{ Next *list }

func TestTypesThatNeedMore(t *testing.T) {
	withoutCodecs(t)
	m, _ := host.New(host.Options{Transport: one{}, Clock: one{}, NewID: func() string { return "c" }})
	c, err := m.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	const needs = `commmgr: on_msg: comm "c" (target "t"): the type needs another package: `
	for want, set := range map[string]func(){
		`field "a.B" of type interface {} holds any value; import _ "gocomm/commmgr/typed/jsoncodec"`: on[struct {
			A struct{ B any } `json:"a"`
		}](c),
		`json.RawMessage has the method UnmarshalJSON; import _ "gocomm/commmgr/typed/jsoncodec"`:  on[json.RawMessage](c),
		`field "Next" of type typed.list is recursive; import _ "gocomm/commmgr/typed/jsoncodec"`:  on[list](c),
		`map[int]int has keys that are no strings; import _ "gocomm/commmgr/typed/jsoncodec"`:      on[map[int]int](c),
		`map[string]typed.list is a map of its own kind; import _ "gocomm/commmgr/typed/mapcodec"`: on[map[string]list](c),
		`field "A" of type int has the option string; import _ "gocomm/commmgr/typed/jsoncodec"`: on[struct {
			A int `json:",string"`
		}](c),
	} {
		err := panicOf(set)
		require.EqualError(t, err, needs+want)
		require.ErrorIs(t, err, ErrNoCodec)
	}
	require.ErrorIs(t, Send[any](c, 1), ErrNoCodec)
	require.ErrorIs(t, Close[any](c, 1), ErrNoCodec)
	require.NoError(t, c.Err(), "it is not closed")
	_, err = Open[any](m, "t", 1)
	require.ErrorIs(t, err, ErrNoCodec)
	_, err = Target(m, "t", func(context.Context, *commmgr.Comm, any) error { return nil }, nil)
	require.EqualError(t, err, `commmgr: register_target (target "t"): the type needs another package: interface {} holds any value; import _ "gocomm/commmgr/typed/jsoncodec"`)
	require.ErrorIs(t, panicOf(func() { Handle(c, "m", func(context.Context, any) (int, error) { return 0, nil }) }), ErrNoCodec)
	require.ErrorIs(t, panicOf(func() { Handle(c, "m", func(context.Context, int) (any, error) { return 0, nil }) }), ErrNoCodec)
	require.NoError(t, panicOf(func() { Handle(c, "m", func(context.Context, int) (int, error) { return 0, nil }) }))
	require.NoError(t, Send(c, map[string]int{"a": 1}))
	_, err = Decode[any](&commmgr.Message{MsgType: commmgr.CommMsg, CommID: "c", Body: one{}})
	require.ErrorIs(t, err, ErrNoCodec)
	_, err = Decode[int](&commmgr.Message{MsgType: commmgr.CommMsg, CommID: "c", Body: one{}})
	require.ErrorContains(t, err, "int is to be decoded from JSON text")
}

func on[T any](c *commmgr.Comm) func() {
	return func() { On(c, func(context.Context, T, [][]byte) error { return nil }) }
}

// panicOf gives the error that f panics with, or nil.
func panicOf(f func()) (err error) {
	defer func() { err, _ = recover().(error) }()
	f()
	return nil
}

type one struct{}

func (one) Send(*host.Outgoing) (string, error)              { return "", nil }
func (one) InputReply(string) error                          { return nil }
func (one) Now() commmgr.Duration                            { return 0 }
func (one) AfterFunc(commmgr.Duration, func()) (stop func()) { return func() {} }
func (one) JSON(commmgr.Part) ([]byte, error)                { return []byte("1"), nil }
func (one) NumBuffers() int                                  { return 0 }
func (one) BufferLen(int) int                                { return 0 }
func (one) CopyBuffer([]byte, int) int                       { return 0 }
func (one) Release()                                         {}
