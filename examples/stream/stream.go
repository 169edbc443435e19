// Command stream is a widget's front end: it draws the frames of samples that Python
// streams, and the user pans and zooms in them.
package main

import "math"

// State has the widget's traits.
type State struct {
	// The part of the frame that is shown: 0 is its first sample, 1 its end.
	Start, Stop float64
	// The values at the bottom and at the top.
	Low, High float64
}

// least is the smallest part of a frame that is shown.
const least = 1e-5

// zoom shows factor times as much, and keeps what is at a fraction of the width in place.
func (s *State) zoom(at, factor float64) {
	width := min(max((s.Stop-s.Start)*factor, least), 1)
	s.moveTo(s.Start+at*(s.Stop-s.Start-width), width)
}

// pan moves by a fraction of what is shown.
func (s *State) pan(by float64) {
	width := s.Stop - s.Start
	s.moveTo(s.Start+by*width, width)
}

func (s *State) moveTo(start, width float64) {
	s.Start = min(max(start, 0), 1-width)
	s.Stop = s.Start + width
}

// A span is the lowest and the highest sample of those that fall on a column of pixels.
type span struct{ low, high float32 }

// spans puts the samples between two fractions of all on the columns.
func spans(columns []span, samples []float32, start, stop float64) {
	n := float64(len(samples))
	first, step := start*n, (stop-start)*n/float64(len(columns))
	for i := range columns {
		from := min(max(int(first+float64(i)*step), 0), len(samples)-1)
		to := min(max(int(first+float64(i+1)*step), from+1), len(samples))
		low, high := samples[from], samples[from]
		for _, v := range samples[from:to] {
			// Comparisons, which are faster here than min and max, whose NaNs are particular.
			if v < low {
				low = v
			} else if v > high {
				high = v
			}
		}
		columns[i] = span{low, high}
	}
}

// An rgba is a colour of a pixel.
type rgba [4]byte

// paint draws the spans into pixels, four bytes each, as a line that goes from column to column.
func paint(pixels []byte, columns []span, height int, low, high float64, ink rgba) {
	clear(pixels)
	width := len(columns)
	scale := float64(height-1) / (high - low)
	row := func(v float32) int {
		y := math.Round(float64(height-1) - (float64(v)-low)*scale)
		return int(min(max(y, -1), float64(height))) // beyond the edges there is nothing to see
	}
	for x, s := range columns {
		if x > 0 { // joined to the column before
			s.low, s.high = min(s.low, columns[x-1].high), max(s.high, columns[x-1].low)
		}
		for y := max(row(s.high), 0); y <= min(row(s.low), height-1); y++ {
			copy(pixels[4*(y*width+x):], ink[:])
		}
	}
}
