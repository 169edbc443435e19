package codec

import (
	"reflect"
	"strconv"
	"sync/atomic"
)

// Wanted says which values of a message are to be read, as a JSON array of nodes, of
// which the first is the root and others are named by their places:
//
//	{}                                  a bool, number or string
//	{"fields": [["x", 1], ["y", 1]]}    an object with these names
//	{"list": 1}                         an array; with "most": 3, its first three
//	{"map": 1}                          an object with any names
//	{"text": 1}                         the JSON text of any value
//
// A node with several of them takes each; the root has "binary" where a message may have
// "buffer_paths". The values come one after the other, each with a tag before it (see
// read.go). Names are matched exactly, or else whatever their case. Of two names that
// match one field, both values come, in their order.
type Wanted struct {
	ID   int32 // its number among the program's plans, from 0
	Text string
}

// A Plan is what is known of a Go type: how to read and write its values.
type Plan struct {
	_ [0]func() // not comparable: that takes code
	Wanted
	typ    reflect.Type
	root   *node
	binary bool // some of it may be in binary buffers
	not    *NoPlan
	next   *Plan // in its list
}

// A node is a plan's part for one type.
type node struct {
	typ    reflect.Type
	kind   reflect.Kind
	size   int
	elem   *node // of a pointer, slice, array or map; of an any, itself
	length int   // of an array
	maps   *mapFuncs
	fields []field        // of a struct
	byName map[string]int // their places
	buffer bool           // a slice of numbers that travels as a binary buffer
	reads  method         // reading calls the type's method, and so does writing
	writes method
	id     int // in the plan's text; pointers are not there
}

// plans are those that were made, in lists by their types' addresses. They are only ever
// added to: a lock could be held by a goroutine that the garbage collector has stopped.
var (
	plans [64]atomic.Pointer[Plan]
	texts atomic.Int32
)

// PlanOf gives the plan of a type, which it makes the first time.
func PlanOf(t reflect.Type) *Plan {
	list := &plans[uintptr(Memory(t))>>5%uintptr(len(plans))]
	var p *Plan
	for {
		first := list.Load()
		for known := first; known != nil; known = known.next {
			if known.typ == t {
				return known
			}
		}
		if p == nil {
			p = newPlan(t)
		}
		if p.next = first; list.CompareAndSwap(first, p) {
			return p
		}
	}
}

func newPlan(t reflect.Type) *Plan {
	b := builder{nodes: map[nodeKey]*node{}}
	p := &Plan{typ: t}
	if p.root, p.not = b.node(t, false); p.not != nil {
		return p
	}
	_, named := p.root.pointee().byName[pathsName]
	p.binary = b.binary && !named
	p.Wanted = Wanted{ID: texts.Add(1) - 1, Text: b.text(p)}
	return p
}

// Usable gives an error, a [NoPlan], where this program cannot read and write the type.
func (p *Plan) Usable() error {
	if p.not != nil {
		return p.not
	}
	return nil
}

type nodeKey struct {
	typ    reflect.Type
	binary bool
}

type builder struct {
	nodes  map[nodeKey]*node
	path   []string // the names of the fields on the way
	binary bool
}

// node gives the node of a type; binary is the option of its field's tag.
func (b *builder) node(t reflect.Type, binary bool) (*node, *NoPlan) {
	key := nodeKey{t, binary}
	if n := b.nodes[key]; n != nil {
		return n, nil
	}
	n := &node{typ: t, kind: t.Kind(), size: int(t.Size())}
	b.nodes[key] = n
	if isJSON(t) {
		n.kind, n.reads, n.writes = reflect.String, raw, raw // in memory
		return n, nil
	}
	if not := b.methods(n); not != nil || n.reads != none && n.writes != none {
		return n, not
	}
	var not *NoPlan
	switch n.kind {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
	case reflect.Map:
		if n.maps = mapsOf(t); n.maps == nil {
			return n, b.not(t, "is a map of its own kind", true)
		}
		if k, _ := b.node(t.Key(), false); k.kind != reflect.String && !isInteger(k.kind) || k.reads != none || k.writes != none {
			return n, b.not(t, "has keys that are neither strings nor integers", false)
		}
		n.elem, not = b.node(t.Elem(), false)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		if n.elem, not = b.node(t.Elem(), false); n.kind == reflect.Array {
			n.length = t.Len()
		}
		for e := n.elem; n.kind == reflect.Pointer && e != nil && e.kind == reflect.Pointer; e = e.elem {
			if e == n {
				return n, b.not(t, "points to itself alone", false)
			}
		}
		n.buffer = n.kind == reflect.Slice && (n.elem.kind == reflect.Uint8 || binary && isNumber(n.elem.kind)) && n.elem.reads == none && n.elem.writes == none
		b.binary = b.binary || n.buffer
	case reflect.Struct:
		n.fields, not = b.structFields(t)
		n.byName = make(map[string]int, len(n.fields))
		for i := range n.fields {
			n.byName[n.fields[i].name] = i
		}
	case reflect.Interface:
		n.elem = n
		b.binary = true
		if !reflect.TypeFor[struct{}]().Implements(t) {
			not = b.not(t, "is an interface with methods", false)
		} else if full == nil {
			not = b.not(t, "holds any value", true)
		}
	default:
		not = b.not(t, "is none of JSON's", false)
	}
	if binary && !n.buffer && not == nil {
		not = b.not(t, `has the option binary, which is for slices of numbers with a size`, false)
	}
	return n, not
}

// not says why there is no plan; more, whether there is one with [UseAll].
//
//go:noinline
func (b *builder) not(t reflect.Type, why string, more bool) *NoPlan {
	return &NoPlan{field: joined(b.path), typ: t.String(), why: why, more: more && full == nil}
}

// text numbers the nodes and describes them.
func (b *builder) text(p *Plan) string {
	root := p.root.pointee()
	list := []*node{root}
	for _, n := range b.nodes {
		if n != root && n.kind != reflect.Pointer {
			n.id = len(list)
			list = append(list, n)
		}
	}
	text := "[{"
	if p.binary {
		text += `"binary":1`
	}
	for i, n := range list {
		if i > 0 {
			text += ",{"
		} else if d := n.describe(); p.binary && d != "" {
			text += ","
		}
		text += n.describe() + "}"
	}
	return text + "]"
}

func (n *node) describe() string {
	switch {
	case n.reads != none:
		return `"text":1`
	case n.kind == reflect.Slice:
		return `"list":` + n.elem.place()
	case n.kind == reflect.Array:
		return `"list":` + n.elem.place() + `,"most":` + strconv.Itoa(n.length)
	case n.kind == reflect.Map:
		return `"map":` + n.elem.place()
	case n.kind == reflect.Interface:
		return `"list":` + n.place() + `,"map":` + n.place()
	case n.kind == reflect.Struct:
		text := ""
		for i := range n.fields {
			text += `,["` + n.fields[i].name + `",` + n.fields[i].node.place() + "]" // no name has what is to be escaped
		}
		return `"fields":[` + text[min(1, len(text)):] + "]"
	}
	return ""
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
