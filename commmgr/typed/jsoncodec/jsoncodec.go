// Package jsoncodec gives a program on a page what package typed needs
// encoding/json for: types that hold any value, such as map[string]any and
// json.RawMessage, recursive types, and those with methods such as UnmarshalJSON.
// Importing it is enough:
//
//	import _ "gocomm/commmgr/typed/jsoncodec"
//
// It adds about a quarter to the size of an empty Go program. Native programs
// have it without the import.
package jsoncodec

import (
	"gocomm/commmgr/typed/internal/jsonbase"
	"gocomm/commmgr/typed/internal/registry"
	_ "gocomm/commmgr/typed/mapcodec" // encoding/json has what it needs
)

func init() {
	registry.JSON = &registry.Codec{Marshal: jsonbase.Marshal, Unmarshal: jsonbase.Unmarshal, Mismatch: jsonbase.Mismatch}
}
