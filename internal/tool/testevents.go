package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// testResult counts tests, subtests included.
type testResult struct{ passed, failed, skipped int }

// testEvent is a line of `go test -json`.
type testEvent struct {
	Action, Package, Test, Output string
}

// readTestEvents prints what a plain `go test` would (packages' closing lines, and the output of failed tests) and counts.
func readTestEvents(r io.Reader, w io.Writer) (testResult, error) {
	var result testResult
	pending := map[string]*strings.Builder{} // output by test, until it is known whether it failed
	said := func(e testEvent) *strings.Builder {
		key := e.Package + " " + e.Test
		if pending[key] == nil {
			pending[key] = &strings.Builder{}
		}
		return pending[key]
	}
	for d := json.NewDecoder(r); ; {
		var e testEvent
		if err := d.Decode(&e); err != nil {
			if errors.Is(err, io.EOF) {
				return result, nil
			}
			return result, fmt.Errorf("reading go test's report: %w", err)
		}
		switch e.Action {
		case "build-output":
			fmt.Fprint(w, e.Output)
		case "output":
			// wasmbrowsertest's chromedp is older than the browser, and says so for every value that is new to it.
			if strings.Contains(e.Output, "ERROR: could not unmarshal event: unknown ") {
				continue
			}
			said(e).WriteString(e.Output)
		case "pass", "skip":
			if e.Test == "" {
				fmt.Fprint(w, closingLine(said(e).String()))
				continue
			}
			if e.Action == "pass" {
				result.passed++
			} else {
				result.skipped++
			}
		case "fail":
			if e.Test != "" {
				result.failed++
			}
			fmt.Fprint(w, said(e).String())
		}
	}
}

// closingLine is the last line of a package's output: "ok", "?" or "FAIL", and the time.
func closingLine(output string) string {
	output = strings.TrimRight(output, "\n")
	if output == "" {
		return ""
	}
	return output[strings.LastIndexByte(output, '\n')+1:] + "\n"
}
