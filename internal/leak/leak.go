// Package leak fails a package's tests when they leave goroutines behind.
package leak

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"
)

// patience is how long goroutines may take to end after the last test.
const patience = 5 * time.Second

// Main runs the tests of a package, for its TestMain, and exits.
func Main(m *testing.M) {
	before := runtime.NumGoroutine()
	code := m.Run()
	if code == 0 && !fuzzing() && !settles(before) {
		fmt.Fprintf(os.Stderr, "leak: %d goroutines before the tests, %d after them:\n\n%s\n",
			before, runtime.NumGoroutine(), stacks())
		code = 1
	}
	os.Exit(code)
}

// fuzzing tells whether this is go test -fuzz, which keeps goroutines of its own.
func fuzzing() bool {
	f := flag.Lookup("test.fuzz")
	return f != nil && f.Value.String() != ""
}

// settles waits until no more than n goroutines are left. The runtime tells
// nobody when a goroutine ends, so it has to look again and again.
func settles(n int) bool {
	for deadline := time.Now().Add(patience); runtime.NumGoroutine() > n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}

func stacks() []byte {
	buf := make([]byte, 1<<20)
	return buf[:runtime.Stack(buf, true)]
}
