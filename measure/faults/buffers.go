//go:build measure

package main

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

//go:embed page/buffers.py
var buffersPY string

// buffers sends binary buffers both ways, through Go and through JavaScript.
func buffers(l *Lab) ([]Row, error) {
	const mebibyte = 1 << 20
	outSizes := []int{0, 1, 3, 4096, mebibyte, 8*mebibyte - 4096}
	in := l.n(64, 2) * mebibyte
	sent, wrong, excess := 0, 0, 0
	err := l.desk(jupyter.H1, true, nil, func(p *browse.Page) error {
		if err := errors.Join(p.StopWire(), begin(p, "buffers", "begin", nil)); err != nil {
			return err
		}
		if _, err := python(p, buffersPY+`
comms = {name: opens(name, name) for name in ["js.echo", "probe.echo", "js.digest", "probe.digest"]}`); err != nil {
			return err
		}
		check := func(target string, size int, parts int) error {
			code := fmt.Sprintf(`told[%[1]q].clear(); came[%[1]q].clear()
sent = [os.urandom(%[2]d) for _ in range(%[3]d)]
comms[%[1]q].send("bytes", buffers=sent)`, target, size, parts)
			if _, err := python(p, code); err != nil {
				return err
			}
			type answer struct {
				Answers, Same, Excess int
			}
			got, err := until(soon, func() (answer, error) {
				return told[answer](p, fmt.Sprintf(`t, c = told[%q], came[%[1]q]
echo = bool(c) and len(c[0]) > 1
print(json.dumps({"Answers": len(t), "Same": int(bool(t) and (c[0][-1] if echo else t[0]) == digests(sent)), "Excess": sum(c[0][:-1]) - %d if echo else 0}))`, target, size*parts))
			}, func(a answer) bool { return a.Answers > 0 })
			sent++
			if got.Answers != 1 || got.Same != 1 {
				wrong++
				l.Logf("%d bytes to %s: %+v", size, target, got)
			}
			excess += max(got.Excess, -got.Excess)
			return err
		}
		for _, size := range outSizes {
			for _, target := range []string{"js.echo", "probe.echo"} {
				if err := check(target, size, 1); err != nil {
					return err
				}
			}
		}
		for _, target := range []string{"js.digest", "probe.digest"} {
			if err := check(target, in, 1); err != nil {
				return err
			}
			if err := check(target, 1000, 10); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	n, megabytes := l.n(100, 10), 64
	var growth float64
	err = l.objects(func(p *browse.Page) (err error) {
		growth, err = call[float64](p, "buffers", "unread", map[string]int{"n": n, "megabytes": megabytes})
		return err
	})
	name := fmt.Sprintf("%d messages with buffers of 0 B to 8 MiB out and %d MiB in: ", sent, in/mebibyte)
	return []Row{
		is(12, name+"SHA-256 differs", float64(wrong), 0),
		is(12, strings.TrimSuffix(name, ": ")+": bytes too many or too few", float64(excess), 0),
		below(12, fmt.Sprintf("%d messages of %d MiB that nobody reads: growth of Go's memory", n, megabytes), growth, 1, "MB"),
	}, err
}
