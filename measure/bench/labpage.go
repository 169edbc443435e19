//go:build measure

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// The server has pages of JupyterLab too. Their application is a global, and gocomm's extension is in the folder.
const (
	exposed = `
c.LabApp.expose_app_in_browser = True
`
	labPage = exposed + `
c.LabApp.extra_labextensions_path = [%q]
`
)

// labPageRows are about comms on a notebook's page of JupyterLab, against Lab's own in JavaScript.
func (b *bench) labPageRows() []step {
	const (
		js       = "Lab's comm in JavaScript"
		single   = "lab: one message"
		burst    = "lab: burst"
		ofSingle = "lab: the page's part of one message"
		ofBurst  = "lab: the page's part of a burst"
		startup  = "lab: start-up"
	)
	return []step{
		{[]string{single, burst, ofSingle, ofBurst}, func() ([]row, error) {
			s, err := b.labMessages()
			return []row{
				ratioRow(single, "ms", js, 1, s.Single), ratioRow(ofSingle, "ms", js, 3, s.OfSingle),
				ratioRow(burst, "ms", js, 1, s.Burst), ratioRow(ofBurst, "ms", js, 1, s.OfBurst),
			}, err
		}},
		{[]string{startup}, func() ([]row, error) {
			const most = 10 // ms more
			s, err := b.labStarts()
			return []row{ratioRow(startup, "ms", "Lab without gocomm", math.Round(100*(1+most/median(s.Baseline)))/100, s)}, err
		}},
	}
}

type labSamples struct{ Single, OfSingle, Burst, OfBurst samples }

// labPython opens a comm to either side's target. The kernel's iopub socket keeps what the server has not taken yet.
const labPython = `from comm import create_comm
iopub = get_ipython().kernel.iopub_thread
iopub.schedule(lambda: setattr(iopub.socket, "sndhwm", 0))
js, go = create_comm(target_name="bench_js", data={}), create_comm(target_name="last", data={})
def send(comm, n):
    for value in range(1 - n, 1):
        comm.send({"method": "update", "value": value, "x": 1.5, "name": "abc", "on": True})
`

// onLab runs f in a tab with a notebook of JupyterLab, where page/labpage.js has started; the kernel is ended in any case.
func (b *bench) onLab(f func(t *tab) error) error {
	const notebook = "lab.ipynb"
	if err := browse.WriteNotebook(filepath.Join(b.server.Dir(), notebook)); err != nil {
		return err
	}
	python, err := json.Marshal(labPython)
	if err != nil {
		return err
	}
	return b.chrome.on(func(t *tab) error {
		limited, cancel := context.WithTimeout(t.ctx, time.Minute)
		defer cancel()
		if err := chromedp.Do(limited, chromedp.Navigate(b.server.URL()+"/lab/tree/"+notebook+"?reset")); err != nil {
			return err
		}
		if _, err := eval[bool](t, fmt.Sprintf("(window.lab = await (await bench('labpage')).start(%s), true)", python)); err != nil {
			return err
		}
		err := f(t)
		_, ended := eval[bool](t, "(await (await bench('labpage')).stop(), true)")
		return errors.Join(err, ended)
	})
}

func (b *bench) labMessages() (s labSamples, err error) {
	err = b.onLab(func(t *tab) error {
		s, err = eval[labSamples](t, fmt.Sprintf("(await bench('labpage')).measure(window.lab, {repetitions: %d, few: %d, slow: %d})",
			b.o.repetitions, min(b.o.repetitions, few), b.o.slow))
		return err
	})
	return s, err
}

// starting notes when gocomm's plugin is made and activated, before anything of a page runs.
const starting = `{
	const page = window._JUPYTERLAB = {};
	let container;
	window.benchPlugin = 0;
	const timed = (f) => function (...args) {
		const begin = performance.now();
		try { return f.apply(this, args); } finally { window.benchPlugin += performance.now() - begin; }
	};
	Object.defineProperty(page, "gocomm", { get: () => container, set: (c) => {
		const { get } = c;
		c.init = timed(c.init);
		c.get = timed(async (...args) => {
			const make = await get.apply(c, args);
			return timed(() => {
				const made = make();
				for (const plugin of made.default) plugin.activate = timed(plugin.activate);
				return made;
			});
		});
		container = c;
	} });
}`

// labStarts starts JupyterLab by turns on this server and on one without gocomm's extension. Counted is what an
// extension can add to: the answer with the page, the time in which Lab loads the extensions, and what gocomm's plugin does.
func (b *bench) labStarts() (s samples, err error) {
	const warm, starts = 2, 15
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	without, err := b.start(ctx, exposed)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, without.Stop()) }()
	s.N = 1
	for i := range starts + warm {
		sides := []struct {
			server *jupyter.Server
			times  *[]float64
			slow   int
		}{{without, &s.Baseline, 1}, {b.server, &s.Ours, b.o.slow}}
		if i%2 == 1 {
			slices.Reverse(sides)
		}
		for _, side := range sides {
			err := b.chrome.on(func(t *tab) error {
				if _, err := chromedp.Call(t.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: starting}); err != nil {
					return err
				}
				limited, cancel := context.WithTimeout(t.ctx, time.Minute)
				defer cancel()
				if err := chromedp.Do(limited, chromedp.Navigate(side.server.URL()+"/lab?reset")); err != nil {
					return err
				}
				ms, err := eval[float64](t, fmt.Sprintf("(await bench('labstart')).started(%t)", side.server == b.server))
				if err == nil && i >= warm {
					*side.times = append(*side.times, ms*float64(side.slow))
				}
				return err
			})
			if err != nil {
				return s, err
			}
		}
	}
	return s, nil
}
