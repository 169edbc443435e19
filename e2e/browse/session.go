package browse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Close deletes the notebook's session, so that its kernel ends, and closes the tab.
func (p *Page) Close() error {
	var err error
	if p.url != "" {
		// Best effort: a page that hangs or has navigated away needs it not.
		_, _ = EvalTimeout[Void](p, `void (window.onbeforeunload = null)`, 2*time.Second)
		err = p.EndSession()
	}
	return errors.Join(err, p.CloseTab())
}

// CloseTab closes the tab alone, as a user does: the kernel goes on.
func (p *Page) CloseTab() error {
	ctx, cancel := context.WithTimeout(p.ctx, 10*time.Second)
	defer cancel()
	if p.fox != nil {
		return p.fox.close(ctx)
	}
	if err := chromedp.Cancel(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("browse: close the page: %w", err)
	}
	return nil
}

// EndSession deletes the notebook's session, and with it its kernel. It talks to the server from Go, with the page's cookies: it works
// when the page's own JavaScript no longer does.
func (p *Page) EndSession() error {
	base, path, err := place(p.url)
	if err != nil {
		return err
	}
	cookies, xsrf, err := p.cookies(base)
	if err != nil {
		return fmt.Errorf("browse: delete the session of %s: cookies: %w", path, err)
	}
	client := &http.Client{Timeout: 30 * time.Second} // a busy kernel takes its time to end
	do := func(method, url string, out any) error {
		req, err := http.NewRequest(method, url, nil)
		if err != nil {
			return err
		}
		req.Header.Set("Cookie", cookies)
		if xsrf != "" {
			req.Header.Set("X-XSRFToken", xsrf)
		}
		res, err := client.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		switch {
		case err != nil:
			return err
		case res.StatusCode == http.StatusNotFound && method == http.MethodDelete:
			return nil // a test has shut the kernel down itself
		case res.StatusCode >= 300:
			return fmt.Errorf("%s %s: %s: %.200s", method, url, res.Status, body)
		case out != nil:
			return json.Unmarshal(body, out)
		}
		return nil
	}
	var sessions []struct {
		ID   string `json:"id"`
		Path string `json:"path"`
	}
	if err := do(http.MethodGet, base+"/api/sessions", &sessions); err != nil {
		return fmt.Errorf("browse: list the sessions: %w", err)
	}
	for _, s := range sessions {
		if s.Path != path {
			continue
		}
		if err := do(http.MethodDelete, base+"/api/sessions/"+url.PathEscape(s.ID), nil); err != nil {
			return fmt.Errorf("browse: delete the session of %s: %w", path, err)
		}
	}
	return nil
}

// cookies gives those of the notebook's page and of its server's API as a header, and the one against forged requests by itself.
func (p *Page) cookies(base string) (header, xsrf string, err error) {
	if p.fox != nil {
		ctx, cancel := context.WithTimeout(p.ctx, opTimeout)
		defer cancel()
		return p.fox.cookies(ctx)
	}
	jar, err := call(p, network.GetCookies, network.GetCookiesParams{URLs: []string{p.url, base + "/api/sessions"}})
	if err != nil {
		return "", "", err
	}
	for _, c := range jar.Cookies {
		// As the browser does it: AddCookie would drop the quotes that Jupyter writes into values.
		if header != "" {
			header += "; "
		}
		header += c.Name + "=" + c.Value
		if c.Name == "_xsrf" {
			xsrf = c.Value
		}
	}
	return header, xsrf, nil
}
