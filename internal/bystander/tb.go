// Package bystander has a testing.TB for where there is no test: examples, and the bench.
package bystander

import "testing"

// TB runs what Cleanup was given when End is called. Other methods of testing.TB, which
// report a failure, panic.
type TB struct {
	testing.TB
	cleanups []func()
}

func (*TB) Helper() {}

// Cleanup has f called by End.
func (tb *TB) Cleanup(f func()) { tb.cleanups = append(tb.cleanups, f) }

// End ends what the test would.
func (tb *TB) End() {
	for _, f := range tb.cleanups {
		f()
	}
}
