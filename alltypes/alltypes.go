// Package alltypes lets a program on a page send and receive values of all types that
// packages typed and widget know: maps of any types, types with methods such as
// UnmarshalJSON or MarshalText (time.Time, json.RawMessage), and structs and arrays with
// the option omitzero. Importing it is enough:
//
//	import _ "gocomm/alltypes"
//
// Native programs need no import. Without it a program on a page has structs, slices,
// arrays, pointers, strings, bools, numbers, and maps from string to string, bool,
// int or float64; where a type needs the import, the error says so. The import adds
// about a twenty-fifth of an empty Go program.
package alltypes

import "gocomm/internal/codec"

func init() { codec.UseAll() }
