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
	"time"
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
