package browse

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

const commMsg = `{"channel":"shell","header":{"msg_id":"m1","msg_type":"comm_msg","session":"s1"},"parent_header":{"msg_id":"p1"},"metadata":{"a":1},"content":{"comm_id":"c1","data":{"foo":0}}}`

// packBinary builds a default protocol frame; the kernel's side of ParseBinary.
func packBinary(parts ...[]byte) []byte {
	at := 4 + 4*len(parts)
	out := binary.BigEndian.AppendUint32(nil, uint32(len(parts)))
	for _, p := range parts {
		out = binary.BigEndian.AppendUint32(out, uint32(at))
		at += len(p)
	}
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// packV1 builds a frame of the v1 subprotocol.
func packV1(parts ...[]byte) []byte {
	at := 8 + 8*(len(parts)+1)
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(parts)+1))
	for _, p := range parts {
		out = binary.LittleEndian.AppendUint64(out, uint64(at))
		at += len(p)
	}
	out = binary.LittleEndian.AppendUint64(out, uint64(at))
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func TestParse(t *testing.T) {
	v1 := func(channel, header, parent, metadata, content string, buffers ...string) []byte {
		parts := [][]byte{[]byte(channel), []byte(header), []byte(parent), []byte(metadata), []byte(content)}
		for _, b := range buffers {
			parts = append(parts, []byte(b))
		}
		return packV1(parts...)
	}
	want := Frame{
		Channel: "shell", MsgType: "comm_msg", MsgID: "m1", ParentID: "p1", Session: "s1", CommID: "c1",
		Data: []byte(`{"foo":0}`), Content: []byte(`{"comm_id":"c1","data":{"foo":0}}`), Metadata: []byte(`{"a":1}`),
	}
	withBuffers := func(b ...[]byte) Frame { f := want; f.Buffers = b; return f }
	h, parent, meta, content := `{"msg_id":"m1","msg_type":"comm_msg","session":"s1"}`, `{"msg_id":"p1"}`, `{"a":1}`, `{"comm_id":"c1","data":{"foo":0}}`

	for _, test := range []struct {
		name  string
		parse func([]byte) (Frame, error)
		in    []byte
		want  Frame
		err   string
	}{
		{"text", ParseText, []byte(commMsg), want, ""},
		{"text, no parent", ParseText, []byte(`{"channel":"iopub","header":{"msg_id":"m","msg_type":"status"},"parent_header":{},"content":{}}`),
			Frame{Channel: "iopub", MsgType: "status", MsgID: "m", Content: []byte(`{}`)}, ""},
		{"text, open", ParseText, []byte(`{"header":{"msg_type":"comm_open"},"content":{"comm_id":"c","target_name":"t","data":"x"}}`),
			Frame{MsgType: "comm_open", CommID: "c", TargetName: "t", Data: []byte(`"x"`), Content: []byte(`{"comm_id":"c","target_name":"t","data":"x"}`)}, ""},
		{"text, id is no string", ParseText, []byte(`{"header":{"msg_type":"comm_msg"},"content":{"comm_id":7,"data":1}}`),
			Frame{MsgType: "comm_msg", Data: []byte(`1`), Content: []byte(`{"comm_id":7,"data":1}`)}, ""},
		{"text, no JSON", ParseText, []byte(`{`), Frame{}, "message JSON"},
		{"text, no type", ParseText, []byte(`{}`), Frame{}, "without a msg_type"},

		{"binary, no buffers", ParseBinary, packBinary([]byte(commMsg)), withBuffers([][]byte{}...), ""},
		{"binary, two buffers, one empty", ParseBinary, packBinary([]byte(commMsg), nil, []byte("abc")), withBuffers([]byte{}, []byte("abc")), ""},
		{"binary, empty", ParseBinary, nil, Frame{}, "shorter than its count"},
		{"binary, no parts", ParseBinary, []byte{0, 0, 0, 0}, Frame{}, "cannot have 0 parts"},
		{"binary, count past the end", ParseBinary, []byte{255, 255, 255, 255, 0}, Frame{}, "cannot have 4294967295 parts"},
		{"binary, offset in the table", ParseBinary, []byte{0, 0, 0, 1, 0, 0, 0, 3, '{', '}'}, Frame{}, "lies at 3 to 10"},
		{"binary, offset past the end", ParseBinary, []byte{0, 0, 0, 1, 0, 0, 0, 99, '{', '}'}, Frame{}, "lies at 99 to 10"},

		{"v1", ParseV1, v1("shell", h, parent, meta, content), withBuffers([][]byte{}...), ""},
		{"v1, buffers", ParseV1, v1("shell", h, parent, meta, content, "ab", ""), withBuffers([]byte("ab"), []byte{}), ""},
		{"v1, too few parts", ParseV1, packV1([]byte("shell")), Frame{}, "cannot have 2 offsets"},
		{"v1, bad header", ParseV1, v1("shell", "[", parent, meta, content), Frame{}, "header JSON"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.parse(test.in)
			if test.err != "" {
				require.ErrorContains(t, err, test.err)
				return
			}
			require.NoError(t, err)
			require.Len(t, got.Buffers, len(test.want.Buffers))
			for i, b := range test.want.Buffers {
				require.Equal(t, string(b), string(got.Buffers[i]))
			}
			got.Buffers, test.want.Buffers = nil, nil
			require.Equal(t, test.want, got)
		})
	}
}

// FuzzParse checks that no frame makes a parser panic, and that buffers lie
// inside of the frame.
func FuzzParse(f *testing.F) {
	f.Add([]byte(commMsg))
	f.Add(packBinary([]byte(commMsg), []byte("abc"), nil))
	f.Add(packV1([]byte("shell"), []byte(`{"msg_type":"x"}`), []byte(`{}`), []byte(`{}`), []byte(`{}`), []byte("abc")))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, parse := range []func([]byte) (Frame, error){ParseText, ParseBinary, ParseV1} {
			got, err := parse(b)
			if err != nil {
				continue
			}
			require.NotEmpty(t, got.MsgType)
			total := 0
			for _, buffer := range got.Buffers {
				total += len(buffer)
			}
			require.LessOrEqual(t, total, len(b))
		}
	})
}
