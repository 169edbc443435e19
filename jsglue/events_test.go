//go:build !js

package jsglue

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a comm's end costs does not depend on how much the other comms wait for.
func TestEventsOfOtherCommsAreNotLookedAt(t *testing.T) {
	const comms, each = 1000, 10
	var e events
	var numbers []int32
	for range each {
		for c := range comms {
			numbers = append(numbers, e.add(strconv.Itoa(c), nil))
		}
	}
	require.Zero(t, e.forget("another"))
	e.remove(numbers[0])              // the first one's earliest
	e.remove(numbers[1+4*comms])      // one in the middle
	e.remove(numbers[2+9*comms])      // the newest
	e.remove(numbers[2+9*comms])      // once more
	e.remove(int32(len(numbers) + 1)) // none
	for c := range comms {
		want := each
		if c < 3 {
			want--
		}
		require.Equal(t, want, e.forget(strconv.Itoa(c)))
	}
	require.Empty(t, e.byNumber)
	require.Empty(t, e.byComm)
	require.Nil(t, e.get(numbers[5]))
}
