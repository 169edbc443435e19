package page

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"syscall/js"
)

// Decode puts the page's value v into what dst points to. What a type of Go says is
// read, and nothing else:
//
//   - a struct takes the properties that its fields name, also those that an object
//     inherits, as an event does its clientX or a node its id; a field whose property
//     is undefined stays as it is. Embedded structs count as their fields.
//   - a map with strings for keys takes an object's own properties.
//   - a slice takes an array, or whatever has a length, such as a NodeList; and typed
//     arrays, ArrayBuffers and DataViews, whose bytes are copied.
//   - bool, string and numbers take their like. A number that the type cannot have
//     exactly is an error.
//   - js.Value takes anything, as it is: nodes, functions, what has to stay an object.
//   - [Function] takes a function.
//   - any takes what there is: nil, bool, float64, string, []any, map[string]any of an
//     object that has no class, the slices of typed arrays, and js.Value for the rest.
//   - null is the zero value of pointers, maps, slices and any, and leaves others as
//     they are.
//
// A BigInt, a cycle, a getter that throws and a value that does not fit are errors that
// name the place, and harmless; dst may have been filled in part then.
func Decode(v js.Value, dst any) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("page: decode into %T: %w", dst, err)
		}
	}()
	defer caught(&err) // of a dst that cannot be set
	rv := reflect.ValueOf(dst)
	if rv.Kind() != reflect.Pointer || rv.IsNil() {
		return errors.New("that is no pointer to a value")
	}
	return (&decoder{}).decode(v, rv.Elem())
}

// A decoder knows the way from the value that was given.
type decoder struct {
	path    []string
	objects []js.Value // the objects on it
	spent   int        // bytes of memory, about
	values  int        // that lists and maps have
}

// maxMemory is how much a value may take up, in bytes: the page's objects may say that
// they are of any length, and contain one thing many times, and memory that runs out
// ends the program. Nor may it have more than maxValues, apart from typed arrays: each
// takes microseconds, in which the page stands still.
const (
	maxMemory = 512 << 20
	maxValues = 1 << 20
)

func (d *decoder) spend(n, size int) error {
	if n > maxMemory || d.spent+n*size > maxMemory {
		return fmt.Errorf("larger than %d MB", maxMemory>>20)
	}
	d.spent += n * size
	return nil
}

// contain is spend for values that a list or a map has.
func (d *decoder) contain(n, size int) error {
	if n > maxValues || d.values+n > maxValues {
		return fmt.Errorf("more than %d values", maxValues)
	}
	d.values += n
	return d.spend(n, size)
}

// at is an error's place, as JavaScript would write it.
func (d *decoder) at(err error) error {
	if err == nil || len(d.path) == 0 {
		return err
	}
	var place string
	for _, p := range d.path {
		place += p
	}
	return &placeError{place, err}
}

// A placeError says where in a value something is wrong.
type placeError struct {
	place string
	err   error
}

func (e *placeError) Error() string { return e.place + ": " + e.err.Error() }
func (e *placeError) Unwrap() error { return e.err }

// enter goes into a property of an object, and gives the way back.
func (d *decoder) enter(step string) (leave func()) {
	d.path = append(d.path, step)
	return func() { d.path = d.path[:len(d.path)-1] }
}

var (
	valueType    = reflect.TypeFor[js.Value]()
	functionType = reflect.TypeFor[Function]()
)

func (d *decoder) decode(v js.Value, rv reflect.Value) error {
	if rv.Type() == valueType {
		rv.Set(reflect.ValueOf(v))
		return nil
	}
	t, err := typeOf(v)
	if err != nil {
		return d.at(err)
	}
	kind := rv.Kind()
	switch {
	case t == js.TypeUndefined && len(d.path) == 0 && kind != reflect.Interface:
		return errors.New("the value is undefined")
	case t == js.TypeUndefined, t == js.TypeNull:
		switch kind {
		case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface, reflect.Func:
			rv.SetZero()
		}
		return nil
	case kind == reflect.Pointer:
		if rv.IsNil() {
			if err := d.spend(1, int(rv.Type().Elem().Size())); err != nil {
				return d.at(err)
			}
			rv.Set(reflect.New(rv.Type().Elem()))
		}
		return d.decode(v, rv.Elem())
	case rv.Type() == functionType && t == js.TypeFunction:
		rv.Set(reflect.ValueOf(Function{v}))
		return nil
	case kind == reflect.Interface && rv.NumMethod() == 0:
		some, err := d.some(v, t)
		if err == nil && some != nil {
			rv.Set(reflect.ValueOf(some))
		}
		return err
	case t == js.TypeObject || t == js.TypeFunction && kind == reflect.Struct:
		return d.inside(v, func() error { return d.object(v, rv) })
	}
	if t == js.TypeString {
		length, _ := get(object.Invoke(v), "length")
		if err := d.spend(length.Int(), 3); err != nil {
			return d.at(err)
		}
	}
	return d.at(basic(v, t, rv))
}

// inside has f look into an object, unless the way has led there before.
func (d *decoder) inside(v js.Value, f func() error) error {
	for _, o := range d.objects {
		if o.Equal(v) {
			return d.at(errCycle)
		}
	}
	if len(d.objects) == maxDepth {
		return errDepth // its place would fill the page
	}
	d.objects = append(d.objects, v)
	defer func() { d.objects = d.objects[:len(d.objects)-1] }()
	return f()
}

func (d *decoder) object(v js.Value, rv reflect.Value) error {
	switch rv.Kind() {
	case reflect.Struct:
		return d.structure(v, rv)
	case reflect.Map:
		return d.mapping(v, rv)
	case reflect.Slice, reflect.Array:
		return d.list(v, rv)
	}
	return d.at(mismatch("an object", rv))
}

