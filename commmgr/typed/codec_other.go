//go:build !js

package typed

import (
	"gocomm/commmgr/typed/internal/jsonbase"
	"gocomm/commmgr/typed/internal/reflectmap"
	"gocomm/commmgr/typed/internal/registry"
)

// exactIntegers tells that integers of 64 bits reach the kernel as they are.
const exactIntegers = true

// A native program gets its messages as JSON text.
func init() {
	registry.JSON = &registry.Codec{Marshal: jsonbase.Marshal, Unmarshal: jsonbase.Unmarshal, Mismatch: jsonbase.Mismatch}
	registry.AnyMaps = &registry.Maps{Make: reflectmap.Make, Set: reflectmap.Set, Keys: reflectmap.Keys, Get: reflectmap.Get}
}
