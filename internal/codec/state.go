package codec

import (
	"reflect"
	"unsafe"
)

// A State is some or all of a widget's traits, as messages carry them.
type State struct {
	Traits  []byte // a JSON object
	Paths   []byte // of Buffers: a JSON array of arrays, or empty
	Buffers Buffers
	Skip    map[string]bool // traits that are there, and not to be read
}

func (s State) places() (*tree, error) {
	if len(s.Paths) == 0 {
		return nil, nil
	}
	t, _, err := parsePaths(s.Paths)
	return t, err
}

// A Struct has a field for each trait of a state.
type Struct struct {
	Fields []Field
	root   *node
}

// A Field is one of a struct's.
type Field struct {
	Name     string // in JSON
	GoName   string
	Optional bool // may be missing
	*field
}

// StructOf gives the fields of a struct.
func StructOf(t reflect.Type) (*Struct, error) {
	p := PlanOf(t)
	if p.not != nil {
		return nil, p.not
	}
	s := &Struct{root: p.root}
	for i := range p.root.fields {
		f := &p.root.fields[i]
		if len(f.steps) > 0 {
			return nil, &NoPlan{field: f.path, typ: f.node.typ.String(), why: "is in a struct that is embedded as a pointer"}
		}
		s.Fields = append(s.Fields, Field{f.name, f.goName, f.omitEmpty || f.omitZero, f})
	}
	return s, nil
}

// Read puts the traits that are there into the struct at p, and calls changed for each
// field that has a new value. A trait that does not fit is left as it was; the others are
// read nevertheless, and the first error is returned. misfits gets the error, or nil, of
// each field that is there.
func (t *Struct) Read(s State, p unsafe.Pointer, misfits []error, changed func(field int)) error {
	places, err := s.places()
	if err != nil {
		return err
	}
	seen := make([]bool, len(t.Fields))
	read := func(name string, value []byte, at *tree) {
		i := t.root.field([]byte(name))
		if i < 0 || seen[i] || s.Skip[t.Fields[i].Name] {
			return
		}
		seen[i] = true
		f := &t.Fields[i]
		x := newValue(f.node.typ)
		e := readValue(f.node, value, at, s.Buffers, x)
		if field, ok := e.(*FieldError); ok {
			e = field.Under(f.path)
		}
		if misfits[i] = e; e != nil {
			err = earlier(err, e)
			return
		}
		// To compare buffers costs as much as to draw them.
		whole := at != nil && at.buffer >= 0
		if old := unsafe.Add(p, f.offset); whole || !f.node.same(old, x) {
			valueAt(f.node.typ, old).Set(valueAt(f.node.typ, x))
			changed(i)
		}
	}
	there := make([]bool, places.len())
	first := Members(s.Traits, func(name string, value []byte) error {
		read(name, value, places.member([]byte(name), there))
		return nil
	})
	for i := range there { // traits that are binary as a whole
		if !there[i] {
			read(places.names[i], []byte("null"), places.below[i])
		}
	}
	return earlier(first, err)
}

