package codectest

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"gocomm/commmgr"
	"gocomm/commmgr/jsonmsg"
)

// message makes a message whose data is JSON text, as native programs get it.
func message(data []byte) *commmgr.Message {
	return jsonmsg.New(jsonmsg.Raw{
		Header:  json.RawMessage(`{"msg_type": "comm_msg"}`),
		Content: append(append([]byte(`{"comm_id": "c", "data": `), data...), '}'),
	}, "")
}

// plain gives JSON as JavaScript would: with one way to write each number, and one
// member for each name. ok is false where there is none.
func plain(text []byte) (_ []byte, ok bool) {
	var v any
	if json.Unmarshal(text, &v) != nil {
		return nil, false
	}
	text, err := json.Marshal(withoutSign(v))
	return text, err == nil
}

// withoutSign makes 0 of -0.
func withoutSign(v any) any {
	switch v := v.(type) {
	case float64:
		return v + 0
	case []any:
		for i := range v {
			v[i] = withoutSign(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = withoutSign(v[name])
		}
	}
	return v
}

func check(t *testing.T, text []byte) {
	text, ok := plain(text)
	if !ok {
		return
	}
	for name, differs := range Types {
		if diff := differs(message(text)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestAsJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, text := range Corpus {
		check(t, []byte(text))
	}
	for range 2000 {
		check(t, []byte(Random(r)))
	}
}

func FuzzAsJSON(f *testing.F) {
	for _, text := range Corpus {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		check(t, text)
	})
}