func (d *decoder) structure(v js.Value, rv reflect.Value) error {
	for i, f := range fieldsOf(rv.Type()) {
		if f == "" {
			continue
		}
		leave := d.enter("." + f)
		p, err := get(v, f)
		if err == nil && !p.IsUndefined() {
			err = d.decode(p, rv.Field(i))
		} else {
			err = d.at(err)
		}
		leave()
		if err != nil {
			return err
		}
	}
	for i := range rv.NumField() {
		if f := rv.Type().Field(i); f.Anonymous && f.Type.Kind() == reflect.Struct && f.Tag.Get("js") == "" {
			if err := d.structure(v, rv.Field(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// fieldsOf names the fields that take part, in their order; "" stands for one that does not.
func fieldsOf(t reflect.Type) []string {
	names := make([]string, t.NumField())
	for i := range names {
		f := t.Field(i)
		tag := f.Tag.Get("js")
		if !f.IsExported() || tag == "-" || f.Anonymous && f.Type.Kind() == reflect.Struct && tag == "" {
			continue
		}
		if names[i] = tag; tag == "" {
			names[i] = f.Name
		}
	}
	return names
}

func (d *decoder) mapping(v js.Value, rv reflect.Value) error {
	t := rv.Type()
	if t.Key().Kind() != reflect.String {
		return d.at(fmt.Errorf("the keys of %v are no strings", t))
	}
	keys, err := call(object, "keys", v)
	if err != nil {
		return d.at(err)
	}
	if rv.IsNil() {
		rv.Set(reflect.MakeMap(t))
	}
	for i := range keys.Length() {
		key := keys.Index(i).String()
		if err := d.contain(1, len(key)+int(t.Elem().Size())+64); err != nil {
			return d.at(err)
		}
		leave := d.enter("[" + strconv.Quote(key) + "]")
		element := reflect.New(t.Elem()).Elem()
		p, err := get(v, key)
		if err == nil {
			err = d.decode(p, element)
		} else {
			err = d.at(err)
		}
		leave()
		if err != nil {
			return err
		}
		rv.SetMapIndex(reflect.ValueOf(key).Convert(t.Key()), element)
	}
	return nil
}

func (d *decoder) list(v js.Value, rv reflect.Value) error {
	elements, err := d.typed(v)
	if err == nil && elements != nil {
		err = setElements(rv, elements)
	}
	if err != nil || elements != nil {
		return d.at(err)
	}
	length, err := get(v, "length")
	if err != nil {
		return d.at(err)
	}
	if t, err := typeOf(length); err != nil || t != js.TypeNumber {
		return d.at(mismatch("an object without a length", rv))
	}
	f := length.Float()
	if !(f >= 0 && f <= exact) || f != math.Trunc(f) {
		return d.at(fmt.Errorf("its length is %v", f))
	}
	n := int(f)
	if err := d.contain(n, int(rv.Type().Elem().Size())); err != nil {
		return d.at(err)
	}
	if err := makeRoom(rv, n); err != nil {
		return d.at(err)
	}
	for i := range n {
		leave := d.enter("[" + strconv.Itoa(i) + "]")
		p, err := get(v, i)
		if err == nil {
			err = d.decode(p, rv.Index(i))
		} else {
			err = d.at(err)
		}
		leave()
		if err != nil {
			return err
		}
	}
	return nil
}

// makeRoom gives rv n elements.
func makeRoom(rv reflect.Value, n int) error {
	if rv.Kind() == reflect.Array {
		if rv.Len() != n {
			return fmt.Errorf("%d elements for %v", n, rv.Type())
		}
		return nil
	}
	rv.Set(reflect.MakeSlice(rv.Type(), n, n))
	return nil
}

// some decodes what there is.
func (d *decoder) some(v js.Value, t js.Type) (any, error) {
	switch t {
	case js.TypeBoolean:
		return v.Bool(), nil
	case js.TypeNumber:
		return v.Float(), nil
	case js.TypeString:
		s := new(string)
		err := d.decode(v, reflect.ValueOf(s).Elem())
		return *s, err
	case js.TypeObject:
		elements, err := d.typed(v)
		if err != nil || elements != nil {
			return elements, d.at(err)
		}
		var some any
		switch {
		case isArray(v):
			some = new([]any)
		case isPlain(v):
			some = new(map[string]any)
		default:
			return v, nil
		}
		rv := reflect.ValueOf(some).Elem()
		err = d.inside(v, func() error { return d.object(v, rv) })
		return rv.Interface(), err
	}
	return v, nil
}

// typed is typedArray within bounds.
func (d *decoder) typed(v js.Value) (any, error) {
	if !isBuffer(v) {
		return nil, nil
	}
	if class(v) == "BigInt64Array" || class(v) == "BigUint64Array" {
		return nil, errBigInt
	}
	n, err := get(v, "byteLength")
	if err == nil && n.Type() == js.TypeNumber {
		err = d.spend(n.Int(), 2) // the bytes, and what is made of them
	}
	if err != nil {
		return nil, err
	}
	return typedArray(v), nil
}

// isPlain tells whether an object has no class: that of another frame counts as well.
func isPlain(v js.Value) bool {
	proto, err := call(reflection, "getPrototypeOf", v)
	if err != nil || class(v) != "Object" {
		return false
	}
	if proto.IsNull() {
		return true
	}
	above, err := call(reflection, "getPrototypeOf", proto)
	return err == nil && above.IsNull()
}
