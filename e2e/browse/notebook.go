package browse

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// loadTimeout covers a page load and a kernel start on a busy two-core machine.
const loadTimeout = 90 * time.Second

// OpenNotebook loads a classic notebook page and waits until the notebook is
// loaded and its kernel's websocket is open. Before cells run, see [Page.WaitKernelReady].
func (p *Page) OpenNotebook(url string) error {
	if err := p.LoadNotebook(url); err != nil {
		return err
	}
	return p.waitConnected()
}

// LoadNotebook goes to the page and returns when its document has begun, long
// before there is a kernel: for tests that look at what happens in between.
func (p *Page) LoadNotebook(url string) error {
	p.url = url
	return p.Navigate(url)
}

// Reload loads the page anew, leaving the kernel as it is, and waits as OpenNotebook does.
func (p *Page) Reload() error {
	if p.url == "" {
		return fmt.Errorf("browse: reload: no notebook is open; call OpenNotebook first")
	}
	// The mark tells the new document from the old one, whose kernel is connected
	// too. Chromium blocks, and reports as an error, the question whether to leave.
	if _, err := Eval[Void](p, `void (window.__browseOldPage = true, window.onbeforeunload = null)`); err != nil {
		return err
	}
	if err := p.Navigate(p.url); err != nil {
		return err
	}
	if err := p.Wait(`!window.__browseOldPage`, loadTimeout); err != nil {
		return err
	}
	return p.waitConnected()
}

func (p *Page) waitConnected() error {
	return p.Wait(`window.Jupyter && Jupyter.notebook && Jupyter.notebook._fully_loaded &&
		Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected()`, loadTimeout)
}

// WaitKernelReady waits until the kernel answers and what it publishes is heard, also
// after a restart: it asks for kernel_info, again when that has swallowed the question,
// or when the server's subscription comes later than the kernel's idle.
func (p *Page) WaitKernelReady() error { return p.WaitKernel("Jupyter.notebook.kernel") }

// WaitKernel does so for any object that is like Notebook's: the value of an expression.
func (p *Page) WaitKernel(expression string) error {
	return p.Wait(`(kernel => {
		if (!kernel.is_connected() || !kernel.info_reply.protocol_version) return false;
		return Promise.race([
			new Promise(answered => kernel.send_shell_message("kernel_info_request", {}, {
				iopub: { status: msg => { if (msg.content.execution_state === "idle") answered(true) } },
			})),
			new Promise(answered => setTimeout(answered, 3000, false)),
		]);
	})(`+expression+`)`, loadTimeout)
}

// RestartKernel restarts the kernel and waits until the new one answers.
func (p *Page) RestartKernel() error {
	_, err := Eval[Void](p, `new Promise((done, failed) => Jupyter.notebook.kernel.restart(() => done(), (xhr, status, error) => failed(new Error('restart: ' + status + ' ' + error)))).then(() => {})`)
	if err != nil {
		return err
	}
	return p.WaitKernelReady()
}

// Save saves the notebook.
func (p *Page) Save() error {
	_, err := Eval[Void](p, `Jupyter.notebook.save_notebook().then(() => {})`)
	return err
}

// place splits a notebook URL into the server's base URL and the notebook's path.
func place(notebook string) (base, path string, err error) {
	u, err := url.Parse(notebook)
	if err != nil {
		return "", "", fmt.Errorf("browse: notebook URL: %w", err)
	}
	for _, mark := range []string{"/nbclassic/notebooks/", "/notebooks/", "/lab/tree/"} {
		if root, path, ok := strings.Cut(u.Path, mark); ok {
			return u.Scheme + "://" + u.Host + root, path, nil
		}
	}
	return "", "", fmt.Errorf("browse: %s is not the URL of a notebook (…/notebooks/…, …/lab/tree/…)", notebook)
}
