package browse

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

type object = map[string]any

// bidi is a session of WebDriver BiDi.
type bidi struct {
	conn    *websocket.Conn
	version string

	mu       sync.Mutex // protects what follows
	last     int
	waiting  map[int]chan bidiMessage
	consoles map[string]*console // by browsing context
	err      error               // why the connection has ended
}

type bidiMessage struct {
	Type    string // success, error, event
	ID      int
	Result  json.RawMessage
	Error   string
	Message string
	Method  string
	Params  json.RawMessage
}

func dialBidi(ctx context.Context, url string) (*bidi, error) {
	conn, _, err := websocket.Dial(ctx, url, nil)
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(-1) // pictures
	b := &bidi{conn: conn, waiting: map[int]chan bidiMessage{}, consoles: map[string]*console{}}
	go b.read() // ends with the connection
	var session struct {
		Capabilities struct{ BrowserName, BrowserVersion string }
	}
	// Nobody is there to answer the question whether to leave a changed notebook.
	wanted := object{"capabilities": object{"alwaysMatch": object{"unhandledPromptBehavior": object{"default": "accept"}}}}
	if err := b.call(ctx, "session.new", wanted, &session); err != nil {
		return nil, err
	}
	b.version = session.Capabilities.BrowserName + " " + session.Capabilities.BrowserVersion
	return b, b.call(ctx, "session.subscribe", object{"events": []string{"log.entryAdded"}}, nil)
}

// call sends a command, and decodes its result when out is not nil.
func (b *bidi) call(ctx context.Context, method string, params object, out any) error {
	answer := make(chan bidiMessage, 1)
	b.mu.Lock()
	b.last++
	id := b.last
	if b.err != nil {
		b.mu.Unlock()
		return fmt.Errorf("browse: %s: %w", method, b.err)
	}
	b.waiting[id] = answer
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		delete(b.waiting, id)
		b.mu.Unlock()
	}()
	text, err := json.Marshal(object{"id": id, "method": method, "params": params})
	if err != nil {
		return err
	}
	// A context that ends would close the connection.
	if err := b.conn.Write(context.WithoutCancel(ctx), websocket.MessageText, text); err != nil {
		return fmt.Errorf("browse: %s: %w", method, err)
	}
	select {
	case m, ok := <-answer:
		switch {
		case !ok:
			return fmt.Errorf("browse: %s: Firefox has closed the connection", method)
		case m.Type == "error":
			return fmt.Errorf("browse: %s: %s: %s", method, m.Error, m.Message)
		case out != nil:
			return json.Unmarshal(m.Result, out)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("browse: %s: %w", method, ctx.Err())
	}
}

func (b *bidi) read() {
	for {
		_, text, err := b.conn.Read(context.Background())
		var m bidiMessage
		if err == nil {
			err = json.Unmarshal(text, &m)
		}
		b.mu.Lock()
		if err != nil {
			b.err = err
			for _, answer := range b.waiting {
				close(answer)
			}
			clear(b.waiting)
			b.mu.Unlock()
			return
		}
		answer := b.waiting[m.ID]
		delete(b.waiting, m.ID)
		b.mu.Unlock()
		if m.Type == "event" {
			b.logged(m.Params)
		} else if answer != nil {
			answer <- m
		}
	}
}

// listen has a tab's console hear of what is logged.
func (b *bidi) listen(context string, c *console) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.consoles[context] = c
}

func (b *bidi) logged(params json.RawMessage) {
	var e struct {
		Type, Level, Method, Text string
		Args                      []remoteValue
		Source                    struct{ Context string }
		Timestamp                 int64
		StackTrace                struct {
			CallFrames []struct {
				URL        string
				LineNumber int
			}
		}
	}
	if json.Unmarshal(params, &e) != nil {
		return
	}
	b.mu.Lock()
	c := b.consoles[e.Source.Context]
	b.mu.Unlock()
	if c == nil {
		return
	}
	m := Message{Level: e.Method, Text: e.Text, Time: time.UnixMilli(e.Timestamp)}
	switch {
	case e.Type == "console" && len(e.Args) > 0:
		parts := make([]string, len(e.Args))
		for i, a := range e.Args {
			parts[i] = a.text(false)
		}
		m.Text = strings.Join(parts, " ")
	case e.Type == "javascript" && e.Level == "error":
		m.Level = "exception"
	case e.Type == "javascript":
		m.Level = e.Level
	}
	if m.Level == "warn" {
		m.Level = "warning"
	}
	if frames := e.StackTrace.CallFrames; len(frames) > 0 {
		m.URL, m.Line = frames[0].URL, frames[0].LineNumber+1
	}
	c.add(m, nil)
}

// remoteValue is a value of the page in what was logged.
type remoteValue struct {
	Type  string
	Value json.RawMessage
}

// text renders it in the manner of JSON; a string that stands alone is as it is.
func (v remoteValue) text(quoted bool) string {
	var text string
	var list []remoteValue
	var pairs [][2]json.RawMessage
	switch {
	case v.Type == "string" && !quoted && json.Unmarshal(v.Value, &text) == nil:
		return text
	case v.Type == "array" && json.Unmarshal(v.Value, &list) == nil:
		parts := make([]string, len(list))
		for i, e := range list {
			parts[i] = e.text(true)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case v.Type == "object" && json.Unmarshal(v.Value, &pairs) == nil:
		parts := make([]string, len(pairs))
		for i, pair := range pairs {
			var e remoteValue
			_ = json.Unmarshal(pair[1], &e)
			parts[i] = string(pair[0]) + ":" + e.text(true)
		}
		return "{" + strings.Join(parts, ",") + "}"
	case v.Value != nil && v.Type != "map" && v.Type != "set":
		return string(v.Value)
	}
	return v.Type
}
