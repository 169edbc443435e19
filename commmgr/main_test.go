package commmgr_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must happen.
const patience = 10 * time.Second

// receive takes the next value of ch, or fails the test, naming what it waited for.
func receive[T any](t *testing.T, ch <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(patience):
		t.Fatalf("waited %v for %s in vain", patience, what)
		panic("unreachable")
	}
}

// drain takes what a channel holds now.
func drain[T any](ch <-chan T) (all []T) {
	for {
		select {
		case v := <-ch:
			all = append(all, v)
		default:
			return all
		}
	}
}
