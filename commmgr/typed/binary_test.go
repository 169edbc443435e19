package typed_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/jsonmsg"
	"gocomm/commmgr/typed"
)

// A frame has parts that travel as binary buffers.
type frame struct {
	Name   string              `json:"name"`
	Pixels []byte              `json:"pixels"`
	Points []float32           `json:"points,binary"`
	Tiles  map[string][][]byte `json:"tiles,omitempty"`
	Any    any                 `json:"any,omitempty"`
	Ptr    *struct{ B []byte } `json:"ptr,omitempty"`
}

var (
	aFrame = frame{
		Name: "f", Pixels: []byte{1, 255}, Points: []float32{1, -2.5}, Tiles: map[string][][]byte{"a": {{1}, {}, {2, 3}}},
		Any: map[string]any{"x": []any{"s", []byte{9}}}, Ptr: &struct{ B []byte }{[]byte{5}},
	}
	itsData = `{"name":"f","tiles":{"a":[null,null,null]},"any":{"x":["s",null]},"ptr":{},` +
		`"buffer_paths":[["pixels"],["points"],["tiles","a",0],["tiles","a",1],["tiles","a",2],["any","x",1],["ptr","b"]]}`
	itsBuffers = [][]byte{{1, 255}, {0, 0, 128, 63, 0, 0, 32, 192}, {1}, {}, {2, 3}, {9}, {5}}
)

func withBuffers(data string, buffers [][]byte) *commmgr.Message {
	return jsonmsg.New(jsonmsg.Raw{
		Header: json.RawMessage(`{"msg_type": "comm_msg"}`), Content: json.RawMessage(`{"comm_id": "c", "data": ` + data + `}`), Buffers: buffers,
	}, "")
}

func TestBinaryPartsAreBuffers(t *testing.T) {
	k := commmgrtest.New(t, nil)
	theirs := make(chan *commmgrtest.Comm, 1)
	k.RegisterTarget("frames", func(c *commmgrtest.Comm, _ commmgrtest.Message) { theirs <- c })
	c, err := k.Manager.Open("frames", nil)
	require.NoError(t, err)
	require.NoError(t, typed.Send(c, aFrame, []byte("more")))
	got := (<-theirs).Await(2)[1]
	require.Equal(t, itsData, string(got.Data))
	require.Equal(t, append(append([][]byte{}, itsBuffers...), []byte("more")), got.Buffers)

	v, err := typed.Decode[frame](withBuffers(itsData, itsBuffers))
	require.NoError(t, err)
	require.Equal(t, aFrame, v)
	v, err = typed.Decode[frame](withBuffers(`{"pixels": "Af8=", "points": [1, -2.5]}`, nil))
	require.NoError(t, err)
	require.Equal(t, frame{Pixels: aFrame.Pixels, Points: aFrame.Points}, v, "they are accepted as text and list too")
	v, err = typed.Decode[frame](withBuffers(`{"pixels": [1, 255]}`, nil))
	require.NoError(t, err)
	require.Equal(t, aFrame.Pixels, v.Pixels)
}

// Data that is no object has no place for paths.
func TestBinaryPartsWithoutPaths(t *testing.T) {
	m, sent := manager()
	c, err := m.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	require.NoError(t, typed.Send(c, []byte{1, 2, 3}))
	require.NoError(t, typed.Send(c, []frame{{Points: []float32{1}}}))
	require.NoError(t, typed.Send(c, frame{}))
	require.Equal(t, []string{`"AQID"`, `[{"name":"","pixels":null,"points":[1]}]`, `{"name":"","pixels":null,"points":null}`}, *sent)
}

func TestBinaryPartsThatDoNotFit(t *testing.T) {
	for paths, want := range map[string]string{
		`[["points"]]`:           `cannot unmarshal 3 bytes of binary data into field "points" of type []float32`,
		`[["name"]]`:             `cannot unmarshal 3 bytes of binary data into field "name" of type string`,
		`[["pixels"],["any"]]`:   `cannot unmarshal binary data into field "any" of type []uint8: buffer_paths names more buffers than there are`,
		`[["any","x",0]]`:        `buffer_paths names a place that is not there`,
		`[["tiles","a",1]]`:      `buffer_paths names a place that is not there`,
		`[["pixels",0]]`:         `buffer_paths names a place that is not there`,
		`[[0]]`:                  `buffer_paths names a place that is not there`,
		`[[{}]]`:                 `buffer_paths names a place that is not there`,
		`["pixels"]`:             `cannot unmarshal string into a list`,
		`[["other"],["pixels"]]`: `cannot unmarshal binary data into field "pixels" of type []uint8: buffer_paths names more buffers than there are`,
	} {
		_, err := typed.Decode[frame](withBuffers(`{"tiles": {"a": [null]}, "buffer_paths": `+paths+`}`, [][]byte{{1, 2, 3}}))
		require.EqualError(t, err, `commmgr: decode comm_msg: comm "c": `+want, paths)
	}
}
