//go:build measure

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// ended is what has become of a page's comms with their kernels.
type ended struct {
	ends                  int
	wrong                 int     // comms of Go that got another number of closes than one
	unsaid                int     // closes without a reason
	late                  float64 // the longest from the first sign to the last close, in ms
	stale                 int     // messages of dead comms sent
	thrown                int     // sends on dead comms that threw
	untold                int     // dead comms whose sends were not told of once
	gone                  int     // widgets that have left the page, or the notebook
	epochs                int     // ends that counted as none or as several
	uncalled, calledAfter int     // on_close of who asked, and of who did not
}

// endCells show widgets and open comms of all kinds.
var endCells = []string{`%run probe.py
import ipywidgets, json, os
from IPython.display import display`, `box = ipywidgets.VBox([ipywidgets.IntSlider(value=n) for n in range(5)]); box`,
	`comms = [open_comm(to) for to in ["probe.life", "probe.life", "js.plain", "js.asked"]]
print(json.dumps([c.comm_id for c in comms]))`}

const endWidgets = 5

// ends restarts kernels and kills them, on both hosts side by side: most of the time is
// spent in waiting for a kernel.
func ends(l *Lab) ([]Row, error) {
	starts, kills := l.n(50, 1), l.n(20, 1)
	hosts := jupyter.Hosts()
	got, errs := make([]ended, len(hosts)), make([]error, len(hosts))
	var work sync.WaitGroup
	for i, host := range hosts {
		work.Go(func() { got[i], errs[i] = l.endAll(host, starts, kills) })
	}
	work.Wait()
	var rows []Row
	for i, host := range hosts {
		e := got[i]
		name := fmt.Sprintf("%s, %d restarts and %d kills: ", strings.ToUpper(string(host)), starts, kills)
		rows = append(rows,
			is(4, name+"ends seen", float64(e.ends), float64(starts+kills)),
			is(4, name+"ends that counted as none or several", float64(e.epochs), 0),
			is(4, name+"comms of Go without exactly one close and its reason", float64(e.wrong+e.unsaid), 0),
			atMost(4, name+"the longest until all are closed", math.Round(e.late), 1000, "ms"),
			is(4, name+"stale messages sent", float64(e.stale), 0),
			is(4, name+"stale sends that threw, or were not told of once", float64(e.thrown+e.untold), 0),
			is(4, name+"on_close called unasked, or not called when asked for", float64(e.uncalled+e.calledAfter), 0),
			is(4, name+"widgets gone", float64(e.gone), 0))
	}
	return rows, errors.Join(errs...)
}

func (l *Lab) endAll(host jupyter.Host, starts, kills int) (e ended, err error) {
	s, err := l.server(host, withProbe)
	if err != nil {
		return e, err
	}
	probe, err := os.ReadFile(l.file("probe/probe.py"))
	if err != nil {
		return e, err
	}
	if err := os.WriteFile(filepath.Join(s.Dir(), "probe.py"), probe, 0o644); err != nil {
		return e, err
	}
	life, err := os.ReadFile(l.file("lifecycle/life.js"))
	if err != nil {
		return e, err
	}
	err = l.desk(host, true, endCells, func(p *browse.Page) error {
		if _, err := browse.Eval[browse.Void](p, string(life)); err != nil {
			return err
		}
		for i := range starts + kills {
			kill := (i+1)*kills/(starts+kills) > i*kills/(starts+kills)
			if err := e.one(p, kill); err != nil {
				return fmt.Errorf("%s, end %d: %w", host, i, err)
			}
		}
		return nil
	})
	return e, err
}

const widgetsShown = `document.querySelectorAll(".widget-readout").length`

// one has the kernel that is there end.
func (e *ended) one(p *browse.Page, kill bool) error {
	for cell := range endCells {
		if err := p.RunCellWait(cell); err != nil {
			return err
		}
	}
	if err := p.Wait(fmt.Sprintf(`%s === %d`, widgetsShown, endWidgets), soon); err != nil {
		return err
	}
	out, err := p.CellOutput(2)
	if err != nil {
		return err
	}
	var ids []string
	if err := json.Unmarshal([]byte(out), &ids); err != nil {
		return fmt.Errorf("%q: %w", out, err)
	}
	for _, id := range ids[2:] {
		if err := p.Wait(fmt.Sprintf(`%q in Jupyter.notebook.kernel.comm_manager.comms`, id), soon); err != nil {
			return err
		}
	}
	front, err := browse.Eval[[]string](p, `life.begin()`)
	if err != nil {
		return err
	}
	ids = append(ids, front...)
	seen := len(p.Wire())
	how := `void Jupyter.notebook.kernel.restart()`
	if kill {
		how = `void Jupyter.notebook.kernel.execute("os.kill(os.getpid(), 9)")`
	}
	if _, err := browse.Eval[browse.Void](p, how); err != nil {
		return err
	}
	if kill {
		// It is told that the kernel is started again.
		if err := errors.Join(p.Click(`document.querySelector(".modal.in .btn")`), p.Wait(`!document.querySelector(".modal.in, .modal-backdrop")`, soon)); err != nil {
			return err
		}
	}
	// Where a close does not come, that is what is to be counted.
	_ = p.Wait(`life.goEnds().length >= 2`, 10*time.Second)
	if err := errors.Join(p.Wait(`life.connected()`, time.Minute), p.WaitKernelReady()); err != nil {
		return err
	}
	got, err := browse.Eval[struct {
		Epochs    int
		Go, Wrong []string
		Late      float64
		Closed    [][]string
		Sends     map[string]string
		Told      map[string][]string
		Shown     int
		Kept      bool
	}](p, `({...life.ended(), Shown: `+widgetsShown+`,
		Kept: !!Jupyter.notebook.toJSON().cells[1].outputs[0].data["application/vnd.jupyter.widget-view+json"].model_id})`)
	if err != nil {
		return err
	}
	e.ends++
	if got.Epochs != 1 {
		e.epochs++
	}
	for _, id := range ids[:2] {
		closes := 0
		for _, line := range got.Go {
			if !strings.HasPrefix(line, "probe: life "+id+" ended") {
				continue
			}
			closes++
			if !strings.Contains(line, "its kernel was restarted, changed or shut down") {
				e.unsaid++
			}
		}
		if closes != 1 {
			e.wrong++
		}
	}
	e.late = max(e.late, got.Late)
	for _, f := range p.Wire()[seen:] {
		if f.Direction == browse.Sent && slices.Contains(ids, f.CommID) {
			e.stale++
		}
	}
	e.thrown += len(got.Wrong)
	for name, said := range got.Sends {
		if !strings.HasPrefix(said, "returned ") {
			e.thrown++
		}
		if len(got.Told[name]) != 1 {
			e.untold++
		}
	}
	for _, c := range got.Closed {
		if c[0] != "asked" {
			e.calledAfter++
		}
	}
	if len(got.Closed) == 0 {
		e.uncalled++
	}
	e.gone += endWidgets - got.Shown
	if !got.Kept {
		e.gone++
	}
	return nil
}
