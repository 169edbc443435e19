// Package jsonbase is package typed's way to encoding/json, which not every
// program on a page is to link.
package jsonbase

import (
	"encoding/json"
	"errors"
)

// Marshal is json.Marshal.
func Marshal(v any) ([]byte, error) { return json.Marshal(v) }

// Unmarshal is json.Unmarshal.
func Unmarshal(data []byte, v any) error { return json.Unmarshal(data, v) }

// Mismatch reads an error of Unmarshal's about a value that does not fit its type.
func Mismatch(err error) (field, value, goType string, ok bool) {
	e, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		return "", "", "", false
	}
	return e.Field, e.Value, e.Type.String(), true
}
