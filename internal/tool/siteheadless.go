package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"gocomm/e2e/browse"
)

// sitePath is where the site is served from: what works below a path works at a server's root, too.
const sitePath = "/some/where/"

const (
	kernelLimit = 3 * time.Minute // to fetch, compile and start a page's Python, on a busy machine
	stepLimit   = time.Minute
)

const siteKernel = `jupyterapp.shell.currentWidget.sessionContext.session.kernel`

// A siteVisit is what is done with one of the site's notebooks.
type siteVisit struct {
	notebook, page string
	look           func(*sitePage) error // once all cells have run
}

var siteVisits = []siteVisit{
	{"cookbook", siteFirst, lookAtCookbook},
	{"counter", "notebooks/index.html?path=counter.ipynb", lookAtCounter},
	{"stream", "lab/index.html?path=stream.ipynb", lookAtStream},
}

// runSiteHeadless serves dist/site below a path, runs its notebooks in headless Chromium, and checks what they show, and that nothing is asked
// of any other server. It writes the cookbook's comm messages and a picture of each notebook.
func runSiteHeadless(ctx context.Context, root string) error {
	if err := requireBuilt(root, filepath.Join("dist", "site", "index.html")); err != nil {
		return fmt.Errorf("%w, and `make site`", err)
	}
	site, err := serveSite(ctx, filepath.Join(root, "dist", "site"), sitePath)
	if err != nil {
		return err
	}
	browser, err := browse.Launch(ctx)
	if err != nil {
		return err
	}
	defer browser.Close()
	for _, visit := range siteVisits {
		start := time.Now()
		if err := visit.do(browser, root, site); err != nil {
			return errors.Join(fmt.Errorf("%s.ipynb: %w", visit.notebook, err), site.asked())
		}
		say("%s.ipynb works: %s", visit.notebook, took(start))
	}
	if err := site.asked(); err != nil {
		return err
	}
	say("no request left the file server. The pictures and the cookbook's transcript: dist/site-headless")
	return nil
}

// A sitePage is a page of the site with an open notebook.
type sitePage struct {
	*browse.Page
	visit siteVisit
	dir   string // where to write what is made
	code  []int  // the places of its cells with code
}

func (v siteVisit) do(browser *browse.Browser, root string, site *siteServer) error {
	tab, err := browser.NewPage()
	if err != nil {
		return err
	}
	defer tab.CloseTab()
	p := &sitePage{Page: tab, visit: v, dir: filepath.Join(root, "dist", "site-headless")}
	address := site.base + v.page
	if v.page == siteFirst {
		address = site.base // which leads there
	}
	say("%s", address)
	if err := p.Navigate(address); err != nil {
		return err
	}
	if err := p.waitKernel(); err != nil {
		return err
	}
	p.code, err = browse.Eval[[]int](p.Page, `jupyterapp.shell.currentWidget.content.widgets.map((c, i) => c.model.type === 'code' ? i : -1).filter(i => i >= 0)`)
	if err != nil {
		return err
	}
	if err := v.look(p); err != nil {
		return err
	}
	if red := p.Errors(); len(red) > 0 {
		return fmt.Errorf("the page's console has errors: %v", red)
	}
	return nil
}

func (p *sitePage) waitKernel() error {
	if err := p.Wait(`!!jupyterapp.shell.currentWidget.sessionContext`, stepLimit); err != nil {
		return fmt.Errorf("the page does not open its notebook: %w", err)
	}
	return p.Wait(`(async () => {
	const context = jupyterapp.shell.currentWidget.sessionContext;
	if (!context.isReady || !jupyterapp.shell.currentWidget.content.model || context.session?.kernel?.connectionStatus !== 'connected') return false;
	return !!(await `+siteKernel+`.info);
})()`, kernelLimit)
}

// runCells runs cells one by one.
func (p *sitePage) runCells(cells []int, after func()) error {
	for _, i := range cells {
		if err := p.RunLabCell(i); err != nil {
			return err
		}
		after()
	}
	red, err := browse.Eval[[]string](p.Page, `[...document.querySelectorAll('[data-mime-type$=".stderr"], [data-mime-type$=".error"]')].map(o => o.textContent)`)
	if err != nil {
		return err
	}
	if len(red) > 0 {
		return fmt.Errorf("cells have errors: %s", strings.Join(red, "\n"))
	}
	return nil
}

// shoot takes a picture of the notebook from its first cell on.
func (p *sitePage) shoot() error {
	height, err := browse.Eval[int64](p.Page, `Math.ceil(jupyterapp.shell.currentWidget.content.widgets.reduce((sum, cell) => sum + cell.node.offsetHeight + 10, 260))`)
	if err != nil {
		return err
	}
	if err := p.Resize(1100, height); err != nil {
		return err
	}
	if _, err := browse.Eval[browse.Void](p.Page, `(async () => {
	const notebook = jupyterapp.shell.currentWidget.content;
	notebook.activeCellIndex = 0;
	await notebook.scrollToItem(0, 'start');
	await new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)));
})()`); err != nil {
		return err
	}
	return p.Screenshot(filepath.Join(p.dir, p.visit.notebook+".png"))
}

