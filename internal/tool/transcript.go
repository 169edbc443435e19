package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gocomm/e2e/browse"
)

// An entry is one comm message of the transcript.
type entry struct {
	Direction  string          `json:"direction"` // "received": from the kernel; "sent": to it
	MsgType    string          `json:"msg_type"`
	CommID     string          `json:"comm_id"`
	TargetName string          `json:"target_name"`
	Data       json.RawMessage `json:"data"`
}

// settled waits until no message has travelled for a moment: an answer may be on its way.
func settled(wire func() []browse.Frame) []browse.Frame {
	const quiet, most = 500 * time.Millisecond, 15 * time.Second
	frames := wire()
	for start, last := time.Now(), time.Now(); time.Since(last) < quiet && time.Since(start) < most; time.Sleep(50 * time.Millisecond) {
		if now := wire(); len(now) > len(frames) {
			frames, last = now, time.Now()
		}
	}
	return frames
}

func entries(frames []browse.Frame) []entry {
	targets := map[string]string{}
	var all []entry
	for _, f := range frames {
		switch f.MsgType {
		case "comm_open", "comm_msg", "comm_close":
			if f.TargetName != "" {
				targets[f.CommID] = f.TargetName
			}
			all = append(all, entry{Direction: string(f.Direction), MsgType: f.MsgType, CommID: f.CommID, TargetName: targets[f.CommID], Data: f.Data})
		}
	}
	return all
}

func printEntries(traffic []entry) {
	for _, e := range traffic {
		arrow := "kernel -> page"
		if e.Direction == string(browse.Sent) {
			arrow = "page -> kernel"
		}
		data := string(e.Data)
		if len(data) > 160 {
			data = data[:160] + " …"
		}
		fmt.Printf("  %s  %-10s  %s  %.8s  %s\n", arrow, e.MsgType, e.TargetName, e.CommID, data)
	}
}

func saveTranscript(path string, traffic []entry) error {
	text, err := json.MarshalIndent(traffic, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// conversation checks that the cookbook's messages travelled on one comm, in order: the open, Go's answer, the kernel's echo
// of it, the close.
func conversation(traffic []entry) error {
	steps := []struct {
		what string
		is   func(e entry) bool
	}{
		{`the kernel's comm_open to my_comm_target with {"foo": 1}`, func(e entry) bool {
			return e.Direction == "received" && e.MsgType == "comm_open" && e.TargetName == "my_comm_target" && foo(e.Data) == "1"
		}},
		{`Go's answer, {"foo": 0}`, func(e entry) bool {
			return e.Direction == "sent" && e.MsgType == "comm_msg" && foo(e.Data) == "0"
		}},
		{`the kernel's echo of the whole message`, func(e entry) bool {
			var whole struct {
				Content struct{ Data json.RawMessage }
			}
			return e.Direction == "received" && e.MsgType == "comm_msg" && json.Unmarshal(e.Data, &whole) == nil && foo(whole.Content.Data) == "0"
		}},
		{`the kernel's comm_close`, func(e entry) bool { return e.Direction == "received" && e.MsgType == "comm_close" }},
	}
	best := 0
	for _, open := range traffic {
		step := 0
		for _, e := range traffic {
			if step < len(steps) && e.CommID == open.CommID && steps[step].is(e) {
				step++
			}
		}
		best = max(best, step)
	}
	if best < len(steps) {
		return fmt.Errorf("the conversation did not take place: %s is missing. Does the notebook open a comm to my_comm_target, and does the page have the cookbook's program?", steps[best].what)
	}
	say("the conversation took place")
	return nil
}

// foo gives the field foo of a JSON object as text.
func foo(data json.RawMessage) string {
	var v struct{ Foo json.RawMessage }
	if json.Unmarshal(data, &v) != nil {
		return ""
	}
	return string(v.Foo)
}
