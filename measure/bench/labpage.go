//go:build measure

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/chromedp/chromedp"

	"gocomm/e2e/browse"
)

// labPage are settings of the server for the pages of JupyterLab that it has too: with gocomm's extension, and with the
// page's application as a global.
const labPage = `
c.LabApp.extra_labextensions_path = [%q]
c.LabApp.expose_app_in_browser = True
`

// labPageRows are about comms on a notebook's page of JupyterLab, against Lab's own in JavaScript.
func (b *bench) labPageRows() []step {
	const (
		js       = "Lab's comm in JavaScript"
		single   = "lab: one message"
		burst    = "lab: burst"
		ofSingle = "lab: the page's part of one message"
		ofBurst  = "lab: the page's part of a burst"
	)
	return []step{
		{[]string{single, burst, ofSingle, ofBurst}, func() ([]row, error) {
			s, err := b.labMessages()
			return []row{
				ratioRow(single, "ms", js, 1, s.Single), ratioRow(ofSingle, "ms", js, 3, s.OfSingle),
				ratioRow(burst, "ms", js, 1, s.Burst), ratioRow(ofBurst, "ms", js, 1, s.OfBurst),
			}, err
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
