//go:build measure

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"gocomm/e2e/browse"
)

// evalLimit bounds one row on a page.
const evalLimit = 5 * time.Minute

// chrome is a Chromium of its own: package browse records each frame and line of
// a page, which would be measured too.
type chrome struct {
	ctx    context.Context
	cancel context.CancelFunc
	url    string // of a page with classic Notebook's modules
}

func launch(ctx context.Context, url string) (*chrome, error) {
	bctx, cancel, err := browse.Start(ctx, chromedp.Flag("js-flags", "--expose-gc"))
	if err != nil {
		return nil, err
	}
	return &chrome{ctx: bctx, cancel: cancel, url: url}, nil
}

func (c *chrome) close() error {
	defer c.cancel()
	ctx, cancel := context.WithTimeout(c.ctx, 10*time.Second)
	defer cancel()
	if err := chromedp.Cancel(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("closing the browser: %w", err)
	}
	return nil
}

// A tab is a page of the server in a process of its own.
type tab struct{ ctx context.Context }

func (c *chrome) newTab() (*tab, error) {
	ctx, _ := chromedp.NewContext(c.ctx)
	t := &tab{ctx: ctx}
	limited, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx); err != nil { // ties the tab to a context without a limit
		return nil, fmt.Errorf("opening a tab: %w", err)
	}
	// chromedp has the browser report what is loaded, and each frame of a websocket with all its bytes.
	if _, err := chromedp.Call(limited, network.Disable, struct{}{}); err != nil {
		return nil, errors.Join(fmt.Errorf("opening a tab: %w", err), t.close())
	}
	if err := chromedp.Do(limited, chromedp.Navigate(c.url)); err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s: %w", c.url, err), t.close())
	}
	return t, nil
}

func (t *tab) close() error {
	ctx, cancel := context.WithTimeout(t.ctx, 10*time.Second)
	defer cancel()
	if err := chromedp.Cancel(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("closing a tab: %w", err)
	}
	return nil
}

// on runs f in a new tab.
func (c *chrome) on(f func(t *tab) error) error {
	t, err := c.newTab()
	if err != nil {
		return err
	}
	return errors.Join(f(t), t.close())
}

// eval runs a JavaScript expression in which `bench(name)` imports one of the
// bench's modules.
func eval[T any](t *tab, js string) (T, error) {
	ctx, cancel := context.WithTimeout(t.ctx, evalLimit)
	defer cancel()
	js = "(async () => { const bench = name => import(`/nbextensions/bench/${name}.js`); return await (" + js + "); })()"
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if ex, ok := errors.AsType[*chromedp.ExceptionError](err); ok && ex.ExceptionDetails.Exception != nil {
		return v, errors.New(ex.ExceptionDetails.Exception.Description)
	}
	return v, err
}

// heap is the tab's JavaScript heap in bytes, after a collection.
func (t *tab) heap() (float64, error) {
	for range 2 { // what finalizers let go of goes with the second
		if _, err := chromedp.Call(t.ctx, heapprofiler.CollectGarbage, struct{}{}); err != nil {
			return 0, err
		}
	}
	usage, err := chromedp.Call(t.ctx, runtime.GetHeapUsage, struct{}{})
	return usage.UsedSize, err
}
