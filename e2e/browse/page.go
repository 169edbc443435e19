package browse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// opTimeout bounds one operation on a page; a hung page then fails a test with
// a message, not with the test binary's own timeout.
const opTimeout = 60 * time.Second

// Page is one tab.
type Page struct {
	parent  context.Context // the browser's
	ctx     context.Context
	console *console
	wire    *wire
	rules   *rules
	fox     *foxTab // in Firefox; nil in Chromium
	url     string  // of the open notebook
}

// Void is the result type of an Eval that is run for its effect.
type Void = chromedp.Void

func newPage(parent context.Context, opt chromedp.ContextOption) (*Page, error) {
	p := &Page{parent: parent, wire: newWire()}
	ctx, cancel := chromedp.NewContext(parent, opt, chromedp.WithListener(p.onEvent))
	p.ctx = ctx
	p.console = newConsole(ctx)
	p.rules = &rules{ctx: ctx}
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		return nil, fmt.Errorf("browse: open a page: %w", err)
	}
	return p, nil
}

// NewTab opens another tab that shares this page's cookies and storage. Close
// it before the page that it came from.
func (p *Page) NewTab() (*Page, error) {
	id := chromedp.FromContext(p.ctx).BrowserContextID
	return newPage(p.parent, chromedp.WithExistingBrowserContext(id))
}

// onEvent runs on the goroutine that reads the tab's messages, in their order:
// it only records, and starts a goroutine for what needs an answer.
func (p *Page) onEvent(ev any) {
	switch e := ev.(type) {
	case *network.EventWebSocketCreated:
		p.wire.created(e)
	case *network.EventWebSocketHandshakeResponseReceived:
		p.wire.handshake(e)
	case *network.EventWebSocketFrameSent:
		p.wire.frame(Sent, e.RequestID, float64(e.Timestamp), e.Response)
	case *network.EventWebSocketFrameReceived:
		p.wire.frame(Received, e.RequestID, float64(e.Timestamp), e.Response)
	case *runtime.EventConsoleAPICalled:
		p.console.call(e)
	case *runtime.EventExceptionThrown:
		p.console.exception(e)
	case *log.EventEntryAdded:
		p.console.entry(e)
	case *inspector.EventTargetCrashed:
		p.console.add(Message{Level: "exception", Text: "the page's process crashed"}, nil)
	case *fetch.EventRequestPaused:
		go p.rules.answer(e)
	case *cdppage.EventJavascriptDialogOpening:
		// Nobody is there to answer: leaving a changed notebook must not hang.
		p.console.add(Message{Level: "dialog", Text: fmt.Sprintf("%s: %s", e.Type, e.Message)}, nil)
		go chromedp.Call(p.ctx, cdppage.HandleJavaScriptDialog, cdppage.HandleJavaScriptDialogParams{Accept: true})
	}
}

// Navigate goes to a URL and returns when its document has begun, without
// waiting for the load event: a request that a test holds back would hold that too.
func (p *Page) Navigate(url string) error {
	if p.fox != nil {
		ctx, cancel := context.WithTimeout(p.ctx, opTimeout)
		defer cancel()
		if err := p.fox.navigate(ctx, url); err != nil {
			return p.fail("open %s: %w; is the server running?", url, err)
		}
		return nil
	}
	r, err := call(p, cdppage.Navigate, cdppage.NavigateParams{URL: url})
	if err != nil {
		return p.fail("open %s: %w", url, err)
	}
	if r.ErrorText != "" {
		return p.fail("open %s: %s; is the server running?", url, r.ErrorText)
	}
	return nil
}

// Eval runs a JavaScript expression on the page, awaits it if it is a promise,
// and decodes its JSON into a T. A JavaScript exception is the error, with its stack.
func Eval[T any](p *Page, js string) (T, error) {
	return EvalTimeout[T](p, js, opTimeout)
}

// EvalTimeout is [Eval] with a limit of its own.
func EvalTimeout[T any](p *Page, js string, limit time.Duration) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, limit)
	defer cancel()
	v, err := evaluate[T](ctx, p, js)
	switch {
	case err == nil:
		return v, nil
	case errors.Is(err, context.DeadlineExceeded):
		return v, p.fail("no result within %v of: %s", limit, short(js))
	}
	if ex, ok := errors.AsType[*chromedp.ExceptionError](err); ok {
		return v, fmt.Errorf("browse: %s\nin: %s", exceptionText(ex.ExceptionDetails), short(js))
	}
	return v, fmt.Errorf("browse: eval: %w; in: %s", err, short(js))
}

