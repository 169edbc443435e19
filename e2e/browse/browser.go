// Package browse drives headless Chromium through notebook pages, for the e2e
// tests and for the headless demo.
//
// A [Browser] is one Chromium process, a [Page] one tab in it. From its first
// navigation on, a page records its console ([Page.Console]) and every Jupyter
// message of its websockets ([Page.Wire]); it runs JavaScript ([Eval],
// [Page.Wait]), works on the notebook (cells.go, notebook.go) and can hold
// back or replace what the server sends (intercept.go).
package browse

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/chromedp/chromedp"
)

// Browser is a running headless Chromium with a profile of its own.
type Browser struct {
	ctx    context.Context
	cancel context.CancelFunc // the allocator's: ends the process
}

// candidates are the names under which distributions install Chromium.
var candidates = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Find returns the path of Chromium: $CHROMIUM, else the first of the usual names on PATH.
func Find() (string, error) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		found, err := exec.LookPath(path)
		if err != nil {
			return "", fmt.Errorf("browse: the browser %q cannot be run: %w; correct the path, or unset CHROMIUM to search PATH", path, err)
		}
		return found, nil
	}
	for _, name := range candidates {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", fmt.Errorf("browse: no browser found (looked for %v on PATH): install Chromium (apt-get install chromium), or name one in CHROMIUM", candidates)
}

// Launch starts a headless Chromium with a new profile: that of [Find].
// The browser ends with ctx or with [Browser.Close].
func Launch(ctx context.Context) (*Browser, error) {
	bctx, cancel, err := Start(ctx, chromedp.WindowSize(1400, 1000))
	if err != nil {
		return nil, err
	}
	return &Browser{ctx: bctx, cancel: cancel}, nil
}

// Start starts a headless Chromium as [Launch] does, with more options, and gives chromedp's context of
// it. cancel ends the process. It is for those who want none of what a [Page] records.
func Start(ctx context.Context, more ...chromedp.ExecAllocatorOption) (bctx context.Context, cancel context.CancelFunc, err error) {
	exe, err := Find()
	if err != nil {
		return nil, nil, err
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(exe),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
	)
	opts = append(opts, more...)
	if os.Getuid() == 0 {
		// Chromium's sandbox refuses to run as root, as in most containers.
		opts = append(opts, chromedp.Flag("no-sandbox", true))
	}
	actx, cancel := chromedp.NewExecAllocator(ctx, opts...)
	bctx, _ = chromedp.NewContext(actx)
	// The first Do ties the process to its context, so it must not get one with a timeout.
	if err := chromedp.Do(bctx); err != nil {
		cancel()
		return nil, nil, fmt.Errorf("browse: start %s: %w", exe, err)
	}
	return bctx, cancel, nil
}

// Close ends the browser and removes its profile.
func (b *Browser) Close() error {
	defer b.cancel()
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
	defer cancel()
	if err := chromedp.Cancel(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("browse: close the browser: %w", err)
	}
	return nil
}

// NewPage opens a tab with cookies and storage of its own: two servers on one
// address would otherwise overwrite each other's cookies, which know no port.
func (b *Browser) NewPage() (*Page, error) {
	return newPage(b.ctx, chromedp.WithNewBrowserContext())
}
