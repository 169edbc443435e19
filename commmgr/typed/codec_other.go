//go:build !js

package typed

import (
	"gocomm/commmgr/typed/internal/jsonbase"
	"gocomm/commmgr/typed/internal/reflectmap"
)

// exactIntegers tells that integers of 64 bits reach the kernel as they are.
const exactIntegers = true

// A native program gets its messages as JSON text.
func init() {
	UseCodec(Codec{Marshal: jsonbase.Marshal, Unmarshal: jsonbase.Unmarshal, Mismatch: jsonbase.Mismatch})
	UseMaps(Maps{Make: reflectmap.Make, Set: reflectmap.Set, Keys: reflectmap.Keys, Get: reflectmap.Get})
}
