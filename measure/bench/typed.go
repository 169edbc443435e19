//go:build measure

package main

import "fmt"

// The rows that JupyterLab is needed for.
var labRows = [...]struct {
	name, kernel string
	goal         float64
	burst        int
}{
	{"message to a Go handler, decoded into a 5-field struct, bursts of 1,000", "page", 1, 1000},
	{"the same through classic Notebook's kernel object", "classic", 1, 1000},
	{"message to a Go handler, decoded into a 5-field struct, one at a time", "page", 3, 1},
	{"the same, one at a time, through classic Notebook's kernel object", "classic", 3, 1},
}

// typedRows are about typed handlers in Go; page/typed.js has the work.
func (b *bench) typedRows() []step {
	const (
		naive      = "message to a Go handler, decoded, bursts of 1,000, against js.FuncOf and vert"
		nested     = "nested message of 20 kB, decoded"
		buffer     = "64 MB buffer, from the frame to Go bytes"
		bufferHere = "the same, through classic Notebook's kernel object"
		copied     = "one copy into WASM memory"
		blocked    = "p99 of 99 busy comms while another's handler blocks for ever"
		longest    = "longest task while 20,000 messages arrive at once"
	)
	on := func(name, unit, baseline string, goal float64, script string) step {
		return step{[]string{name}, func() ([]row, error) {
			s, err := b.samples("(await bench('typed'))." + script)
			return []row{ratioRow(name, unit, baseline, goal, s)}, err
		}}
	}
	few := settings(min(b.o.repetitions, few), b.o.slow)
	var steps []step
	for _, r := range labRows {
		steps = append(steps, on(r.name, "ns", "JupyterLab", r.goal, fmt.Sprintf("againstLab(%q, %d, %s)", r.kernel, r.burst, b.settings())))
	}
	return append(steps,
		on(naive, "ns", "js.FuncOf and vert", 0.15, "againstNaive("+b.settings()+")"),
		on(nested, "ns", "encoding/json", 0.2, "nested("+b.settings()+")"),
		on(buffer, "ms", copied, 1.5, "buffer('page', 64 * 2 ** 20, "+few+")"),
		on(bufferHere, "ms", copied, 1.5, "buffer('classic', 64 * 2 ** 20, "+few+")"),
		on(blocked, "ms", "none blocked", 1.2, "blocked("+few+")"),
		step{[]string{longest}, func() ([]row, error) {
			ms, err := b.longestTask()
			return []row{belowRow(longest, "ms", "none", 50, ms, 0)}, err
		}},
	)
}

func (b *bench) longestTask() (ms float64, err error) {
	err = b.chrome.on(func(t *tab) error {
		ms, err = eval[float64](t, fmt.Sprintf("(await bench('typed')).longestTask(%s)", b.settings()))
		return err
	})
	return ms, err
}
