package browse

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Message is one line of a page's console.
type Message struct {
	// Level is the console method ("log", "debug", "info", "warning", "error",
	// …), or "exception" for an uncaught exception or rejection and a crash of
	// the page, or "dialog" for a JavaScript dialog (always accepted).
	Level string
	// Text is the arguments joined by spaces: strings as they are, plain objects as JSON.
	Text string
	// Source is "" for the page's own, else the browser's part, as "network".
	Source string
	// URL and Line (from 1) are where it was written.
	URL  string
	Line int
	Time time.Time
}

func (m Message) String() string {
	where := ""
	if m.URL != "" {
		where = fmt.Sprintf(" (%s:%d)", unversioned(m.URL), m.Line)
	}
	return m.Level + ": " + m.Text + where
}

// console collects messages. Objects come as handles with a short preview;
// a goroutine asks for their JSON, one after the other.
type console struct {
	ctx context.Context

	mu       sync.Mutex // protects what follows
	messages []Message
	queue    []rendering
	busy     bool // the goroutine runs
	changed  chan struct{}
}

type rendering struct {
	index int
	args  []*runtime.RemoteObject
}

func newConsole(ctx context.Context) *console {
	return &console{ctx: ctx, changed: make(chan struct{})}
}

// renderLimit bounds the queue when a page floods its console; later messages keep their previews.
const renderLimit = 2000

// add appends a message; args, when given, are rendered as JSON later.
func (c *console) add(m Message, args []*runtime.RemoteObject) {
	if m.Time.IsZero() {
		m.Time = time.Now()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.messages = append(c.messages, m)
	if args != nil && len(c.queue) < renderLimit {
		c.queue = append(c.queue, rendering{len(c.messages) - 1, args})
		if !c.busy {
			c.busy = true
			go c.render() // ends when the queue is empty; calls fail once the page is closed
		}
	}
	c.signalLocked()
}

func (c *console) signalLocked() {
	close(c.changed)
	c.changed = make(chan struct{})
}

func (c *console) render() {
	for {
		c.mu.Lock()
		if len(c.queue) == 0 {
			c.busy = false
			c.signalLocked()
			c.mu.Unlock()
			return
		}
		job := c.queue[0]
		c.queue = c.queue[1:]
		c.mu.Unlock()

		text := argsText(job.args, c.json)

		c.mu.Lock()
		c.messages[job.index].Text = text
		c.mu.Unlock()
	}
}

// json renders a plain object or array of the page; "" when it is gone (the page has navigated).
func (c *console) json(o *runtime.RemoteObject) string {
	ctx, cancel := context.WithTimeout(c.ctx, 2*time.Second)
	defer cancel()
	yes := true
	r, err := chromedp.Call(ctx, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
		ObjectID: o.ObjectID, FunctionDeclaration: renderJS, ReturnByValue: &yes, Silent: &yes,
	})
	if err != nil || r.ExceptionDetails != nil {
		return ""
	}
	var s string
	if json.Unmarshal(r.Result.Value, &s) != nil {
		return ""
	}
	return s
}

// renderJS makes JSON of data only: it calls no getter and no toJSON, does not
// enter instances of classes (a whole notebook hangs on one), and stops at a size.
const renderJS = `function () {
	let left = 3000;
	const plain = v => { const p = Object.getPrototypeOf(v); return p === null || Object.getPrototypeOf(p) === null };
	const data = (v, depth) => {
		if (typeof v === 'bigint' || typeof v === 'symbol') return String(v);
		if (typeof v === 'function') return '[function]';
		if (typeof v !== 'object' || v === null) return v;
		if (v instanceof Date) return String(v);
		if (ArrayBuffer.isView(v) || v instanceof ArrayBuffer) return '[' + v.constructor.name + ' ' + v.byteLength + ' bytes]';
		if (!Array.isArray(v) && !plain(v)) return '[' + (v.constructor && v.constructor.name || 'object') + ']';
		if (depth > 8 || --left < 0) return '…';
		const out = Array.isArray(v) ? [] : {};
		for (const [k, d] of Object.entries(Object.getOwnPropertyDescriptors(v))) {
			if (!d.enumerable) continue;
			Object.defineProperty(out, k, {value: 'value' in d ? data(d.value, depth + 1) : '[getter]', enumerable: true, configurable: true, writable: true});
			if (--left < 0) break;
		}
		return out;
	};
	return JSON.stringify(data(this, 0));
}`

func (c *console) call(e *runtime.EventConsoleAPICalled) {
	m := Message{Level: string(e.Type), Text: argsText(e.Args, nil), Time: timeOf(e.Timestamp)}
	if st := e.StackTrace; st != nil && len(st.CallFrames) > 0 {
		m.URL, m.Line = st.CallFrames[0].URL, int(st.CallFrames[0].LineNumber)+1
	}
	var deep []*runtime.RemoteObject
	for _, a := range e.Args {
		if isData(a) {
			deep = e.Args
		}
	}
	c.add(m, deep)
}

func (c *console) exception(e *runtime.EventExceptionThrown) {
	d := e.ExceptionDetails
	c.add(Message{Level: "exception", Text: exceptionText(d), URL: d.URL, Line: int(d.LineNumber) + 1, Time: timeOf(e.Timestamp)}, nil)
}

func (c *console) entry(e *log.EventEntryAdded) {
	n := e.Entry
	c.add(Message{Level: string(n.Level), Text: n.Text, Source: string(n.Source), URL: n.URL, Line: int(n.LineNumber) + 1, Time: timeOf(n.Timestamp)}, nil)
}

// settled waits, within a limit, until the texts of the messages are complete.
func (c *console) settled(limit time.Duration) {
	timeout := time.After(limit)
	for {
		c.mu.Lock()
		busy, changed := c.busy, c.changed
		c.mu.Unlock()
		if !busy {
			return
		}
		select {
		case <-changed:
		case <-timeout:
			return
		}
	}
}

func (c *console) snapshot() []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Message(nil), c.messages...)
}

func (c *console) tail(n int) string {
	c.settled(time.Second)
	all := c.snapshot()
	all = all[max(0, len(all)-n):]
	if len(all) == 0 {
		return "  (empty)"
	}
	var b strings.Builder
	for _, m := range all {
		s := m.String()
		if len(s) > 1000 {
			s = s[:1000] + "…"
		}
		b.WriteString("  " + strings.ReplaceAll(s, "\n", "\n  ") + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// Console returns all messages since the page was made, over all navigations.
func (p *Page) Console() []Message {
	p.console.settled(3 * time.Second)
	return p.console.snapshot()
}

// Errors returns what a user would call an error: messages of level error and
// uncaught exceptions, without the noise that the stock pages make (noise.go).
func (p *Page) Errors() []Message {
	var out []Message
	for _, m := range p.Console() {
		if (m.Level == "error" || m.Level == "exception" || m.Level == "assert") && !isNoise(m) {
			out = append(out, m)
		}
	}
	return out
}

// WaitConsole waits for a message that pred accepts, past ones included.
func (p *Page) WaitConsole(pred func(Message) bool, timeout time.Duration) (Message, error) {
	deadline := time.After(timeout)
	for {
		p.console.mu.Lock()
		changed := p.console.changed
		p.console.mu.Unlock()
		for _, m := range p.console.snapshot() {
			if pred(m) {
				return m, nil
			}
		}
		select {
		case <-changed:
		case <-p.ctx.Done():
			return Message{}, fmt.Errorf("browse: wait for the console: the page is closed: %w", context.Cause(p.ctx))
		case <-deadline:
			return Message{}, p.fail("no such console message within %v", timeout)
		}
	}
}
