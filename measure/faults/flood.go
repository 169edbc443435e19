//go:build measure

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

const (
	floodRate  = 900 // messages a second, of 1 KB
	floodComms = 10
)

// floodPython sends as a program does that has a lot to tell, without a pause of the cell.
const floodPython = `import asyncio, json, time, warnings
warnings.simplefilter("ignore", DeprecationWarning)
from ipykernel.comm import Comm
answers = []
def flooded(target):
    comm = Comm(target_name=target)
    comm.on_msg(lambda msg: answers.append(msg["content"]["data"]))
    return comm
comms = [flooded("probe.keyed" if n %% 2 else "flood.js") for n in range(%d)]
async def flood(each, rate):
    # What is late stays late: to catch up would be more than the rate, and the server would drop it.
    due = time.monotonic()
    for k in range(1, each + 1):
        for comm in comms:
            comm.send({"k": k, "text": "x" * 1000})
        due = max(due + len(comms) / rate, time.monotonic())
        await asyncio.sleep(due - time.monotonic())
`

// flood sends many messages for minutes, half of them to Go.
func flood(l *Lab) ([]Row, error) {
	seconds := l.n(600, 4)
	each := seconds * floodRate / floodComms
	type result struct {
		sum
		Longest     float64
		Tasks, Most int
	}
	var js result
	var gos []struct{ Got, Doubled, Reordered int }
	lost := 0
	var idle []float64
	err := l.beside(&idle, func() error {
		return l.desk(jupyter.H1, true, nil, func(p *browse.Page) error {
			if err := errors.Join(p.StopWire(), begin(p, "flood", "begin", map[string]int{"each": each})); err != nil {
				return err
			}
			if _, err := python(p, fmt.Sprintf(floodPython, floodComms)); err != nil {
				return err
			}
			if err := begin(p, "flood", "start", nil); err != nil {
				return err
			}
			if _, err := python(p, fmt.Sprintf(`flooding = asyncio.ensure_future(flood(%d, %d))`, each, floodRate)); err != nil {
				return err
			}
			half := each * floodComms / 2
			if _, err := until(time.Duration(2*seconds)*time.Second+soon, func() (int, error) {
				time.Sleep(time.Second) // to ask is a task, too
				return call[int](p, "flood", "got", nil)
			}, func(n int) bool { return n >= half }); err != nil {
				return err
			}
			var err error
			if js, err = call[result](p, "flood", "stop", nil); err != nil {
				return err
			}
			if _, err := python(p, `await flooding
for comm in comms[1::2]: comm.send("sum")`); err != nil {
				return err
			}
			out, err := until(soon, func() (string, error) { return python(p, `print(json.dumps(answers))`) },
				func(s string) bool { return json.Unmarshal([]byte(s), &gos) == nil && len(gos) == floodComms/2 })
			if err != nil {
				return err
			}
			if len(gos) != floodComms/2 {
				return fmt.Errorf("the comms of Go have answered %q", out)
			}
			return nil
		})
	})
	for _, g := range gos {
		lost += each - g.Got
		js.Doubled += g.Doubled
		js.Reordered += g.Reordered
	}
	l.Logf("%d tasks were longer than 50 ms; a page beside it that does nothing was kept from its turn for so long %d times, up to %.0f ms",
		js.Tasks, len(idle), slices.Max(append(idle, 0)))
	name := fmt.Sprintf("%d messages a second of 1 KB, for %d s: ", floodRate, seconds)
	return []Row{
		is(13, name+"lost", float64(js.Lost+lost), 0),
		is(13, name+"doubled or out of order", float64(js.Doubled+js.Reordered), 0),
		atMost(13, name+"the longest task", js.Longest, 50, "ms"),
		atMost(13, name+"messages that wait, the most", float64(js.Most), 65536, ""),
	}, err
}

// beside has f work while a page that does nothing takes down for how long it is kept
// from its turn, in milliseconds, where that is more than 50: what the machine adds.
func (l *Lab) beside(late *[]float64, f func() error) error {
	return l.on(func(p *browse.Page) error {
		const watch = `(() => {
			window.late = [];
			let last = performance.now();
			setInterval(() => {
				const now = performance.now();
				if (now - last > 60) late.push(now - last - 10);
				last = now;
			}, 10);
		})()`
		if _, err := browse.Eval[browse.Void](p, watch); err != nil {
			return err
		}
		err := f()
		var asked error
		*late, asked = browse.Eval[[]float64](p, `late`)
		return errors.Join(err, asked)
	})
}
