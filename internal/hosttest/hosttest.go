// Package hosttest tests hosts of widgets (package gocomm/widget/host): from the kernel's side it
// sees what becomes of traits and messages. The program on the other side is that of package
// widgetprobe.
package hosttest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A Kernel has the widget that the probe is bound to.
type Kernel interface {
	// Set changes traits; binary values are []byte.
	Set(traits map[string]any)
	// Send sends a custom message.
	Send(content any, buffers ...[]byte)
	// Get gives a trait as the kernel has it: as encoding/json decodes it, or []byte.
	Get(trait string) any
	// Messages gives the custom messages that the widget got, as encoding/json decodes
	// them, and their buffers.
	Messages() (contents []map[string]any, buffers [][][]byte)
	// Errors gives what was reported.
	Errors() []string
	// Another makes another widget, and gives its id.
	Another(traits map[string]any) (id string, other Kernel)
	// Gap loses the connection, changes traits, and brings it back: the change has been lost.
	Gap(traits map[string]any)
	// Close ends the widget.
	Close()
}

// Traits are those that the suite's widgets have at first.
func Traits() map[string]any {
	return map[string]any{
		"value": 1, "text": "t", "list": []int{1, 2}, "frame": []byte{0, 0, 128, 63, 0, 0, 0, 192}, "bytes": []byte{0, 255},
		"deep": map[string]any{"a": []any{1, "x", []byte{7}}}, "child": "IPY_MODEL_none", "not in the struct": 1,
	}
}

// Run runs the suite. open makes a widget with the given traits, for which the probe
// runs.
func Run(t *testing.T, open func(t *testing.T, traits map[string]any) Kernel) {
	for name, test := range map[string]func(*testing.T, *side){
		"ItHasTheTraits":         itHasTheTraits,
		"ItFollowsTheKernel":     itFollowsTheKernel,
		"OnlyWhatChangedIsSent":  onlyWhatChangedIsSent,
		"BinaryTraits":           binaryTraits,
		"AllAgreeAfterEach":      allAgreeAfterEach,
		"UpdatesInARow":          updatesInARow,
		"MessagesHaveTheirState": messagesHaveTheirState,
		"Buffers":                buffers,
		"AGap":                   aGap,
		"TooLarge":               tooLarge,
		"HandlersOfFields":       handlersOfFields,
		"AHandlerWaits":          aHandlerWaits,
		"Misfits":                misfits,
		"FailuresAreContained":   failuresAreContained,
		"Children":               children,
	} {
		t.Run(name, func(t *testing.T) { test(t, &side{t: t, Kernel: open(t, Traits())}) })
	}
}

// A side gives orders and waits for their answers.
type side struct {
	t *testing.T
	Kernel
	seen int // messages that were looked at
}

func (s *side) await(what string, cond func() bool) {
	s.t.Helper()
	const patience = 20 * time.Second
	for deadline := time.Now().Add(patience); !cond(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			contents, _ := s.Messages()
			s.t.Fatalf("waited %v for %s in vain; messages: %v, reported: %v", patience, what, contents, s.Errors())
		}
	}
}

// next gives the next message of the probe.
func (s *side) next() (map[string]any, [][]byte) {
	s.t.Helper()
	s.await("a message", func() bool {
		contents, _ := s.Messages()
		return len(contents) > s.seen
	})
	contents, bufs := s.Messages()
	s.seen++
	return contents[s.seen-1], bufs[s.seen-1]
}

func (s *side) order(o map[string]any) map[string]any {
	s.t.Helper()
	s.Send(o)
	answer, _ := s.next()
	require.Equal(s.t, o["op"], answer["re"])
	return answer
}

func op(name string) map[string]any { return map[string]any{"op": name} }

func itHasTheTraits(t *testing.T, s *side) {
	got := s.order(op("get"))
	for name, want := range map[string]any{
		"value": 1.0, "text": "t", "list": []any{1.0, 2.0}, "frame": []any{1.0, -2.0}, "bytes": []any{0.0, 255.0}, "child": "none",
		"deep": map[string]any{"a": []any{1.0, "x", "bytes:\a"}},
	} {
		require.Equal(t, want, got[name], name)
	}
	require.Empty(t, s.Errors())
}

func itFollowsTheKernel(t *testing.T, s *side) {
	s.order(map[string]any{"op": "watch", "fields": []string{"value"}})
	s.Set(map[string]any{"value": 2, "text": "é😀"})
	s.Set(map[string]any{"list": []int{}})
	s.Set(map[string]any{"deep": nil, "optional": 3, "value": -5})
	got := s.order(op("get"))
	require.Equal(t, -5.0, got["value"])
	require.Equal(t, "é😀", got["text"])
	require.Equal(t, []any{}, got["list"])
	require.Nil(t, got["deep"])
	events := got["events"].([]any)
	require.Equal(t, 1.0, events[0].(map[string]any)["old"])
	require.Equal(t, -5.0, events[len(events)-1].(map[string]any)["now"])
}

