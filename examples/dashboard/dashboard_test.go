package main

import (
	"slices"
	"testing"
)

func TestSmooth(t *testing.T) {
	year := []float64{0, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 6}
	for months, want := range map[int][]float64{
		1: year,
		2: {3, 0, 0, 0, 0, 6, 6, 0, 0, 0, 0, 3},
		3: {2, 0, 0, 0, 4, 4, 4, 0, 0, 0, 2, 2},
	} {
		if got := smooth(year, months); !slices.Equal(got, want) {
			t.Errorf("over %d months: %v, not %v", months, got, want)
		}
	}
}

func TestArrayOf(t *testing.T) {
	a := arrayOf([]float64{1, -2})
	if !slices.Equal(a.Value, []byte{0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0}) || a.Dtype != "float64" || !slices.Equal(a.Shape, []int{2}) {
		t.Errorf("%+v", a)
	}
}
