package browse

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// Firefox is a running headless Firefox with a profile of its own. It is driven by WebDriver BiDi, which it speaks itself. Its pages
// do what users do and what notebooks need; what asks for the DevTools protocol (the wire, interception, the heap) is of Chromium alone.
type Firefox struct {
	cmd     *exec.Cmd
	exited  chan struct{} // closed when the process has ended
	profile string
	bidi    *bidi
}

// FindFirefox returns the path of Firefox: $FIREFOX, else the first of the usual names on PATH.
func FindFirefox() (string, error) {
	if path := os.Getenv("FIREFOX"); path != "" {
		return exec.LookPath(path)
	}
	for _, name := range []string{"firefox-esr", "firefox"} {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", errors.New("browse: no Firefox found: install it (apt-get install firefox-esr), or name one in FIREFOX")
}

const firefoxLimit = time.Minute // the first start of a profile on a busy machine

var bidiAddress = regexp.MustCompile(`WebDriver BiDi listening on (ws://\S+)`)

// LaunchFirefox starts a headless Firefox with a new profile.
func LaunchFirefox(ctx context.Context) (*Firefox, error) {
	exe, err := FindFirefox()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "gocomm-firefox-")
	if err != nil {
		return nil, err
	}
	f := &Firefox{profile: profile, exited: make(chan struct{})}
	f.cmd = exec.CommandContext(ctx, exe, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0")
	f.cmd.Env = append(os.Environ(), "MOZ_CRASHREPORTER_DISABLE=1")
	said, err := f.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := f.cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("browse: start %s: %w", exe, err), os.RemoveAll(profile))
	}
	address := make(chan string, 1)
	// It reads to the end of what Firefox prints, and so ends with it.
	go func() {
		defer close(f.exited)
		for lines := bufio.NewScanner(said); lines.Scan(); {
			if found := bidiAddress.FindStringSubmatch(lines.Text()); found != nil {
				address <- found[1]
			}
		}
		_ = f.cmd.Wait()
	}()
	ctx, cancel := context.WithTimeout(ctx, firefoxLimit)
	defer cancel()
	select {
	case url := <-address:
		f.bidi, err = dialBidi(ctx, url+"/session")
	case <-f.exited:
		err = errors.New("it ended at once")
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("browse: start %s: %w", exe, err), f.Close())
	}
	return f, nil
}

// Version is the browser's name and version.
func (f *Firefox) Version() string { return f.bidi.version }

// Close ends the browser and removes its profile.
func (f *Firefox) Close() error {
	if f.bidi != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = f.bidi.call(ctx, "browser.close", object{}, nil)
	}
	select {
	case <-f.exited:
	case <-time.After(10 * time.Second):
		_ = f.cmd.Process.Kill()
		<-f.exited
	}
	return os.RemoveAll(f.profile)
}

// NewPage opens a tab with cookies and storage of its own, as large as Chromium's.
func (f *Firefox) NewPage() (*Page, error) {
	ctx, cancel := context.WithTimeout(context.Background(), opTimeout)
	defer cancel()
	var user struct {
		UserContext string `json:"userContext"`
	}
	if err := f.bidi.call(ctx, "browser.createUserContext", object{}, &user); err != nil {
		return nil, err
	}
	var made struct {
		Context string `json:"context"`
	}
	if err := f.bidi.call(ctx, "browsingContext.create", object{"type": "tab", "userContext": user.UserContext}, &made); err != nil {
		return nil, err
	}
	open, end := context.WithCancel(context.Background())
	t := &foxTab{bidi: f.bidi, context: made.Context, user: user.UserContext, end: end}
	p := &Page{ctx: open, wire: newWire(), console: newConsole(open), rules: &rules{ctx: open}, fox: t}
	f.bidi.listen(made.Context, p.console)
	return p, f.bidi.call(ctx, "browsingContext.setViewport", object{"context": made.Context, "viewport": object{"width": 1400, "height": 860}}, nil)
}

