package codec

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
	goName    string
}

// A step leads through an embedded pointer.
type step struct {
	_      [0]func() // not comparable: that takes code
	offset int
	typ    reflect.Type // of what is pointed to
}

// An embedded is a struct whose fields are looked for.
type embedded struct {
	typ   reflect.Type
	index []int
	path  string // the names of the embedded fields, each with a dot after it
	twice bool   // it is embedded twice at the same depth: its fields hide each other
}

// A candidate is a field that may be hidden.
type candidate struct {
	field
	index []int // as for reflect.Type.FieldByIndex: the more, the deeper
	typ   reflect.Type
	twice bool
	tag   tag
}

// structFields gives a struct's fields by the rules of encoding/json: of several
// with one name the least deep counts, among these a tagged one, and none if that
// leaves several. They are in the order in which Go has them.
func (b *builder) structFields(t reflect.Type) ([]field, *NoPlan) {
	var all []candidate
	structs := []embedded{{typ: t}}
	for at := 0; at < len(structs); at++ { // it grows meanwhile, and gets no shallower
		e := structs[at]
		for i := range e.typ.NumField() {
			c, below := look(&e, i)
			if below != nil {
				structs = embed(structs, below)
			} else if !c.tag.skip {
				all = insert(all, c)
			}
		}
	}
	var fields []field
	for i := range all {
		c := &all[i]
		if hidden(all, c) {
			continue
		}
		if not := b.finish(t, c); not != nil {
			return nil, not
		}
		fields = append(fields, c.field)
	}
	return fields, nil
}

// embed adds a struct to those that are looked at, once for each type.
func embed(structs []embedded, e *embedded) []embedded {
	for i := range structs {
		if s := &structs[i]; s.typ == e.typ {
			s.twice = s.twice || len(s.index) == len(e.index)
			return structs
		}
	}
	return append(structs, *e)
}

func insert(all []candidate, c candidate) []candidate {
	all = append(all, c)
	for i := len(all) - 1; i > 0 && slices.Compare(c.index, all[i-1].index) < 0; i-- {
		all[i-1], all[i] = all[i], all[i-1]
	}
	return all
}

func hidden(all []candidate, c *candidate) bool {
	for i := range all {
		o := &all[i]
		if o == c || o.name != c.name {
			continue
		}
		if deeper := len(c.index) - len(o.index); deeper > 0 || deeper == 0 && (o.tag.name != "" || c.tag.name == "") {
			return true
		}
	}
	return c.twice
}

// look looks at field i of a struct: below is the struct whose fields it stands for,
// if it does.
func look(e *embedded, i int) (c candidate, below *embedded) {
	f := e.typ.Field(i)
	inner := f.Type
	if f.Anonymous && inner.Kind() == reflect.Pointer && inner.Name() == "" {
		inner = inner.Elem()
	}
	c.tag = tagOf(f.Tag)
	if c.tag.skip = c.tag.skip || !f.IsExported() && (!f.Anonymous || inner.Kind() != reflect.Struct); c.tag.skip {
		return c, nil
	}
	c.index = append(slices.Clip(e.index), i)
	if f.Anonymous && inner.Kind() == reflect.Struct && c.tag.name == "" && !c.tag.strange {
		return c, &embedded{typ: inner, index: c.index, path: e.path + f.Name + ".", twice: e.twice}
	}
	c.name = c.tag.name
	if c.name == "" {
		c.name = snake(f.Name)
	}
	c.path, c.typ, c.twice, c.goName = e.path+c.name, f.Type, e.twice, f.Name
	return c, nil
}

var isZeroer = reflect.TypeFor[interface{ IsZero() bool }]()

// finish completes a field of t.
func (b *builder) finish(t reflect.Type, c *candidate) (not *NoPlan) {
	b.path = append(b.path, c.path)
	if c.tag.strange {
		return b.not(c.typ, "has a tag that is not plain", false)
	}
	binary := false
	for option, rest := "", c.tag.options; rest != ""; {
		option, rest = cut(rest)
		switch option {
		case "omitempty":
			c.omitEmpty = true
		case "omitzero":
			c.omitZero = true
		case "binary":
			binary = true
		case "string":
			return b.not(c.typ, "has the option string, which is not known here", false)
		}
	}
	for _, i := range c.index {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
			c.steps = append(c.steps, step{offset: c.offset, typ: t})
			c.offset = 0
		}
		f := t.Field(i)
		t = f.Type
		c.offset += int(f.Offset)
		if t.Kind() == reflect.Pointer && !f.IsExported() {
			return b.not(t, "is embedded, a pointer and unexported", false)
		}
	}
	if c.node, not = b.node(c.typ, binary); not != nil {
		return not
	}
	k := c.node.kind
	special := k == reflect.Struct || k == reflect.Array || has(c.typ, isZeroer)
	if c.omitZero && full == nil && special {
		return b.not(c.typ, "has the option omitzero", true)
	}
	b.path = b.path[:len(b.path)-1]
	return nil
}
