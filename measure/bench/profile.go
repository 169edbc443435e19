//go:build measure

package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/chromedp/cdproto/profiler"
	"github.com/chromedp/chromedp"
)

// named puts programs whose functions have names in the place of those measured.
func named(ctx context.Context, root, dir, nbextensions string) error {
	for pkg, to := range map[string]string{"./wasm/commmgr": "gocomm/commmgr", "./measure/bench/typed": "bench/typed", "./measure/bench/values": "bench/values"} {
		out := filepath.Join(dir, "named.wasm")
		if err := compile(ctx, root, pkg, out, "-ldflags="); err != nil {
			return err
		}
		module, err := os.ReadFile(out)
		if err != nil {
			return err
		}
		var z bytes.Buffer
		w, err := gzip.NewWriterLevel(&z, gzip.BestSpeed)
		if err != nil {
			return err
		}
		if _, err := w.Write(module); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(nbextensions, to+".wasm.gz"), z.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// profileRow prints where the time of a row goes, on both sides, and keeps the
// profiles in dist for the browser's developer tools.
func (b *bench) profileRow(ctx context.Context, key string) error {
	module, sides, on, of := "rows", []string{"stock", "gocomm"}, b.chrome.on, ""
	switch key {
	case "burst", "single":
		module, sides = "typed", []string{"lab", "gocomm"}
	case "labBurst", "labSingle":
		module, sides, on, of = "labpage", []string{"js", "go"}, b.onLab, "window.lab, "
	case "sliders", "sliderMoves":
		module, sides, on = "sliders", []string{"Js", "Go"}, b.onNotebookTab
	}
	for _, side := range sides {
		err := on(func(t *tab) error {
			if _, err := eval[bool](t, fmt.Sprintf("(window.go = await (await bench(%q)).during(%s%q, %q, 3000), true)", module, of, key, side)); err != nil {
				return err
			}
			if _, err := chromedp.Call(t.ctx, profiler.Enable, struct{}{}); err != nil {
				return err
			}
			if _, err := chromedp.Call(t.ctx, profiler.SetSamplingInterval, profiler.SetSamplingIntervalParams{Interval: 100}); err != nil {
				return err
			}
			if _, err := chromedp.Call(t.ctx, profiler.Start, struct{}{}); err != nil {
				return err
			}
			done, err := eval[struct{ N, Ms float64 }](t, "window.go()")
			if err != nil {
				return err
			}
			result, err := chromedp.Call(t.ctx, profiler.Stop, struct{}{})
			if err != nil {
				return err
			}
			text, err := json.Marshal(result.Profile)
			if err != nil {
				return err
			}
			file := filepath.Join(b.root, "dist", "bench-"+key+"-"+side+".cpuprofile")
			if err := os.WriteFile(file, text, 0o644); err != nil {
				return err
			}
			fmt.Printf("%s, %s: %.0f ns each, while profiled; all of it in %s\n", key, side, done.Ms/done.N*1e6, filepath.Base(file))
			printProfile(result.Profile, done.Ms*1e6/done.N)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// printProfile lists the functions by the time spent in themselves.
func printProfile(p *profiler.Profile, each float64) {
	self := map[string]int64{}
	var all int64
	for _, n := range p.Nodes {
		f := n.CallFrame
		name := f.FunctionName
		if name == "" {
			name = "(anonymous)"
		}
		if f.URL != "" {
			name = fmt.Sprintf("%s %s:%d", name, path.Base(f.URL), f.LineNumber+1)
		}
		self[name] += n.HitCount
		all += n.HitCount
	}
	names := make([]string, 0, len(self))
	for name := range self {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(self[b], self[a]) })
	for _, name := range names[:min(25, len(names))] {
		part := float64(self[name]) / float64(max(all, 1))
		fmt.Printf("  %5.1f %%  %6.0f ns  %s\n", 100*part, part*each, name)
	}
}