func onlyWhatChangedIsSent(t *testing.T, s *side) {
	s.order(map[string]any{"op": "watch"})
	s.Set(map[string]any{"not in the struct": 2})
	got := s.order(map[string]any{"op": "set", "value": 9, "text": "t"})
	require.Empty(t, got["error"])
	s.await("the kernel has it", func() bool { return s.Get("value") == 9.0 })
	require.EqualValues(t, 2, s.Get("not in the struct"))
	require.Equal(t, Traits()["frame"], s.Get("frame"), "as it was set: it was not sent")
	s.await("the handler was called", func() bool {
		events := s.order(op("get"))["events"].([]any)
		return len(events) == 1 && events[0].(map[string]any)["now"] == 9.0
	})
	s.order(map[string]any{"op": "set", "value": 9})
	require.Len(t, s.order(op("get"))["events"], 1, "nothing has changed")
}

func binaryTraits(t *testing.T, s *side) {
	s.Set(map[string]any{"frame": []byte{0, 0, 64, 64}, "bytes": []byte{}})
	got := s.order(op("get"))
	require.Equal(t, []any{3.0}, got["frame"])
	require.Empty(t, got["bytes"])
	s.Set(map[string]any{"frame": []float64{0.5, 2}}) // a list does as well
	require.Equal(t, []any{0.5, 2.0}, s.order(op("get"))["frame"])

	got = s.order(map[string]any{"op": "set", "frame": []float64{1, 2}, "bytes": []int{1, 2, 3}, "deep": map[string]any{"k": []any{"bytes:ab", 1, map[string]any{"b": "bytes:c"}}}})
	require.Empty(t, got["error"])
	s.await("the kernel has them", func() bool {
		frame, _ := s.Get("frame").([]byte)
		return len(frame) == 8
	})
	require.Equal(t, []byte{0, 0, 128, 63, 0, 0, 0, 64}, s.Get("frame"))
	require.Equal(t, []byte{1, 2, 3}, s.Get("bytes"))
	require.Equal(t, map[string]any{"k": []any{[]byte("ab"), 1.0, map[string]any{"b": []byte("c")}}}, s.Get("deep"))
}

// allAgreeAfterEach changes a trait from both sides in turns.
func allAgreeAfterEach(t *testing.T, s *side) {
	for i := range 100 {
		if i%2 == 0 {
			s.Set(map[string]any{"value": 1000 + i})
		} else {
			require.Empty(t, s.order(map[string]any{"op": "set", "value": 1000 + i})["error"])
		}
		want := float64(1000 + i)
		require.Equal(t, want, s.order(op("get"))["value"])
		s.await("both agree", func() bool { v := s.Get("value"); return v == want || v == 1000+i })
	}
	require.Empty(t, s.Errors())
}

func updatesInARow(t *testing.T, s *side) {
	got := s.order(map[string]any{"op": "count", "times": 500})
	require.Equal(t, 501.0, got["value"])
	s.await("the kernel has the last", func() bool { return s.Get("value") == 501.0 })
	require.Equal(t, 501.0, s.order(op("get"))["value"])
}

// messagesHaveTheirState has a handler work on each message while more changes and messages come.
func messagesHaveTheirState(t *testing.T, s *side) {
	const n = 300
	s.order(op("get")) // the program is there
	for i := range n {
		s.Set(map[string]any{"value": i})
		s.Send(map[string]any{"op": "get", "wait": 3})
	}
	agree := 0
	for i := range n {
		if got, _ := s.next(); got["value"] == float64(i) {
			agree++
		}
	}
	require.Equal(t, n, agree, "messages that were handled with the state that they were sent with")
	require.Equal(t, float64(n-1), s.order(op("get"))["value"])
}

func buffers(t *testing.T, s *side) {
	big := make([]byte, 1<<20)
	for i := range big {
		big[i] = byte(i * 7)
	}
	s.Send(map[string]any{"op": "echo", "text": "\"é\u2028", "deep": []any{nil, true, 1.5}}, []byte{}, []byte{1}, big)
	got, bufs := s.next()
	require.Equal(t, "\"é\u2028", got["text"])
	require.Equal(t, []any{nil, true, 1.5}, got["deep"])
	require.Len(t, bufs, 3)
	require.Empty(t, bufs[0])
	require.Equal(t, []byte{1}, bufs[1])
	require.Equal(t, big, bufs[2])
	s.Send(op("numbers"), []byte{0, 0, 128, 63, 0, 0, 0, 64})
	got, _ = s.next()
	require.Equal(t, []any{1.0, 2.0}, got["frame"])
}