// A foxTab is a page's tab in Firefox.
type foxTab struct {
	bidi    *bidi
	context string // its browsing context
	user    string // the user context that has its cookies
	end     context.CancelFunc
}

func (t *foxTab) navigate(ctx context.Context, url string) error {
	return t.bidi.call(ctx, "browsingContext.navigate", object{"context": t.context, "url": url, "wait": "none"}, nil)
}

// eval gives the value of an expression, or what its promise resolves to, as JSON; nil stands for undefined.
func (t *foxTab) eval(ctx context.Context, js string) (json.RawMessage, error) {
	var r struct {
		Type   string
		Result struct {
			Type  string
			Value string
		}
		ExceptionDetails struct{ Text string }
	}
	err := t.bidi.call(ctx, "script.evaluate", object{
		"expression": "(async () => JSON.stringify(await (" + js + "\n)))()", "target": object{"context": t.context}, "awaitPromise": true,
	}, &r)
	switch {
	case err != nil:
		return nil, err
	case r.Type == "exception":
		return nil, fmt.Errorf("browse: %s\nin: %s", r.ExceptionDetails.Text, short(js))
	case r.Result.Type == "undefined":
		return nil, nil
	}
	return json.RawMessage(r.Result.Value), nil
}

func (t *foxTab) screenshot(ctx context.Context) ([]byte, error) {
	var r struct{ Data string }
	if err := t.bidi.call(ctx, "browsingContext.captureScreenshot", object{"context": t.context}, &r); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(r.Data)
}

// drag presses the mouse at a place, moves it in steps, and releases it.
func (t *foxTab) drag(ctx context.Context, x, y, dx, dy float64) error {
	move := func(x, y float64) object {
		return object{"type": "pointerMove", "x": math.Round(x), "y": math.Round(y), "origin": "viewport"}
	}
	actions := []object{move(x, y), {"type": "pointerDown", "button": 0}}
	for i := 1.0; i <= dragSteps && (dx != 0 || dy != 0); i++ {
		actions = append(actions, move(x+dx*i/dragSteps, y+dy*i/dragSteps))
	}
	actions = append(actions, object{"type": "pointerUp", "button": 0})
	return t.perform(ctx, object{"type": "pointer", "id": "mouse", "actions": actions})
}

// pressed are the keys of chromedp/kb that are used, as WebDriver has them.
var pressed = strings.NewReplacer("\r", "\ue006", "\t", "\ue004")

func (t *foxTab) press(ctx context.Context, keys string) error {
	var actions []object
	for _, key := range pressed.Replace(keys) {
		actions = append(actions, object{"type": "keyDown", "value": string(key)}, object{"type": "keyUp", "value": string(key)})
	}
	return t.perform(ctx, object{"type": "key", "id": "keyboard", "actions": actions})
}

func (t *foxTab) perform(ctx context.Context, source object) error {
	return t.bidi.call(ctx, "input.performActions", object{"context": t.context, "actions": []object{source}}, nil)
}

// cookies gives those that the tab has.
func (t *foxTab) cookies(ctx context.Context) (header, xsrf string, err error) {
	var r struct {
		Cookies []struct {
			Name  string
			Value struct{ Value string }
		}
	}
	err = t.bidi.call(ctx, "storage.getCookies", object{"partition": object{"type": "context", "context": t.context}}, &r)
	for _, c := range r.Cookies {
		header += "; " + c.Name + "=" + c.Value.Value
		if c.Name == "_xsrf" {
			xsrf = c.Value.Value
		}
	}
	return strings.TrimPrefix(header, "; "), xsrf, err
}

// close closes the tab, and forgets its cookies.
func (t *foxTab) close(ctx context.Context) error {
	defer t.end()
	err := t.bidi.call(ctx, "browsingContext.close", object{"context": t.context}, nil)
	return errors.Join(err, t.bidi.call(ctx, "browser.removeUserContext", object{"userContext": t.user}, nil))
}

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
