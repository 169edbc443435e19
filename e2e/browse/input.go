package browse

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// What a user does with mouse and keyboard. An element is given as a JavaScript
// expression, which may have to be waited for: it is scrolled into view first.

const elementTimeout = 10 * time.Second

// box is where an element lies in the viewport, in CSS pixels.
type box struct{ X, Y, Width, Height float64 }

func (b box) center() (x, y float64) { return b.X + b.Width/2, b.Y + b.Height/2 }

// boxOf waits until the element is there, has an extent and has come to rest.
func (p *Page) boxOf(element string) (box, error) {
	js := `(async () => {
	const el = ` + element + `;
	if (!el || !el.isConnected) return null;
	el.scrollIntoView({block: 'center', behavior: 'instant'});
	const at = () => { const r = el.getBoundingClientRect(); return {X: r.x, Y: r.y, Width: r.width, Height: r.height} };
	const first = at();
	await new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)));
	const then = at();
	return then.Width && then.Height && first.X === then.X && first.Y === then.Y ? then : null;
})()`
	deadline := time.Now().Add(elementTimeout)
	for {
		b, err := Eval[*box](p, js)
		if b != nil && err == nil {
			return *b, nil
		}
		if time.Now().After(deadline) {
			if err != nil {
				return box{}, err
			}
			return box{}, p.fail("no visible element within %v: %s", elementTimeout, short(element))
		}
		select {
		case <-p.ctx.Done():
		case <-time.After(25 * time.Millisecond):
		}
	}
}

func (p *Page) mouse(typ input.DispatchMouseEventType, x, y float64, down bool) error {
	e := input.DispatchMouseEventParams{Type: typ, X: x, Y: y}
	if down {
		e.Button, e.Buttons, e.ClickCount = input.MouseButtonLeft, 1, 1
	}
	if typ == chromedp.MouseReleased {
		e.Button, e.Buttons, e.ClickCount = input.MouseButtonLeft, 0, 1
	}
	if _, err := call(p, input.DispatchMouseEvent, e); err != nil {
		return p.fail("mouse: %w", err)
	}
	return nil
}

// Click moves the mouse to the element's centre and clicks.
func (p *Page) Click(element string) error { return p.Drag(element, 0, 0) }

// Drag presses the mouse on the element's centre, moves it by dx and dy CSS
// pixels, and releases it.
func (p *Page) Drag(element string, dx, dy float64) error {
	if p.fox != nil {
		return p.dragFox(element, dx, dy)
	}
	// A page in the background gets no key events and no focus.
	yes := emulation.SetFocusEmulationEnabledParams{Enabled: true}
	if _, err := call(p, emulation.SetFocusEmulationEnabled, yes); err != nil {
		return p.fail("focus the page: %w", err)
	}
	b, err := p.boxOf(element)
	if err != nil {
		return err
	}
	x, y := b.center()
	if err := p.mouse(chromedp.MouseMoved, x, y, false); err != nil {
		return err
	}
	if err := p.mouse(chromedp.MousePressed, x, y, true); err != nil {
		return err
	}
	for i := 1.0; i <= dragSteps && (dx != 0 || dy != 0); i++ {
		if err := p.mouse(chromedp.MouseMoved, x+dx*i/dragSteps, y+dy*i/dragSteps, true); err != nil {
			return err
		}
	}
	return p.mouse(chromedp.MouseReleased, x+dx, y+dy, false)
}

// dragSteps is in how many moves a drag gets to its end.
const dragSteps = 5

func (p *Page) dragFox(element string, dx, dy float64) error {
	b, err := p.boxOf(element)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(p.ctx, opTimeout)
	defer cancel()
	x, y := b.center()
	if err := p.fox.drag(ctx, x, y, dx, dy); err != nil {
		return p.fail("mouse: %w", err)
	}
	return nil
}

// Press types keys into what has the focus; special ones are those of chromedp/kb.
func (p *Page) Press(keys string) error {
	ctx, cancel := context.WithTimeout(p.ctx, opTimeout)
	defer cancel()
	press := func() error { return chromedp.Do(ctx, chromedp.KeyEvent(keys)) }
	if p.fox != nil {
		press = func() error { return p.fox.press(ctx, keys) }
	}
	if err := press(); err != nil {
		return p.fail("press %q: %w", keys, err)
	}
	return nil
}

// ChooseFile clicks the element and answers the file dialog that it opens.
func (p *Page) ChooseFile(element, path string) error {
	on := cdppage.SetInterceptFileChooserDialogParams{Enabled: true}
	if _, err := call(p, cdppage.SetInterceptFileChooserDialog, on); err != nil {
		return p.fail("file dialog: %w", err)
	}
	defer call(p, cdppage.SetInterceptFileChooserDialog, cdppage.SetInterceptFileChooserDialogParams{})
	ctx, cancel := context.WithTimeout(p.ctx, elementTimeout)
	defer cancel()
	opened := make(chan *cdppage.EventFileChooserOpened, 1)
	err := chromedp.Listen(ctx, func(ev any) {
		if e, ok := ev.(*cdppage.EventFileChooserOpened); ok {
			select {
			case opened <- e:
			default:
			}
		}
	})
	if err != nil {
		return p.fail("file dialog: %w", err)
	}
	if err := p.Click(element); err != nil {
		return err
	}
	select {
	case e := <-opened:
		if _, err := call(p, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, BackendNodeID: e.BackendNodeID}); err != nil {
			return p.fail("choose the file %s: %w", path, err)
		}
		return nil
	case <-ctx.Done():
		return p.fail("a click opened no file dialog within %v: %s", elementTimeout, short(element))
	}
}

// ScreenshotOf writes a PNG of one element, of its visible part when it is larger than the page.
func (p *Page) ScreenshotOf(element, path string) error {
	b, err := p.boxOf(element)
	if err != nil {
		return err
	}
	// The clip counts from the document's corner; classic pages scroll in an inner element, so both are the same.
	r, err := call(p, cdppage.CaptureScreenshot, cdppage.CaptureScreenshotParams{
		Clip: &cdppage.Viewport{X: b.X, Y: b.Y, Width: b.Width, Height: b.Height, Scale: 1},
	})
	if err != nil {
		return fmt.Errorf("browse: screenshot: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("browse: screenshot: %w", err)
	}
	return os.WriteFile(path, r.Data, 0o644)
}

// Dark tells the page that the user prefers dark colours, or that he does not.
func (p *Page) Dark(yes bool) error {
	scheme := "light"
	if yes {
		scheme = "dark"
	}
	_, err := call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		return p.fail("dark: %w", err)
	}
	return nil
}