func evaluate[T any](ctx context.Context, p *Page, js string) (v T, err error) {
	if p.fox == nil {
		return chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	}
	text, err := p.fox.eval(ctx, js)
	if err == nil && text != nil {
		if _, void := any(v).(Void); !void {
			err = json.Unmarshal(text, &v)
		}
	}
	return v, err
}

// Wait polls a JavaScript expression until it (or what its promise resolves
// to) is truthy. An expression that throws is not true yet, so it may name what
// does not exist before the page has loaded; a navigation in between is no
// error. The error of a timeout tells the last value and the console's tail.
func (p *Page) Wait(cond string, timeout time.Duration) error {
	js := `(async () => {
	const show = v => { try { return String(JSON.stringify(v)).slice(0, 400) } catch { return String(v) } };
	try { const v = await (` + cond + `
	); return {ok: !!v, value: show(v)} } catch (e) { return {ok: false, value: 'throws ' + (e && e.message || e)} }
})()`
	deadline := time.Now().Add(timeout)
	last := "never evaluated"
	for {
		left := time.Until(deadline)
		if left <= 0 {
			return p.fail("not true within %v: %s\nlast value: %s", timeout, short(cond), last)
		}
		// A promise of a page that is left never settles: ask again after a while.
		// The last question gets a second too, for it to have an answer to report.
		ctx, cancel := context.WithTimeout(p.ctx, min(max(left, time.Second), 5*time.Second))
		got, err := evaluate[struct {
			OK    bool
			Value string
		}](ctx, p, js)
		cancel()
		switch {
		case err == nil && got.OK:
			return nil
		case err == nil:
			last = got.Value
		case p.ctx.Err() != nil:
			return fmt.Errorf("browse: wait for %s: the page is closed: %w", short(cond), context.Cause(p.ctx))
		case errors.Is(err, context.DeadlineExceeded):
			last = "no answer (still pending, or the page is busy)"
		default:
			// The wrapper catches what the condition throws; this is a syntax error.
			if ex, ok := errors.AsType[*chromedp.ExceptionError](err); ok {
				return fmt.Errorf("browse: %s\nin the condition: %s", exceptionText(ex.ExceptionDetails), short(cond))
			}
			last = err.Error() // a navigation destroyed the context
		}
		select {
		case <-p.ctx.Done():
		case <-time.After(25 * time.Millisecond):
		}
	}
}

// Screenshot writes a PNG of the visible part of the page.
func (p *Page) Screenshot(path string) error {
	ctx, cancel := context.WithTimeout(p.ctx, 20*time.Second)
	defer cancel()
	png, err := p.capture(ctx)
	if err != nil {
		return fmt.Errorf("browse: screenshot: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("browse: screenshot: %w", err)
	}
	return os.WriteFile(path, png, 0o644)
}

func (p *Page) capture(ctx context.Context) ([]byte, error) {
	if p.fox != nil {
		return p.fox.screenshot(ctx)
	}
	return chromedp.Run(ctx, chromedp.CaptureScreenshot())
}

// Resize changes the size of the page's visible part, in CSS pixels.
func (p *Page) Resize(width, height int64) error {
	ctx, cancel := context.WithTimeout(p.ctx, opTimeout)
	defer cancel()
	return chromedp.Do(ctx, chromedp.EmulateViewport(width, height))
}

// call sends a DevTools command to the page.
func call[P, R any](p *Page, cmd cdp.Command[P, R], params P) (R, error) {
	ctx, cancel := context.WithTimeout(p.ctx, opTimeout)
	defer cancel()
	return chromedp.Call(ctx, cmd, params)
}

// fail makes an error that ends in the console's tail, where the reason is most often.
func (p *Page) fail(format string, args ...any) error {
	return fmt.Errorf("browse: %w\nconsole:\n%s", fmt.Errorf(format, args...), p.console.tail(15))
}

func short(js string) string {
	js = strings.TrimSpace(js)
	if len(js) > 400 {
		return js[:400] + "…"
	}
	return js
}

// quote renders a Go value as a JavaScript literal.
func quote(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("browse: %T has no JSON: %v", v, err)) // callers pass strings, numbers and lists of them
	}
	return string(b)
}
