//go:build measure

// Package fields has what the bench's programs decode.
package fields

// Update has the five fields of the bench's messages.
type Update struct {
	Method string  `json:"method"`
	Value  int     `json:"value"`
	X      float64 `json:"x"`
	Name   string  `json:"name"`
	On     bool    `json:"on"`
}
