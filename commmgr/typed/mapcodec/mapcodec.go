// Package mapcodec lets a program on a page use any maps with string keys as
// package typed's types. Without it, there are those of strings, bools, ints and
// float64s: map[string]int, say. Importing it is enough:
//
//	import _ "gocomm/commmgr/typed/mapcodec"
//
// It adds some 7 % of an empty Go program. Native programs have it without the
// import, and those that import jsoncodec.
package mapcodec

import (
	"gocomm/commmgr/typed/internal/reflectmap"
	"gocomm/commmgr/typed/internal/registry"
)

func init() {
	registry.AnyMaps = &registry.Maps{Make: reflectmap.Make, Set: reflectmap.Set, Keys: reflectmap.Keys, Get: reflectmap.Get}
}
