package commmgr_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
)

var jsonTexts = []string{
	``, ` `, `{}`, ` { } `, `[]`, `[[], {}]`, `null`, `true`, `false`, `nul`, `truee`, `0`, `-0`, `00`, `01`, `-`, `1.`, `.5`, `1.5e+3`, `1e`, `1e-`, `1E5`,
	`+1`, `NaN`, `Infinity`, `1e20`, `1.0`, `9007199254740993`, `"a"`, `"`, `"\`, `"\u12"`, `"\u12g4"`, `"\ud800"`, `"\x41"`, `"\/\b\"\\"`, "\"tab\t\"", "\"\x7f\"",
	`'a'`, `{"a":1}`, `{"a":1,}`, `{"a"}`, `{"a":}`, `{a:1}`, `{"a":1 "b":2}`, `{"a":1,"a":2}`, `[1,]`, `[,1]`, `[1 2]`, `[1}`, `{"a":[}`, `1 2`, `{}{}`, "\ufeff{}", "{}\x00",
	"\n\r\t [1 , 2]\n", `"ä😀"`, "\"\xff\"", strings.Repeat("[", 100) + strings.Repeat("]", 100), strings.Repeat("[", 100) + strings.Repeat("]", 99),
}

// TestOnlyJSONIsSent: what encoding/json calls valid is sent, and nothing else.
func TestOnlyJSONIsSent(t *testing.T) {
	m, w := newWired(nil)
	c, err := m.RegisterComm("id", "target", nil)
	require.NoError(t, err)
	for _, text := range jsonTexts {
		before := len(w.Sent())
		_, err := c.Send(&commmgr.Payload{Data: []byte(text)})
		if json.Valid([]byte(text)) {
			require.NoError(t, err, text)
			require.Equal(t, text, string(w.Sent()[before].Data), "it travels as it is")
			continue
		}
		require.EqualError(t, err, `commmgr: send: comm "id" (target "target"): only JSON can be sent: the data are not JSON`, text)
		require.ErrorIs(t, err, commmgr.ErrNotJSON)
		require.Len(t, w.Sent(), before)
	}
	for text, want := range map[string]bool{`{}`: true, ` {"a": 1}`: true, `[]`: false, `1`: false, ``: false, `{`: false} {
		_, err := c.Send(&commmgr.Payload{Metadata: []byte(text)})
		require.Equal(t, want, err == nil, text)
	}
	require.NoError(t, c.Err(), "the comm lives on")
}

func FuzzValidJSON(f *testing.F) {
	for _, text := range jsonTexts {
		f.Add([]byte(text))
	}
	m, _ := newWired(nil)
	c, _ := m.RegisterComm("id", "target", nil)
	f.Fuzz(func(t *testing.T, text []byte) {
		_, err := c.Send(&commmgr.Payload{Data: text})
		require.Equal(t, text == nil || json.Valid(text), err == nil)
	})
}
