package wire

import "reflect"

// A State is some or all of a widget's traits, as messages carry them.
type State struct {
	Traits  []byte // a JSON object
	Paths   []byte // of Buffers: a JSON array of arrays, or empty
	Buffers Buffers
	Skip    map[string]bool // traits that are there, and not to be read
}

// Read puts the traits that are there into v, a struct of type t, and calls changed
// for each field that has a new value. A trait that does not fit is left as it was; the
// others are read nevertheless, and the first error is returned.
func (t *Type) Read(s State, v reflect.Value, changed func(field int)) error {
	places, err := s.places()
	if err != nil {
		return err
	}
	seen := make([]bool, len(t.Fields))
	first := Members(s.Traits, func(key string, value []byte) error {
		for i := range t.Fields {
			if t.Fields[i].Name == key && !seen[i] && !s.Skip[key] {
				seen[i] = true
				err = earlier(err, t.read(i, value, places, s.Buffers, v, changed))
			}
		}
		return nil
	})
	err = earlier(first, err)
	for i := range t.Fields { // traits that are binary as a whole
		if name := t.Fields[i].Name; !seen[i] && !s.Skip[name] && has(places, name) {
			err = earlier(err, t.read(i, nil, places, s.Buffers, v, changed))
		}
	}
	return err
}

// Missing gives the fields that are not optional and that s has no trait for.
func (t *Type) Missing(s State) ([]*Field, error) {
	places, err := s.places()
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	err = Members(s.Traits, func(key string, _ []byte) error { there[key] = true; return nil })
	var missing []*Field
	for i := range t.Fields {
		if f := &t.Fields[i]; !f.Optional && !there[f.Name] && !has(places, f.Name) {
			missing = append(missing, f)
		}
	}
	return missing, err
}

func earlier(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// A place is where a buffer belongs: a trait, and the path in it.
type place struct {
	trait  string
	path   [][]byte
	buffer int
}

func has(places []place, trait string) bool {
	for _, p := range places {
		if p.trait == trait {
			return true
		}
	}
	return false
}

func (s State) places() ([]place, error) {
	if len(s.Paths) == 0 {
		return nil, nil
	}
	var places []place
	err := Elements(s.Paths, func(i int, path []byte) error {
		if s.Buffers == nil || i >= s.Buffers.NumBuffers() {
			return &Error{Text: "names more buffers than there are"}
		}
		p := place{buffer: i}
		err := Elements(path, func(j int, step []byte) (err error) {
			if j == 0 {
				p.trait, err = Text(step)
			} else {
				p.path = append(p.path, step)
			}
			return err
		})
		places = append(places, p)
		return err
	})
	if e, ok := err.(*Error); ok {
		err = &Error{Text: "buffer_paths " + e.Error()}
	}
	return places, err
}

func (t *Type) read(i int, value []byte, places []place, bs Buffers, v reflect.Value, changed func(int)) error {
	f := &t.Fields[i]
	x := reflect.New(f.Type.Go).Elem()
	if value != nil {
		if err := f.Type.Decode(x, value); err != nil {
			return at(err, "."+f.GoName)
		}
	}
	whole := false
	for _, p := range places {
		if p.trait == f.Name {
			whole = whole || len(p.path) == 0
			if err := f.Type.Put(x, p.path, bs, p.buffer); err != nil {
				return at(err, "."+f.GoName)
			}
		}
	}
	old := f.Of(v)
	if whole || !reflect.DeepEqual(old.Interface(), x.Interface()) { // to compare buffers costs as much as to draw them
		old.Set(x)
		changed(i)
	}
	return nil
}

// AppendTrait appends a trait to the members of a JSON object and to a list of
// buffer paths, both without their brackets.
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