// prints compares what Python prints.
func (p *sitePage) prints(want, code string) error {
	got, err := p.Python("print(" + code + ")")
	if err == nil && strings.TrimSpace(got) != want {
		err = fmt.Errorf("%s is %s in Python, not %s", code, strings.TrimSpace(got), want)
	}
	return err
}

func lookAtCookbook(p *sitePage) error {
	program := siteKernel + `[Symbol.for('gocomm.lab.kernel.1')]?.[Symbol.for('gocomm.hub.2')]?.claims.size > 0`
	if err := p.Wait(program, stepLimit); err != nil {
		return fmt.Errorf("the cookbook's program does not run: %w", err)
	}
	// There is no websocket whose frames could be looked at: the kernel is a worker of the page.
	if _, err := browse.Eval[browse.Void](p.Page, `void (window.siteTraffic = [], `+siteKernel+`.anyMessage.connect((_, {msg, direction}) => {
	const {msg_type} = msg.header, {comm_id, target_name, data} = msg.content;
	window.siteTraffic.push(JSON.stringify({Direction: direction === 'recv' ? 'received' : 'sent', MsgType: msg_type, CommID: comm_id, TargetName: target_name, Data: data}));
}))`); err != nil {
		return err
	}
	var failed error
	wire := func() []browse.Frame {
		frames, err := browse.Eval[[]browse.Frame](p.Page, `siteTraffic.map(JSON.parse)`)
		failed = errors.Join(failed, err)
		return frames
	}
	converse := func(before int) (traffic []entry, err error) {
		if err := p.runCells(p.code, func() {
			all := entries(settled(wire)[before:])
			printEntries(all[len(traffic):])
			traffic = all
		}); err != nil {
			return nil, err
		}
		return traffic, errors.Join(failed, conversation(traffic))
	}
	traffic, err := converse(0)
	if err != nil {
		return err
	}
	if err := saveTranscript(filepath.Join(p.dir, "transcript.json"), traffic); err != nil {
		return err
	}
	if err := p.Wait(`[...document.querySelectorAll('.jp-OutputArea-output')].some(o => o.textContent.includes('"greeting":"hello, page"'))`, stepLimit); err != nil {
		return fmt.Errorf("the kernel has not answered the page's comm: %w", err)
	}
	if err := p.shoot(); err != nil {
		return err
	}
	// One of the notebook's comms is open: the restart closes it, once.
	const closed = "cookbook: closed with"
	if n := p.logged(closed); n != 1 {
		return fmt.Errorf("the console has %d lines %q before the restart, want 1", n, closed)
	}
	say("restarting the kernel ...")
	before := len(wire())
	if _, err := browse.EvalTimeout[browse.Void](p.Page, siteKernel+`.restart()`, kernelLimit); err != nil {
		return err
	}
	if err := p.waitKernel(); err != nil {
		return err
	}
	if _, err := converse(before); err != nil {
		return fmt.Errorf("after a restart: %w", err)
	}
	if n := p.logged(closed); n != 3 { // by the cell, by the restart, by the cell again
		return fmt.Errorf("the console has %d lines %q after the restart, want 3", n, closed)
	}
	return nil
}

// logged counts the console's lines that begin so.
func (p *sitePage) logged(begin string) int {
	n := 0
	for _, m := range p.Console() {
		if strings.HasPrefix(m.Text, begin) {
			n++
		}
	}
	return n
}

func lookAtCounter(p *sitePage) error {
	if err := p.runCells(p.code, func() {}); err != nil {
		return err
	}
	button := browse.LabCell(p.code[0]) + `.querySelector('button.counter')`
	if err := p.Wait(button+`.textContent.includes('41')`, stepLimit); err != nil {
		return fmt.Errorf("the page does not show what Python has set: %w", err)
	}
	if err := p.Click(button); err != nil {
		return err
	}
	if err := p.Wait(button+`.textContent.includes('42')`, stepLimit); err != nil {
		return err
	}
	if err := p.prints("42", "counter.value"); err != nil {
		return err
	}
	return p.shoot()
}

func lookAtStream(p *sitePage) error {
	const before = 3 // cells that the user runs while it streams; the others compare when it is done
	if err := p.runCells(p.code[:before], func() {}); err != nil {
		return err
	}
	if err := p.becomes("True True", "task.done(), not stream._flying"); err != nil {
		return err
	}
	if err := p.runCells(p.code[before:], func() {}); err != nil {
		return err
	}
	return errors.Join(p.becomes("True 150", "stream.same, stream.made"), p.shoot())
}

// becomes asks Python until it prints this.
func (p *sitePage) becomes(want, code string) error {
	for start := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		err := p.prints(want, code)
		if err == nil || time.Since(start) > stepLimit {
			return err
		}
	}
}
