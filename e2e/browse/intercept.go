package browse

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// rules hold back or replace requests of a page. The newest matching rule counts.
type rules struct {
	ctx context.Context

	mu      sync.Mutex // protects what follows
	list    []*rule
	enabled bool
}

type rule struct {
	pattern string
	match   *regexp.Regexp
	hits    int
	act     action
}

// An action is what becomes of a request.
type action func(ctx context.Context, e *fetch.EventRequestPaused) error

// Delay holds requests for URLs like the pattern back for a time. In a pattern
// `*` stands for any characters and `?` for one; it matches the whole URL,
// query included.
func (p *Page) Delay(pattern string, d time.Duration) error {
	return p.rules.add(pattern, func(ctx context.Context, e *fetch.EventRequestPaused) error {
		select {
		case <-time.After(d):
		case <-ctx.Done():
		}
		return resume(ctx, e)
	})
}

// Hold holds requests for URLs like the pattern back until release is called;
// later ones then pass. Classic's requirejs gives up on a script after 30 s.
func (p *Page) Hold(pattern string) (release func(), err error) {
	return p.hold(pattern, resume)
}

func (p *Page) hold(pattern string, then action) (release func(), err error) {
	open := make(chan struct{})
	err = p.rules.add(pattern, func(ctx context.Context, e *fetch.EventRequestPaused) error {
		select {
		case <-open:
		case <-ctx.Done():
		}
		return then(ctx, e)
	})
	return sync.OnceFunc(func() { close(open) }), err
}

// Respond answers requests for URLs like the pattern in the server's place.
func (p *Page) Respond(pattern string, status int, mime string, body []byte) error {
	return p.rules.add(pattern, responding(status, mime, body))
}

// HoldRespond is [Page.Hold] and then, in the place of the server's answer, [Page.Respond].
func (p *Page) HoldRespond(pattern string, status int, mime string, body []byte) (release func(), err error) {
	return p.hold(pattern, responding(status, mime, body))
}

func responding(status int, mime string, body []byte) action {
	return func(ctx context.Context, e *fetch.EventRequestPaused) error {
		_, err := chromedp.Call(ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{
			RequestID: e.RequestID, ResponseCode: int64(status), ResponsePhrase: http.StatusText(status), Body: body,
			ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: mime}},
		})
		return err
	}
}

// Break fails requests for URLs like the pattern, as a lost connection does.
func (p *Page) Break(pattern string) error {
	return p.rules.add(pattern, failing)
}

// HoldBreak is [Page.Hold] and then [Page.Break].
func (p *Page) HoldBreak(pattern string) (release func(), err error) {
	return p.hold(pattern, failing)
}

func failing(ctx context.Context, e *fetch.EventRequestPaused) error {
	_, err := chromedp.Call(ctx, fetch.FailRequest, fetch.FailRequestParams{RequestID: e.RequestID, ErrorReason: network.ErrorReasonConnectionReset})
	return err
}

// Hits returns how many requests the rules with this pattern have seen: a test
// of a fault asserts that the fault took place.
func (p *Page) Hits(pattern string) int {
	p.rules.mu.Lock()
	defer p.rules.mu.Unlock()
	n := 0
	for _, r := range p.rules.list {
		if r.pattern == pattern {
			n += r.hits
		}
	}
	return n
}

// Pass removes the rules with this pattern; requests already held stay held.
func (p *Page) Pass(pattern string) {
	p.rules.mu.Lock()
	defer p.rules.mu.Unlock()
	kept := p.rules.list[:0:0]
	for _, r := range p.rules.list {
		if r.pattern != pattern {
			kept = append(kept, r)
		}
	}
	p.rules.list = kept
}

func (rs *rules) add(pattern string, act action) error {
	glob := strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(pattern))
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.list = append(rs.list, &rule{pattern: pattern, match: regexp.MustCompile(`^` + glob + `$`), act: act})
	if rs.enabled {
		return nil
	}
	// A cached answer would never reach the rule.
	if _, err := chromedp.Call(rs.ctx, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}); err != nil {
		return fmt.Errorf("browse: intercept %s: %w", pattern, err)
	}
	if _, err := chromedp.Call(rs.ctx, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: "*"}}}); err != nil {
		return fmt.Errorf("browse: intercept %s: %w", pattern, err)
	}
	rs.enabled = true
	return nil
}

// answer runs in a goroutine of its own for each paused request; it ends with the page at the latest.
func (rs *rules) answer(e *fetch.EventRequestPaused) {
	act := action(resume)
	rs.mu.Lock()
	for _, r := range slices.Backward(rs.list) {
		if r.match.MatchString(e.Request.URL) {
			r.hits++
			act = r.act
			break
		}
	}
	rs.mu.Unlock()
	// The page may have left, and the request with it: nobody waits for an answer then.
	_ = act(rs.ctx, e)
}

func resume(ctx context.Context, e *fetch.EventRequestPaused) error {
	_, err := chromedp.Call(ctx, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: e.RequestID})
	return err
}
