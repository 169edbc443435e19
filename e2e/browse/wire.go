package browse

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
)

// wire records the frames of a page's kernel websockets.
type wire struct {
	mu      sync.Mutex // protects what follows
	sockets map[network.RequestID]*socket
	frames  []Frame
	off     bool
	start   time.Time // of the browser's monotonic clock
	changed chan struct{}
}

type socket struct{ v1 bool }

func newWire() *wire {
	return &wire{sockets: map[network.RequestID]*socket{}, changed: make(chan struct{})}
}

func (w *wire) created(e *network.EventWebSocketCreated) {
	if !strings.Contains(e.URL, "/channels") {
		return // terminals and others
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sockets[e.RequestID] = &socket{}
}

func (w *wire) handshake(e *network.EventWebSocketHandshakeResponseReceived) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.sockets[e.RequestID]
	if s == nil || e.Response == nil {
		return
	}
	for name, value := range e.Response.Headers {
		if strings.EqualFold(name, "Sec-WebSocket-Protocol") && value == "v1.kernel.websocket.jupyter.org" {
			s.v1 = true
		}
	}
}

const opText, opBinary = 1, 2

func (w *wire) frame(dir Direction, id network.RequestID, ts float64, raw *network.WebSocketFrame) {
	w.mu.Lock()
	s, off := w.sockets[id], w.off
	w.mu.Unlock()
	if s == nil || off || raw == nil {
		return
	}
	var f Frame
	var err error
	switch {
	case raw.Opcode == opText:
		f, err = ParseText(raw.PayloadData)
	case raw.Opcode == opBinary && s.v1:
		f, err = ParseV1(raw.PayloadData)
	case raw.Opcode == opBinary:
		f, err = ParseBinary(raw.PayloadData)
	default:
		return // ping, pong, close
	}
	if err != nil {
		f = Frame{Err: err}
	}
	f.Direction = dir

	w.mu.Lock()
	defer w.mu.Unlock()
	if w.start.IsZero() {
		w.start = time.Now().Add(-seconds(ts))
	}
	f.Time = w.start.Add(seconds(ts))
	w.frames = append(w.frames, f)
	close(w.changed)
	w.changed = make(chan struct{})
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// Wire returns the frames since the page was made, over all navigations.
func (p *Page) Wire() []Frame {
	p.wire.mu.Lock()
	defer p.wire.mu.Unlock()
	return append([]Frame(nil), p.wire.frames...)
}

// StopWire ends the recording. Floods and big buffers would otherwise fill the memory
// of the test, and take more of the machine's time than what is tested.
func (p *Page) StopWire() error {
	p.wire.mu.Lock()
	p.wire.off = true
	p.wire.mu.Unlock()
	_, err := call(p, network.Disable, cdp.Empty{})
	return err
}

// WaitWire waits for a frame that pred accepts, past ones included.
func (p *Page) WaitWire(pred func(Frame) bool, timeout time.Duration) (Frame, error) {
	deadline := time.After(timeout)
	seen := 0
	for {
		p.wire.mu.Lock()
		frames, changed := p.wire.frames, p.wire.changed
		p.wire.mu.Unlock()
		for ; seen < len(frames); seen++ {
			if pred(frames[seen]) {
				return frames[seen], nil
			}
		}
		select {
		case <-changed:
		case <-p.ctx.Done():
			return Frame{}, fmt.Errorf("browse: wait for a frame: the page is closed: %w", context.Cause(p.ctx))
		case <-deadline:
			return Frame{}, p.fail("no such frame within %v; the last of %d:\n%s", timeout, len(frames), Transcript(frames[max(0, len(frames)-15):]))
		}
	}
}

// Transcript renders frames, one a line, with the time since the first one.
func Transcript(frames []Frame) string {
	var b strings.Builder
	for _, f := range frames {
		fmt.Fprintf(&b, "%8.3f %s\n", f.Time.Sub(frames[0].Time).Seconds(), f)
	}
	return b.String()
}
