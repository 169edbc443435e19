package commmgr_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/internal/layer"
)

type update struct {
	Name  any `json:"name,omitempty"`
	Value int `json:"value"`
}

func TestMerge(t *testing.T) {
	for _, test := range []struct {
		name string
		key  commmgr.KeyFunc
		sent []update
		want string // the values handled
	}{
		{"the latest", commmgr.Latest, []update{{"a", 1}, {"b", 2}, {nil, 3}}, "3"},
		{"by a field", commmgr.ByField("name"), []update{{"a", 1}, {"b", 2}, {"a", 3}, {"b", 4}, {"a", 5}}, "4 5"},
		{"not across a message without a key", commmgr.ByField("name"), []update{{"a", 1}, {nil, 2}, {"a", 3}, {"a", 4}}, "1 2 4"},
		{"by kind of value", commmgr.ByField("name"), []update{{"1", 1}, {1, 2}, {true, 3}, {1.0, 4}, {[]int{1}, 5}, {[]int{1}, 6}}, "1 3 4 5 6"},
		{"not at all", nil, []update{{"a", 1}, {"a", 2}}, "1 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := commmgrtest.New(t, nil)
			kc, c, gate, got := gated(t, k, &commmgr.TargetOptions{Merge: test.key})
			for _, u := range test.sent {
				kc.Send(u)
			}
			k.Flush()
			want := strings.Fields(test.want)
			q := c.Queue()
			require.Equal(t, len(want), q.Messages)
			require.Equal(t, len(test.sent)-len(want), q.Merged)
			require.Equal(t, q.Merged, k.Manager.Stats().Merged)
			require.Zero(t, q.Dropped)
			close(gate)
			receive(t, got, "the first")
			for _, v := range want {
				require.Contains(t, receive(t, got, v), `"value":`+v)
			}
			awaitIdle(t, k)
			require.Empty(t, got)
			require.Zero(t, c.Queue().Bytes)
		})
	}
}

type interceptor struct{}

func (interceptor) Judge(*commmgr.Message) layer.Verdict { return layer.Pass }
func (interceptor) Serve(*commmgr.Message) error         { return nil }
func (interceptor) Closing()                             {}

// What comes before the open handler has returned is merged then, whatever the limits.
// With an interceptor it is not: messages of that must not be lost.
func TestMergeBeforeOpen(t *testing.T) {
	for _, intercepted := range []bool{false, true} {
		k := commmgrtest.New(t, nil)
		gate, got := make(chan struct{}), make(chan string, 100)
		_, err := k.Manager.RegisterTarget("t", func(c *commmgr.Comm, _ *commmgr.Message) error {
			<-gate
			c.OnMsg(func(msg *commmgr.Message) error { got <- data(t, msg); return nil })
			if intercepted {
				layer.Intercept(c, func() layer.Interceptor { return interceptor{} })
			}
			return nil
		}, &commmgr.TargetOptions{Merge: commmgr.ByField("name"), Limits: commmgr.Limits{Messages: 5}})
		require.NoError(t, err)
		kc := k.Open("t", nil)
		for i := range 20 {
			kc.Send(update{i % 2, i})
		}
		k.Flush()
		close(gate)
		if intercepted {
			for i := range 18 {
				require.Contains(t, receive(t, got, "a message"), `"value":`+strconv.Itoa(i)+"}")
			}
		}
		require.JSONEq(t, `{"name":0,"value":18}`, receive(t, got, "the newest of the one"))
		require.JSONEq(t, `{"name":1,"value":19}`, receive(t, got, "and of the other"))
		awaitIdle(t, k)
		require.Empty(t, got)
		require.Empty(t, k.Errors())
	}
}

// A key function that panics is reported, and its message handled as any other.
func TestMergeKeyPanics(t *testing.T) {
	k := commmgrtest.New(t, nil)
	kc, _, gate, got := gated(t, k, &commmgr.TargetOptions{Merge: func(*commmgr.Message) (string, bool) { panic("no key") }})
	kc.Send(1)
	kc.Send(2)
	k.Flush()
	close(gate)
	for _, want := range []string{`"first"`, "1", "2"} {
		require.Equal(t, want, receive(t, got, want))
	}
	require.ErrorContains(t, k.AwaitErrors(1)[0], `merge: comm "`+kc.ID+`" (target "t"): the handler failed: panic: no key`)
}

// A flood on one key leaves no memory behind, while its handler is blocked: neither
// replaced messages nor places for them.
func TestMergeFlood(t *testing.T) {
	k := commmgrtest.New(t, nil)
	kc, c, gate, got := gated(t, k, &commmgr.TargetOptions{
		Limits: commmgr.Limits{Messages: 10}, Merge: commmgr.ByField("name")})
	const flood = 20_000
	for i := range flood {
		kc.Send(update{strconv.Itoa(i % 7), i})
	}
	k.Flush()
	q := c.Queue()
	require.Equal(t, 7, q.Messages)
	require.Equal(t, 7, q.MaxMessages, "it never overflowed")
	require.Equal(t, flood-7, q.Merged)
	require.NoError(t, c.Err())
	require.LessOrEqual(t, commmgr.QueueCap(c), 64)
	close(gate)
	receive(t, got, "the first")
	for i := flood - 7; i < flood; i++ {
		require.Contains(t, receive(t, got, "the latest"), `"value":`+strconv.Itoa(i)+`}`)
	}
}

// Whatever comes, in whatever order: what is handled is a part of what came, in order;
// the newest of each key is in it, and all without a key; each message is released once.
func TestMergeAgainstModel(t *testing.T) {
	for seed := range uint64(200) {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			l := &ledger{}
			m, _ := newWired(nil)
			c, err := m.RegisterComm("c", "t", &commmgr.TargetOptions{Merge: func(msg *commmgr.Message) (string, bool) {
				b, _ := msg.JSON(commmgr.Data)
				key, _, _ := strings.Cut(string(b), " ")
				return key, key != "-"
			}})
			require.NoError(t, err)
			var want, got []string
			gate := make(chan int)
			c.OnMsg(func(msg *commmgr.Message) error {
				<-gate
				b, _ := msg.JSON(commmgr.Data)
				got = append(got, string(b))
				return nil
			})
			inHand := false // the handler has one
			for i := range r.IntN(300) {
				if inHand && r.IntN(4) == 0 {
					gate <- 1
					synctest.Wait()
					if inHand = len(want) > 0; inHand {
						want = want[1:]
					}
					continue
				}
				key := string("abc-"[r.IntN(4)])
				text := key + " " + strconv.Itoa(i)
				m.Deliver(l.message(commmgr.CommMsg, "c", text))
				synctest.Wait()
				if !inHand {
					inHand = true
					continue
				}
				for j := len(want) - 1; key != "-" && j >= 0 && want[j][0] != '-'; j-- {
					if want[j][:1] == key {
						want = append(want[:j:j], want[j+1:]...)
						break
					}
				}
				want = append(want, text)
			}
			require.Equal(t, len(want), c.Queue().Messages, "seed %d", seed)
			done := len(got)
			close(gate)
			synctest.Wait()
			if inHand {
				done++
			}
			require.Equal(t, append([]string{}, want...), append([]string{}, got[done:]...), "seed %d", seed)
			require.True(t, l.settled())
		})
	}
}