// aGap loses a change of the kernel's: the widget hears of the gap, and has the kernel's state after it.
func aGap(t *testing.T, s *side) {
	s.order(map[string]any{"op": "watch", "fields": []string{"value"}})
	for n := range 2 {
		s.Gap(map[string]any{"value": 5 + n})
		got, _ := s.next()
		require.Equal(t, "gap", got["re"])
		s.await("Go has the state", func() bool { return s.order(op("get"))["value"] == float64(5+n) })
	}
	require.Len(t, s.order(op("get"))["events"], 2)
	require.Empty(t, s.Errors())
}

// tooLarge sends more than a server takes: nothing is sent, Go is told and has its state as before.
func tooLarge(t *testing.T, s *side) {
	const refused = "bytes, more than the 8388608 of the setting maxSend; send it in parts, or raise maxSend and the server's websocket_max_message_size"
	for op, says := range map[string]string{"send big": "widget: send: ", "set big": "widget: update: "} {
		got := s.order(map[string]any{"op": op, "size": 9 << 20})
		require.Contains(t, got["error"], says)
		require.Contains(t, got["error"], refused)
		require.Equal(t, 2.0, got["value"], "the state is as before")
		require.Equal(t, []byte{0, 255}, s.Get("bytes"))
	}
	require.Empty(t, s.order(map[string]any{"op": "set", "bytes": []int{1}})["error"])
	s.await("the kernel has what is small enough", func() bool { b, _ := s.Get("bytes").([]byte); return len(b) == 1 })
	require.Empty(t, s.Errors())
}

func handlersOfFields(t *testing.T, s *side) {
	s.order(map[string]any{"op": "watch", "fields": []string{"text", "Frame"}})
	s.Set(map[string]any{"value": 2})
	require.Empty(t, s.order(op("get"))["events"])
	s.Set(map[string]any{"frame": []byte{}})
	require.Len(t, s.order(op("get"))["events"], 1)
	s.Set(map[string]any{"text": "x"})
	require.Len(t, s.order(op("get"))["events"], 2)
	s.Set(map[string]any{"text": "x"})
	require.Len(t, s.order(op("get"))["events"], 2)
	s.order(op("unwatch"))
	s.Set(map[string]any{"text": "y"})
	require.Len(t, s.order(op("get"))["events"], 2)
	require.Empty(t, s.Errors())
}

// aHandlerWaits changes the state from both sides while a handler waits: what is older
// does not win in the end.
func aHandlerWaits(t *testing.T, s *side) {
	s.order(op("wait"))
	s.order(map[string]any{"op": "set", "value": 2})
	s.Set(map[string]any{"value": 50})
	s.await("the kernel has the last", func() bool { return s.Get("value") == 60.0 })
	require.Equal(t, 60.0, s.order(op("get"))["value"])
	require.Empty(t, s.Errors())
}

func misfits(t *testing.T, s *side) {
	s.Set(map[string]any{"value": "three", "text": "fits"})
	s.await("the misfit is reported", func() bool { return len(s.Errors()) > 0 })
	require.Contains(t, s.Errors()[0], `the state does not fit: cannot unmarshal string into field "State.value" of type int`)
}

func failuresAreContained(t *testing.T, s *side) {
	for i, kind := range []string{"panic", "fail", "goexit"} {
		s.Send(op(kind))
		s.await("the failure of "+kind+" is reported", func() bool { return len(s.Errors()) > i })
		require.Contains(t, s.Errors()[i], "ObserveMsg: a handler failed: ")
		require.Equal(t, 1.0, s.order(op("get"))["value"], "after "+kind)
	}
}

func children(t *testing.T, s *side) {
	id, other := s.Another(map[string]any{"value": 21})
	s.Set(map[string]any{"child": "IPY_MODEL_" + id})
	got := s.child()
	require.Empty(t, got["error"])
	require.Equal(t, 21.0, got["value"])
	o := &side{t: t, Kernel: other}
	o.await("the child is changed in the kernel", func() bool { return other.Get("value") == 42.0 })
	s.Set(map[string]any{"child": "IPY_MODEL_nobody"})
	require.Contains(t, s.child()["error"], "nobody")
	s.Set(map[string]any{"child": ""})
	require.Contains(t, s.child()["error"], "refers to no widget")
}

// child orders the child to be found. What the handler of an earlier one says may come
// in between.
func (s *side) child() map[string]any {
	s.t.Helper()
	s.Send(op("child"))
	for {
		if got, _ := s.next(); got["re"] == "child" {
			return got
		}
	}
}
