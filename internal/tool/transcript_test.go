package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConversation(t *testing.T) {
	message := func(direction, msgType, id, target, data string) entry {
		return entry{Direction: direction, MsgType: msgType, CommID: id, TargetName: target, Data: json.RawMessage(data)}
	}
	whole := func(target string) []entry {
		return []entry{
			message("received", "comm_open", "1", target, `{"foo": 1}`),
			message("received", "comm_open", "2", target, `{"foo": 1}`), // another comm between its messages
			message("sent", "comm_msg", "1", target, `{"foo":0}`),
			message("received", "comm_msg", "1", target, `{"header": {}, "content": {"comm_id": "1", "data": {"foo": 0}}}`),
			message("received", "comm_close", "1", target, `{}`),
		}
	}
	require.NoError(t, conversation(whole("my_comm_target")))
	require.ErrorContains(t, conversation(whole("my_comm_tarqet")), "comm_open to my_comm_target")
	require.ErrorContains(t, conversation(nil), "comm_open to my_comm_target")
	for i, missing := range map[int]string{2: "Go's answer", 3: "echo", 4: "comm_close"} {
		traffic := whole("my_comm_target")
		require.ErrorContains(t, conversation(append(traffic[:i], traffic[i+1:]...)), missing)
	}
	mixed := whole("my_comm_target")
	mixed[2].CommID = "2"
	require.Error(t, conversation(mixed), "the answer came on another comm")
}
