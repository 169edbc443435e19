package typed

import (
	"reflect"
	"slices"
)

// A field is one of those that JSON sees of a struct: also those of the structs
// embedded in it.
type field struct {
	name      string
	path      string // the name as errors have it, after those of embedded structs
	steps     []step // the pointers on the way to it
	offset    int    // after the last of them
	node      *node
	omitEmpty bool
	omitZero  bool
}

// A step leads through an embedded pointer.
type step struct {
	offset int
	typ    reflect.Type // of what is pointed to
}

// An embedded is a struct whose fields are looked for.
type embedded struct {
	typ   reflect.Type
	index []int
	path  []string // names of the embedded fields
	twice bool     // it is embedded twice at the same depth: its fields hide each other
}

// A candidate is a field that may be hidden.
type candidate struct {
	field
	index []int // as for reflect.Type.FieldByIndex
	typ   reflect.Type
	twice bool
	tag   tag
}

// structFields gives a struct's fields by the rules of encoding/json: of several
// with one name the least deep counts, among these a tagged one, and none if that
// leaves several.
func (b *builder) structFields(t reflect.Type) ([]field, *noPlan) {
	var fields []candidate
	decided := map[string]bool{}
	visited := map[reflect.Type]bool{}
	for level := []embedded{{typ: t}}; len(level) > 0; {
		byName := map[string][]candidate{}
		var next []embedded
		for _, e := range level {
			if visited[e.typ] {
				continue
			}
			for i := range e.typ.NumField() {
				c, below, use := look(e, i)
				switch {
				case !use:
				case below != nil:
					next = embed(next, *below)
				default:
					byName[c.name] = append(byName[c.name], c)
				}
			}
		}
		for _, e := range level {
			visited[e.typ] = true
		}
		for name, all := range byName {
			if c, ok := dominant(all); ok && !decided[name] {
				fields = insert(fields, c)
			}
		}
		for name := range byName {
			decided[name] = true
		}
		level = next
	}
	out := make([]field, len(fields))
	for i := range fields {
		c := &fields[i]
		if not := b.finish(t, c); not != nil {
			return nil, not
		}
		out[i] = c.field
	}
	return out, nil
}

// insert puts a field into its place among others: they are in the order in which
// Go has them.
func insert(fields []candidate, c candidate) []candidate {
	fields = append(fields, c)
	for i := len(fields) - 1; i > 0 && slices.Compare(c.index, fields[i-1].index) < 0; i-- {
		fields[i-1], fields[i] = fields[i], fields[i-1]
	}
	return fields
}

// look looks at field i of a struct: use is false where JSON does not see it, and
// below is the struct whose fields it stands for.
func look(e embedded, i int) (c candidate, below *embedded, use bool) {
	f := e.typ.Field(i)
	inner := f.Type
	if f.Anonymous && inner.Kind() == reflect.Pointer {
		inner = inner.Elem()
	}
	if !f.IsExported() && (!f.Anonymous || inner.Kind() != reflect.Struct) {
		return c, nil, false
	}
	t := tagOf(f.Tag)
	if t.skip {
		return c, nil, false
	}
	index := append(slices.Clip(e.index), i)
	if f.Type.Name() != "" {
		inner = f.Type // a named pointer is no embedded struct
	}
	if t.name == "" && !t.strange && f.Anonymous && inner.Kind() == reflect.Struct {
		return c, &embedded{typ: inner, index: index, path: append(slices.Clip(e.path), f.Name), twice: e.twice}, true
	}
	c = candidate{typ: f.Type, twice: e.twice, tag: t}
	name := t.name
	if name == "" {
		name = f.Name
	}
	c.field, c.index = field{name: name, path: joined(append(slices.Clip(e.path), name))}, index
	return c, nil, true
}

// dominant gives the one that counts of those with one name at one depth.
func dominant(all []candidate) (c candidate, ok bool) {
	for _, tagged := range []bool{true, false} {
		n := 0
		for i := range all {
			if (all[i].tag.name != "") == tagged {
				c = all[i]
				n++
			}
		}
		if n > 0 {
			return c, n == 1 && !c.twice
		}
	}
	return c, false
}

// embed adds a struct to those of the next depth.
func embed(next []embedded, e embedded) []embedded {
	for i := range next {
		if next[i].typ == e.typ {
			next[i].twice = true
			return next
		}
	}
	return append(next, e)
}

var isZeroer = reflect.TypeFor[interface{ IsZero() bool }]()

// finish completes a field of t.
func (b *builder) finish(t reflect.Type, c *candidate) (not *noPlan) {
	b.path = append(b.path, c.path)
	if c.tag.strange {
		return b.not(c.typ, "has a tag that is not plain")
	}
	for option, rest := "", c.tag.options; rest != ""; {
		option, rest = cut(rest)
		switch option {
		case "omitempty":
			c.omitEmpty = true
		case "omitzero":
			c.omitZero = true
			if c.typ.Implements(isZeroer) || reflect.PointerTo(c.typ).Implements(isZeroer) {
				return b.not(c.typ, "has omitzero and the method IsZero")
			}
		case "string":
			return b.not(c.typ, "has the option string")
		}
	}
	for _, i := range c.index {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
			c.steps = append(c.steps, step{c.offset, t})
			c.offset = 0
		}
		f := t.Field(i)
		t = f.Type
		c.offset += int(f.Offset)
		if t.Kind() == reflect.Pointer && !f.IsExported() {
			return b.not(t, "is embedded, a pointer and unexported")
		}
	}
	if c.node, not = b.node(c.typ); not != nil {
		return not
	}
	if k := c.node.kind; c.omitZero && (k == reflect.Struct || k == reflect.Array) {
		return b.not(c.typ, "has the option omitzero")
	}
	b.path = b.path[:len(b.path)-1]
	return nil
}
