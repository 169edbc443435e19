package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// An entry is one comm message of the transcript.
type entry struct {
	Direction  string          `json:"direction"` // "received": from the kernel; "sent": to it
	MsgType    string          `json:"msg_type"`
	CommID     string          `json:"comm_id"`
	TargetName string          `json:"target_name"`
	Data       json.RawMessage `json:"data"`
}

// runHeadless runs the demo's notebook in headless Chromium, prints the comm messages that travel, and checks that the cookbook's
// conversation was among them.
func runHeadless(ctx context.Context, root string) error {
	config, err := demoConfig(ctx, root)
	if err != nil {
		return err
	}
	if config.Dir, err = os.MkdirTemp("", "gocomm-demo-"); err != nil {
		return err
	}
	defer os.RemoveAll(config.Dir)
	content, err := os.ReadFile(filepath.Join(root, "examples", "cookbook", demoNotebook))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(config.Dir, demoNotebook), content, 0o644); err != nil {
		return err
	}
	say("starting the classic Notebook and Chromium ...")
	server, err := jupyter.Start(ctx, config)
	if err != nil {
		return err
	}
	defer server.Stop()
	browser, err := browse.Launch(ctx)
	if err != nil {
		return err
	}
	defer browser.Close()
	page, err := browser.NewPage()
	if err != nil {
		return err
	}
	defer page.Close()

	traffic, err := runNotebook(page, server.NotebookURL(demoNotebook))
	if err != nil {
		return err
	}
	return errors.Join(record(root, page, traffic), conversation(traffic))
}

// runNotebook runs all cells and returns the comm messages that they caused.
func runNotebook(page *browse.Page, url string) ([]entry, error) {
	if err := page.OpenNotebook(url); err != nil {
		return nil, err
	}
	if err := page.WaitKernelReady(); err != nil {
		return nil, err
	}
	if err := page.Wait(`'_hub' in Jupyter.notebook.kernel.comm_manager`, 15*time.Second); err != nil {
		return nil, fmt.Errorf("gocomm has not taken its place on the page: %w", err)
	}
	before := len(page.Wire())
	code, err := browse.Eval[[]int](page, `Jupyter.notebook.get_cells().map((c, i) => c.cell_type === 'code' ? i : -1).filter(i => i >= 0)`)
	if err != nil {
		return nil, err
	}
	var traffic []entry
	for n, i := range code {
		say("cell %d of %d", n+1, len(code))
		if err := page.RunCellWait(i); err != nil {
			return nil, err
		}
		frames := settled(page)
		traffic = entries(frames[before:])
		printFrom(traffic)
	}
	return traffic, nil
}

// settled waits until no comm message has travelled for a moment: an answer may be on its way.
func settled(page *browse.Page) []browse.Frame {
	const quiet, most = 500 * time.Millisecond, 15 * time.Second
	frames := page.Wire()
	for start, last := time.Now(), time.Now(); time.Since(last) < quiet && time.Since(start) < most; time.Sleep(50 * time.Millisecond) {
		if now := page.Wire(); len(now) > len(frames) {
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

var printed int

func printFrom(traffic []entry) {
	for ; printed < len(traffic); printed++ {
		e := traffic[printed]
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

func record(root string, page *browse.Page, traffic []entry) error {
	text, err := json.MarshalIndent(traffic, "", "  ")
	if err != nil {
		return err
	}
	transcript := filepath.Join(root, "dist", "demo", "transcript.json")
	if err := os.WriteFile(transcript, append(text, '\n'), 0o644); err != nil {
		return err
	}
	height, err := browse.Eval[int64](page, `document.querySelector('#notebook-container').scrollHeight + 320`) // with the page's head
	if err != nil {
		return err
	}
	if err := page.Resize(1100, height); err != nil {
		return err
	}
	picture := filepath.Join(root, "dist", "demo", "notebook.png")
	if err := page.Screenshot(picture); err != nil {
		return err
	}
	say("%d comm messages: dist/demo/transcript.json; the page: dist/demo/notebook.png", len(traffic))
	return nil
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
		return fmt.Errorf("the conversation did not take place: %s is missing. Does the notebook open a comm to my_comm_target, and is gocomm/cookbook enabled?", steps[best].what)
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
