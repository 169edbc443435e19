// Command dashboard is a widget's front end: it makes controls of ipywidgets', and drives a plot of bqplot's and a map of
// ipyleaflet's, which Python has made.
package main

import (
	"encoding/binary"
	"math"

	"gocomm/widget/core"
)

// State has the widget's traits.
type State struct {
	Places []Place
	// What Python has made.
	Lines  core.Ref[Lines]
	Figure core.Ref[Figure]
	Map    core.Ref[Map]
	// What Go has made; nil before.
	Place  *core.Ref[core.Dropdown]
	Months *core.Ref[core.IntSlider]
	Zoom   *core.Ref[core.IntSlider]
}

// A Place has one value for each month.
type Place struct {
	Name   string
	Center [2]float64 // latitude and longitude
	Values []float64
}

// Lines are the traits of bqplot's Lines that are used here. Any struct with some of a widget's traits will do.
type Lines struct {
	Y Array
}

// A Figure is bqplot's.
type Figure struct {
	Title string
}

// A Map is ipyleaflet's.
type Map struct {
	Center [2]float64
	Zoom   float64
}

// An Array is a trait of bqplot's with numbers, in the form in which it travels.
type Array struct {
	Value []byte // little-endian
	Dtype string
	Shape []int
	Type  *string
}

func arrayOf(values []float64) Array {
	a := Array{Dtype: "float64", Shape: []int{len(values)}}
	for _, v := range values {
		a.Value = binary.LittleEndian.AppendUint64(a.Value, math.Float64bits(v))
	}
	return a
}

// smooth gives the means of so many months around each, over the year's end.
func smooth(values []float64, months int) []float64 {
	means := make([]float64, len(values))
	for i := range means {
		for k := range months {
			means[i] += values[(i+k+len(values)-months/2)%len(values)] / float64(months)
		}
	}
	return means
}
