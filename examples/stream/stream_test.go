package main

import (
	"slices"
	"testing"
)

func TestZoomAndPan(t *testing.T) {
	s := State{Start: 0, Stop: 1}
	s.zoom(0.5, 0.5)
	if s.Start != 0.25 || s.Stop != 0.75 {
		t.Fatalf("half of it in the middle: %v", s)
	}
	s.pan(0.25)
	if s.Start != 0.375 || s.Stop != 0.875 {
		t.Fatalf("a quarter to the right: %v", s)
	}
	s.pan(10)
	if s.Start != 0.5 || s.Stop != 1 {
		t.Fatalf("not beyond the end: %v", s)
	}
	s.zoom(1, 100)
	if s.Start != 0 || s.Stop != 1 {
		t.Fatalf("no more than all of it: %v", s)
	}
	for range 100 {
		s.zoom(0, 0.1)
	}
	if s.Start != 0 || s.Stop != least {
		t.Fatalf("no less than can be seen: %v", s)
	}
}

func TestSpans(t *testing.T) {
	samples := []float32{0, 1, 2, 3, 4, 3, 2, 1}
	columns := make([]span, 4)
	spans(columns, samples, 0, 1)
	if want := []span{{0, 1}, {2, 3}, {3, 4}, {1, 2}}; !slices.Equal(columns, want) {
		t.Fatalf("got %v, want %v", columns, want)
	}
	spans(columns, samples, 0.5, 0.75) // more columns than samples
	if want := []span{{4, 4}, {4, 4}, {3, 3}, {3, 3}}; !slices.Equal(columns, want) {
		t.Fatalf("got %v, want %v", columns, want)
	}
}

func TestPaint(t *testing.T) {
	ink := rgba{1, 2, 3, 255}
	pixels := make([]byte, 4*2*3)
	paint(pixels, []span{{0, 1}, {5, 9}}, 3, 0, 2, ink)
	drawn := func(x, y int) bool { return pixels[4*(2*y+x)+3] == 255 }
	for y, want := range [][2]bool{{false, true}, {true, true}, {true, false}} {
		if got := [2]bool{drawn(0, y), drawn(1, y)}; got != want {
			t.Fatalf("row %d: %v, want %v", y, got, want)
		}
	}
}
