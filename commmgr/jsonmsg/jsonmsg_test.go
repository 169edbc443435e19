package jsonmsg_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/commmgr/jsonmsg"
)

const open = `{"header": {"msg_type": "comm_open"}, "parent_header": {"session": "me"}, "metadata": {"version": "2.1"},
	"content": {"comm_id": "c", "target_name": "t", "data": {"foo": 1}}}`

func TestParse(t *testing.T) {
	msg := jsonmsg.Parse([]byte(open), [][]byte{[]byte("abc"), {}}, "me")
	require.Empty(t, msg.Fault)
	require.Equal(t, []string{"comm_open", "c", "t"}, []string{msg.MsgType, msg.CommID, msg.TargetName})
	require.True(t, msg.Own)
	for part, want := range map[commmgr.Part]string{
		commmgr.Header:       `{"msg_type": "comm_open"}`,
		commmgr.ParentHeader: `{"session": "me"}`,
		commmgr.Metadata:     `{"version": "2.1"}`,
		commmgr.Content:      `{"comm_id": "c", "target_name": "t", "data": {"foo": 1}}`,
		commmgr.Data:         `{"foo": 1}`,
	} {
		got, err := msg.JSON(part)
		require.NoError(t, err)
		require.JSONEq(t, want, string(got), part.String())
	}
	buffers, err := msg.Buffers()
	require.NoError(t, err)
	require.Equal(t, [][]byte{[]byte("abc"), {}}, buffers)
	require.Greater(t, msg.Size, 100)
	msg.Release()
	_, err = msg.JSON(commmgr.Data)
	require.ErrorIs(t, err, commmgr.ErrReleased)
}

func TestOwn(t *testing.T) {
	for _, test := range []struct {
		parent, session string
		want            bool
	}{
		{`{"session": "me"}`, "me", true},
		{`{"session": "you"}`, "me", false},
		{`{"session": ""}`, "", false},
		{`{}`, "me", false},
		{`null`, "me", false},
		{`[]`, "me", false},
	} {
		t.Run(test.parent, func(t *testing.T) {
			text := `{"header": {"msg_type": "comm_msg"}, "parent_header": ` + test.parent + `, "content": {"comm_id": "c"}}`
			msg := jsonmsg.Parse([]byte(text), nil, test.session)
			require.Empty(t, msg.Fault)
			require.Equal(t, test.want, msg.Own)
			b, err := msg.JSON(commmgr.Data)
			require.NoError(t, err)
			require.Equal(t, "null", string(b), "data is absent")
		})
	}
}

func TestOtherMessages(t *testing.T) {
	msg := jsonmsg.Parse([]byte(`{"header": {"msg_type": "status"}, "content": {"execution_state": "idle"}}`), nil, "me")
	require.Empty(t, msg.Fault)
	require.Empty(t, msg.CommID)
}

// FuzzParse: of any bytes comes a message that either has a fault or has its
// fields as the JSON has them.
func FuzzParse(f *testing.F) {
	for _, s := range []string{open, "", "null", "[]", "{}", `{"header": {"msg_type": 1}}`,
		`{"header": {"msg_type": "comm_msg"}, "content": {"comm_id": null}}`,
		`{"header": {"msg_type": "comm_msg"}, "content": {"comm_id": "\ud800", "data": [[[]]]}}`} {
		f.Add([]byte(s), "me")
	}
	f.Fuzz(func(t *testing.T, text []byte, session string) {
		msg := jsonmsg.Parse(text, nil, session)
		if msg.Fault == "" {
			require.True(t, json.Valid(text))
			for p := commmgr.Header; p <= commmgr.Data; p++ {
				b, err := msg.JSON(p)
				require.NoError(t, err)
				require.True(t, json.Valid(b), "%s: %s", p, b)
			}
			switch msg.MsgType {
			case commmgr.CommOpen, commmgr.CommMsg, commmgr.CommClose:
				var content map[string]any
				b, _ := msg.JSON(commmgr.Content)
				require.NoError(t, json.Unmarshal(b, &content))
				require.Equal(t, content["comm_id"], msg.CommID)
				if msg.MsgType == commmgr.CommOpen {
					require.Equal(t, content["target_name"], msg.TargetName)
				}
			}
		}
		msg.Release()
	})
}

func Example() {
	msg := jsonmsg.Parse([]byte(open), nil, "me")
	data, err := msg.JSON(commmgr.Data)
	fmt.Println(msg.MsgType, msg.CommID, msg.TargetName, msg.Own, string(data), err)

	msg = jsonmsg.Parse([]byte(`{"header": {"msg_type": "comm_msg"}, "content": {}}`), nil, "me")
	fmt.Println(msg.Fault)
	// Output:
	// comm_open c t true {"foo": 1} <nil>
	// content.comm_id is missing
}

func TestField(t *testing.T) {
	for _, c := range []struct{ data, want string }{
		{`{"f": "a"}`, `"a"`}, {`{"f": "\u0061"}`, `"a"`}, {`{"f": 1.0}`, `1`}, {`{"f": true}`, `true`},
		{`{"f": null}`, ``}, {`{"f": [1]}`, ``}, {`{"f": {}}`, ``}, {`{"g": 1}`, ``}, {`"f"`, ``}, {`null`, ``},
	} {
		m := jsonmsg.Parse([]byte(`{"header": {"msg_type": "comm_msg"}, "content": {"comm_id": "c", "data": `+c.data+`}}`), nil, "")
		value, ok := m.Body.(host.Fielder).Field("f")
		require.Equal(t, c.want, value, c.data)
		require.Equal(t, c.want != "", ok, c.data)
	}
}
