package commmgr_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
)

// FuzzDeliver delivers any row of messages, while targets come and go, and holds
// the manager to a model: which comms live.
func FuzzDeliver(f *testing.F) {
	f.Add([]byte("\x00\x00\x01\x00\x02\x00"), "id")
	f.Add([]byte("\x00\x00\x06\x00\x05\x00\x03\x00\x00\x00"), "__proto__")
	f.Add([]byte("\x00\x01\x00\x02\x00\x03\x01\x02\x06\x00\x04\x02\x07\x00"), "ü")
	f.Fuzz(func(t *testing.T, ops []byte, odd string) {
		if len(ops) > 2000 {
			return
		}
		l := &ledger{}
		clock := &commmgrtest.Clock{}
		m, _ := newWired(func(o *host.Options) { o.Clock = clock })
		open := func(c *commmgr.Comm, _ *commmgr.Message) error {
			c.OnMsg(func(*commmgr.Message) error { return nil })
			return nil
		}
		_, err := m.RegisterTarget("fails", func(*commmgr.Comm, *commmgr.Message) error { return errBoom }, &commmgr.TargetOptions{Inline: true})
		require.NoError(t, err)
		_, err = m.RegisterTarget("go", open, nil)
		require.NoError(t, err)

		ids := []string{"a", "b", odd}
		bad := badName(odd)
		live := map[string]string{} // id: target
		for i := 0; i+1 < len(ops); i += 2 {
			n := int(ops[i+1])
			id := ids[n%3]
			ok := !bad || n%3 != 2
			switch ops[i] % 8 {
			case 0, 1:
				target := []string{"go", "fails", "late", odd}[n/3%4]
				msg := l.message(commmgr.CommOpen, id, "")
				msg.TargetName = target
				m.Deliver(msg)
				known := target != odd || !bad
				if ok && known && live[id] == "" && target != "fails" {
					live[id] = target
				}
			case 2:
				m.Deliver(l.message(commmgr.CommMsg, id, ""))
			case 3:
				m.Deliver(l.message(commmgr.CommClose, id, ""))
				delete(live, id)
			case 4:
				if c := m.Comm(id); c != nil {
					c.Close(nil)
				}
				delete(live, id)
			case 5:
				m.Deliver(l.message(odd, id, ""))
				if odd == commmgr.CommClose {
					delete(live, id)
				} else if odd == commmgr.CommOpen && live[id] == "" {
					if ok {
						live[id] = "nobody"
					}
					m.Deliver(l.message(commmgr.CommClose, id, ""))
					delete(live, id)
				}
			case 6:
				_, err := m.RegisterTarget("late", open, &commmgr.TargetOptions{Inline: true})
				require.NoError(t, err)
			case 7:
				clock.Advance(grace)
				for id, target := range live {
					if !slices.Contains(m.Targets(), target) {
						delete(live, id)
					}
				}
			}
		}
		for _, id := range ids {
			require.Equal(t, live[id] != "", m.Comm(id) != nil, "comm %q of %v", id, live)
		}
		canary := false
		_, err = m.RegisterTarget("canary", func(*commmgr.Comm, *commmgr.Message) error { canary = true; return nil }, &commmgr.TargetOptions{Inline: true})
		require.NoError(t, err)
		msg := l.message(commmgr.CommOpen, "canary", "")
		msg.TargetName = "canary"
		if odd != "canary" {
			m.Deliver(msg)
			require.True(t, canary)
		} else {
			msg.Release()
		}
		m.Detach()
		for deadline := time.Now().Add(patience); !l.settled(); time.Sleep(10 * time.Microsecond) {
			if time.Now().After(deadline) {
				t.Fatalf("made %d messages, released %d, some twice: %d", l.made.Load(), l.released.Load(), l.doubly.Load())
			}
		}
	})
}

// badName asks a manager: the list of bad names is its own.
func badName(s string) bool {
	m, _ := newWired(nil)
	_, err := m.RegisterComm(s, "t", nil)
	return err != nil
}

func FuzzReason(f *testing.F) {
	for _, s := range []string{"", "plain", `"\`, "\n\x00\x7f\u2028", "ü€😀", "\xff\xed\xa0\x80", "</script>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var got struct{ Reason string }
		b := commmgr.ReasonData(errors.New(text))
		require.NoError(t, json.Unmarshal(b, &got), "%s", b)
		if utf8.ValidString(text) {
			require.Equal(t, text, got.Reason)
		} else {
			require.Equal(t, strings.ToValidUTF8(text, ""), strings.ReplaceAll(got.Reason, "\ufffd", ""))
		}
		odd := bytes.IndexFunc(b, func(r rune) bool { return r < ' ' || r > '~' })
		require.Negative(t, odd, "it is printable ASCII: %q", b)
	})
}