func earlier(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// readValue reads JSON text, with the places of buffers in it, into p's memory.
func readValue(n *node, text []byte, at *tree, b Buffers, p unsafe.Pointer) error {
	space := TakeSpace()
	defer space.GiveBack()
	s := scan{scanner: scanner{text: text}, out: space.Bytes[:0]}
	s.value(n, at)
	if err := s.finish(); err != nil {
		return err
	}
	r := &space.reader
	r.data, r.at, r.buffers = s.out, 0, b
	if !r.value(n, p) {
		return r.err
	}
	return nil
}

// Missing gives the first field that is not optional and that s has no trait for, or nil.
func (t *Struct) Missing(s State) (*Field, error) {
	places, err := s.places()
	if err != nil {
		return nil, err
	}
	there := make([]bool, len(t.Fields))
	note := func(name string) {
		if i := t.root.field([]byte(name)); i >= 0 {
			there[i] = true
		}
	}
	for i := range places.len() {
		note(places.names[i])
	}
	err = Members(s.Traits, func(name string, _ []byte) error { note(name); return nil })
	for i := range there {
		if !there[i] && !t.Fields[i].Optional {
			return &t.Fields[i], err
		}
	}
	return nil, err
}

// Same tells whether two structs have the same value in the field.
func (f *Field) Same(a, b unsafe.Pointer) bool {
	return f.node.same(unsafe.Add(a, f.offset), unsafe.Add(b, f.offset))
}

// Copy copies the field from a struct to another.
func (f *Field) Copy(to, from unsafe.Pointer) {
	valueAt(f.node.typ, unsafe.Add(to, f.offset)).Set(valueAt(f.node.typ, unsafe.Add(from, f.offset)))
}

// Clear empties the field of the struct at p where it is a list or a text of at least n bytes, and
// tells whether it is.
func (f *Field) Clear(p unsafe.Pointer, n int) bool {
	p = unsafe.Add(p, f.offset)
	switch f.node.kind {
	case reflect.Slice:
		if s := (*slice)(p); s.len*f.node.elem.size >= n {
			*s = slice{}
			return true
		}
	case reflect.String:
		if s := (*string)(p); len(*s) >= n {
			*s = ""
			return true
		}
	}
	return false
}

// NotNil makes a list or a map that is nil an empty one.
func (f *Field) NotNil(p unsafe.Pointer) {
	p = unsafe.Add(p, f.offset)
	switch f.node.kind {
	case reflect.Slice:
		if s := (*slice)(p); s.data == nil {
			s.data = unsafe.Pointer(&nothing)
		}
	case reflect.Map:
		if *(*unsafe.Pointer)(p) == nil {
			f.node.maps.make(f.node.typ, p, 0)
		}
	}
}

// nothing is where empty lists are.
var nothing struct{}

// Encode writes the field of the struct at p.
func (f *Field) Encode(p unsafe.Pointer) (Encoded, error) {
	e, err := encodeValue(f.node, unsafe.Add(p, f.offset))
	if err != nil {
		return e, err.Under(f.path)
	}
	return e, nil
}

func encodeValue(n *node, p unsafe.Pointer) (Encoded, *FieldError) {
	w := writer{binary: true}
	if !w.asBuffer(n, p) {
		w.value(n, p)
	}
	return w.Encoded, w.err
}

// same tells whether two values are equal, as far as they are in JSON.
func (n *node) same(a, b unsafe.Pointer) bool {
	if string(unsafe.Slice((*byte)(a), n.size)) == string(unsafe.Slice((*byte)(b), n.size)) {
		return true
	}
	if n.writes != none {
		return n.sameJSON(a, b)
	}
	switch n.kind {
	case reflect.String:
		return *(*string)(a) == *(*string)(b)
	case reflect.Pointer:
		a, b = *(*unsafe.Pointer)(a), *(*unsafe.Pointer)(b)
		return a != nil && b != nil && n.elem.same(a, b)
	case reflect.Slice:
		s, t := (*slice)(a), (*slice)(b)
		return s.len == t.len && (s.data == nil) == (t.data == nil) && n.sameList(s.data, t.data, s.len)
	case reflect.Array:
		return n.sameList(a, b, n.length)
	case reflect.Struct:
		for i := range n.fields {
			f := &n.fields[i]
			x, y := f.existing(a), f.existing(b)
			if (x == nil) != (y == nil) || x != nil && !f.node.same(x, y) {
				return false
			}
		}
		return true
	case reflect.Map, reflect.Interface:
		return n.sameJSON(a, b)
	}
	return false
}

func (n *node) sameList(a, b unsafe.Pointer, length int) bool {
	size := n.elem.size
	if isNumber(n.elem.kind) {
		return string(unsafe.Slice((*byte)(a), length*size)) == string(unsafe.Slice((*byte)(b), length*size))
	}
	for i := range length {
		if !n.elem.same(unsafe.Add(a, i*size), unsafe.Add(b, i*size)) {
			return false
		}
	}
	return true
}

func (n *node) sameJSON(a, b unsafe.Pointer) bool {
	x, err := encodeValue(n, a)
	y, err2 := encodeValue(n, b)
	same := err == nil && err2 == nil && string(x.JSON) == string(y.JSON) && len(x.Buffers) == len(y.Buffers)
	for i := range x.Buffers {
		same = same && string(x.Buffers[i]) == string(y.Buffers[i]) && string(x.Paths[i]) == string(y.Paths[i])
	}
	return same
}

// AppendTrait appends a trait to the members of a JSON object and to a list of
// buffer paths, both without their brackets.
//
//go:noinline
func (e *Encoded) AppendTrait(name string, traits, paths []byte) (_, _ []byte) {
	key := AppendString(nil, name)
	if len(e.JSON) > 0 {
		if len(traits) > 0 {
			traits = append(traits, ',')
		}
		traits = append(append(append(traits, key...), ':'), e.JSON...)
	}
	for _, p := range e.Paths {
		if len(paths) > 0 {
			paths = append(paths, ',')
		}
		paths = append(append(paths, '['), key...)
		if len(p) > 0 {
			paths = append(append(paths, ','), p...)
		}
		paths = append(paths, ']')
	}
	return traits, paths
}
