package typed

import (
	"reflect"
	"strconv"
	"sync"

	"gocomm/commmgr/typed/internal/registry"
	"gocomm/internal/seam"
)

// A plan is what is known of a Go type: how to read its values from a message that
// is parsed already, and how to write them as JSON, both as encoding/json would.
//
// Its text tells a layer.Planner what is wanted, as a JSON array of nodes, of
// which the first is the root and others are named by their places:
//
//	{}                                  a bool, number or string
//	{"fields": [["x", 1], ["y", 1]]}    an object with these names
//	{"list": 1}                         an array; with "most": 3, its first three
//	{"map": 1}                          an object with any names
//
// What comes back is values, one after the other, each with a tag before it; see
// read.go. Names are matched as encoding/json does: exactly, or else whatever their
// case. Of names that match twice, both values come, in their order.
type plan struct {
	seam.Plan
	typ  reflect.Type
	root *node
	not  *noPlan // why there is none
}

// A node is a plan's part for one type.
type node struct {
	typ    reflect.Type
	kind   reflect.Kind
	size   int
	elem   *node          // of a pointer, slice, array or map
	length int            // of an array
	maps   *registry.Maps // of a map
	fields []field        // of a struct
	id     int            // in the plan's text; pointers are not there
}

// plans has those that were made. It is no sync.Map: what is put into an any keeps
// the methods of all types below it in the program.
var plans struct {
	sync.Mutex
	byType map[reflect.Type]*plan
	texts  int32 // how many have one
}

// planOf gives the plan of a type, which it makes the first time.
func planOf(t reflect.Type) *plan {
	plans.Lock()
	defer plans.Unlock()
	p := plans.byType[t]
	if p != nil {
		return p
	}
	b := builder{nodes: map[reflect.Type]*node{}}
	p = &plan{typ: t}
	if p.root, p.not = b.node(t); p.not == nil {
		p.Plan = seam.Plan{ID: plans.texts, Text: b.text(p.root)}
		plans.texts++
	}
	if plans.byType == nil {
		plans.byType = map[reflect.Type]*plan{}
	}
	plans.byType[t] = p
	return p
}

type builder struct {
	nodes map[reflect.Type]*node // nil while a type is looked into
	path  []string               // the names of the fields on the way
}

// Types with these methods have them called by encoding/json. The names stand here
// since a call of reflect's Method would have the linker keep all methods there are.
var methods = [...]struct {
	name string
	has  reflect.Type
}{
	{"UnmarshalJSON", reflect.TypeFor[interface{ UnmarshalJSON([]byte) error }]()},
	{"UnmarshalText", reflect.TypeFor[interface{ UnmarshalText([]byte) error }]()},
	{"MarshalJSON", reflect.TypeFor[interface{ MarshalJSON() ([]byte, error) }]()},
	{"MarshalText", reflect.TypeFor[interface{ MarshalText() ([]byte, error) }]()},
}

func (b *builder) node(t reflect.Type) (*node, *noPlan) {
	if n, ok := b.nodes[t]; ok {
		if n == nil {
			return nil, b.not(t, "is recursive")
		}
		return n, nil
	}
	b.nodes[t] = nil
	n := &node{typ: t, kind: t.Kind(), size: int(t.Size())}
	for i := range methods {
		m := &methods[i]
		if t.Implements(m.has) || reflect.PointerTo(t).Implements(m.has) {
			return nil, b.not(t, "has the method "+m.name)
		}
	}
	var not *noPlan
	switch n.kind {
	case reflect.Bool, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
	case reflect.String:
		if t.PkgPath() == "encoding/json" { // json.Number
			return nil, b.not(t, "is encoding/json's own")
		}
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			return nil, b.not(t, "has keys that are no strings")
		}
		if n.maps = mapsOf(t); n.maps == nil {
			return nil, &noPlan{field: joined(b.path), typ: t.String(), why: "is a map of its own kind", with: "mapcodec"}
		}
		if _, not = b.node(t.Key()); not == nil {
			n.elem, not = b.node(t.Elem())
		}
	case reflect.Pointer, reflect.Slice:
		n.elem, not = b.node(t.Elem())
	case reflect.Array:
		n.length = t.Len()
		n.elem, not = b.node(t.Elem())
	case reflect.Struct:
		n.fields, not = b.structFields(t)
	case reflect.Interface:
		return nil, b.not(t, "holds any value")
	default:
		return nil, b.not(t, "is none of JSON's")
	}
	if not != nil {
		return nil, not
	}
	b.nodes[t] = n
	return n, nil
}

func (b *builder) not(t reflect.Type, why string) *noPlan {
	return &noPlan{field: joined(b.path), typ: t.String(), why: why, with: "jsoncodec"}
}

// text numbers the nodes and describes them.
func (b *builder) text(root *node) string {
	root = root.pointee()
	list := []*node{root}
	for _, n := range b.nodes {
		if n != root && n.kind != reflect.Pointer {
			n.id = len(list)
			list = append(list, n)
		}
	}
	root.id = 0
	text := "["
	for i, n := range list {
		if i > 0 {
			text += ","
		}
		text += n.describe()
	}
	return text + "]"
}

func (n *node) describe() string {
	switch n.kind {
	case reflect.Slice:
		return `{"list":` + n.elem.place() + "}"
	case reflect.Array:
		return `{"list":` + n.elem.place() + `,"most":` + strconv.Itoa(n.length) + "}"
	case reflect.Map:
		return `{"map":` + n.elem.place() + "}"
	case reflect.Struct:
		text := ""
		for i := range n.fields {
			text += `,["` + n.fields[i].name + `",` + n.fields[i].node.place() + "]" // no name has what is to be escaped
		}
		return `{"fields":[` + text[min(1, len(text)):] + "]}"
	}
	return "{}"
}

// place is how a node is named in the plan's text.
func (n *node) place() string { return strconv.Itoa(n.pointee().id) }

// pointee is what pointers point to, in the end.
func (n *node) pointee() *node {
	for n.kind == reflect.Pointer {
		n = n.elem
	}
	return n
}

// joined gives a path as it is written in errors.
func joined(path []string) string {
	s := ""
	for i, name := range path {
		if i > 0 {
			s += "."
		}
		s += name
	}
	return s
}
