//go:build measure

package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// view is what two pages on one kernel have shown, and sent on its comms.
type view struct {
	shown    [2]string
	answered int // messages that the page has sent which has not opened the comms
}

// tabsPython opens comms on behalf of the first page, half of them to targets that the
// second page has too, and sends numbered messages below the server's limit.
const tabsPython = `import json, time, warnings
warnings.simplefilter("ignore", DeprecationWarning)
from ipykernel.comm import Comm
comms = [Comm(target_name="both" if n %% 2 else "first", data={"n": n}) for n in range(10)]
for k in range(%d):
    for comm in comms:
        comm.send(k + 1)
    time.sleep(.0125)
for comm in comms[:4]:
    comm.close()
print(json.dumps([comm.comm_id for comm in comms]))`

// tabs has two pages on one kernel, with the stock manager and with gocomm.
func tabs(l *Lab) ([]Row, error) {
	each := l.n(1000, 30)
	var rows []Row
	for _, host := range jupyter.Hosts() {
		if l.Short && host != jupyter.H1 {
			continue
		}
		ours, stock, err := both(func(gocomm bool) (view, error) { return l.twoPages(host, gocomm, each) })
		if err != nil {
			return rows, fmt.Errorf("%s: %w", host, err)
		}
		differ := 0
		for i := range ours.shown {
			differ += differences(ours.shown[i], stock.shown[i])
		}
		want := fmt.Sprintf(`"got":%d,"disorder":0`, each)
		name := fmt.Sprintf("%s, two pages, %d messages: ", strings.ToUpper(string(host)), 10*each)
		rows = append(rows,
			is(11, name+"closes and answers by the page whose comms they are not", float64(ours.answered), 0).against(float64(stock.answered)),
			is(11, name+"comms whose page shows something else than stock's", float64(differ), 0),
			is(11, name+"comms with all messages in order, of both pages", float64(strings.Count(ours.shown[0]+ours.shown[1], want)), 15).
				against(float64(strings.Count(stock.shown[0]+stock.shown[1], want))))
	}
	return rows, nil
}

func differences(a, b string) (n int) {
	one, two := strings.Split(a, "\n"), strings.Split(b, "\n")
	for _, line := range append(slices.Clone(one), two...) {
		if !slices.Contains(one, line) || !slices.Contains(two, line) {
			n++
		}
	}
	return n
}

func (l *Lab) twoPages(host jupyter.Host, gocomm bool, each int) (v view, err error) {
	err = l.desk(host, gocomm, nil, func(one *browse.Page) error {
		url, err := browse.Eval[string](one, `location.href`)
		if err != nil {
			return err
		}
		two, err := one.NewTab()
		if err != nil {
			return err
		}
		defer two.CloseTab()
		if err := errors.Join(one.Save(), two.OpenNotebook(url), two.WaitKernelReady(), managed(two, gocomm)); err != nil {
			return err
		}
		defer func() { _, _ = browse.Eval[browse.Void](two, `void (window.onbeforeunload = null)`) }()
		pages := []*browse.Page{one, two}
		for i, targets := range [][]string{{"both", "first"}, {"both"}} {
			if err := begin(pages[i], "tabs", "begin", map[string]any{"targets": targets}); err != nil {
				return err
			}
		}
		ids, err := told[[]string](one, fmt.Sprintf(tabsPython, each))
		if err != nil {
			return err
		}
		for i, p := range pages {
			closed := []int{4, 2}[i]
			v.shown[i], err = until(soon, func() (string, error) { return call[string](p, "tabs", "show", nil) },
				func(s string) bool { return strings.Count(s, `"closed":1`) == closed })
			if err != nil {
				return err
			}
		}
		for _, f := range two.Wire() {
			if f.Direction == browse.Sent && slices.Contains(ids, f.CommID) {
				v.answered++
			}
		}
		return nil
	})
	return v, err
}
