package page

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"syscall/js"

	"github.com/norunners/vert"
)

// Encode makes a value for the page of v: of structs and maps objects, of slices and
// arrays arrays of its own, of slices of numbers that have one a typed array ([]byte a
// Uint8Array); of nil null. Values of syscall/js are passed as they are. A function
// needs an [Owner]. What has no counterpart (a channel, a complex number, a cycle, an
// integer beyond 2^53) is an error that names the place.
func Encode(v any) (js.Value, error) { return encodeFor(nil, v) }

func encodeFor(o *Owner, v any) (_ js.Value, err error) {
	e := &encoder{owner: o, on: map[visit]bool{}}
	defer func() {
		if err != nil {
			err = fmt.Errorf("page: encode %T: %w", v, (&decoder{path: e.path}).at(err))
		}
	}()
	defer caught(&err)
	return e.encode(reflect.ValueOf(v), 0)
}

type encoder struct {
	owner *Owner // of functions, or nil
	path  []string
	on    map[visit]bool // what is being encoded
}

// A visit is a reference that may lead back to itself.
type visit struct {
	p uintptr
	n int
	t reflect.Type
}

// encode leaves the path as it is when it fails: it names the place.
func (e *encoder) encode(rv reflect.Value, depth int) (js.Value, error) {
	if !rv.IsValid() {
		return js.Null(), nil
	}
	if depth > maxDepth {
		e.path = nil
		return js.Value{}, errDepth
	}
	switch v := rv.Interface().(type) {
	case js.Value:
		return v, nil
	case js.Func:
		return v.Value, nil
	case Function:
		return js.Value{}, errors.New("a Function is the page's own: pass its Value")
	case Func:
		if v == nil {
			return js.Null(), nil
		}
		if e.owner == nil {
			return js.Value{}, errors.New("a function needs an owner, to be released one day: see Owner.Encode")
		}
		return e.owner.Func(v)
	}
	switch rv.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		if rv.IsNil() {
			return js.Null(), nil
		}
		n := 0
		if rv.Kind() == reflect.Slice {
			n = rv.Len()
		}
		here := visit{rv.Pointer(), n, rv.Type()}
		if e.on[here] && (rv.Kind() != reflect.Slice || n > 0) {
			return js.Value{}, errCycle
		}
		e.on[here] = true
		defer delete(e.on, here)
	case reflect.Interface:
		return e.encode(rv.Elem(), depth)
	}
	switch rv.Kind() {
	case reflect.Pointer:
		return e.encode(rv.Elem(), depth+1)
	case reflect.Map:
		return e.mapping(rv, depth)
	case reflect.Slice:
		if v, ok, err := arrayOf(rv); ok {
			return v, err
		}
		return e.list(rv, depth)
	case reflect.Array:
		return e.list(rv, depth)
	case reflect.Struct:
		var entries []any
		if err := e.structure(rv, depth, &entries); err != nil {
			return js.Value{}, err
		}
		return call(object, "fromEntries", js.ValueOf(entries))
	case reflect.Func, reflect.Chan, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		return js.Value{}, fmt.Errorf("a %v has no counterpart on the page", rv.Type())
	case reflect.Int64, reflect.Int:
		if rv.Int() > exact || rv.Int() < -exact {
			return js.Value{}, fmt.Errorf("%d is beyond 2^53, so that the page has no number for it", rv.Int())
		}
	case reflect.Uint64, reflect.Uint, reflect.Uintptr:
		if rv.Uint() > exact {
			return js.Value{}, fmt.Errorf("%d is beyond 2^53, so that the page has no number for it", rv.Uint())
		}
	}
	return basicValue(rv), nil
}

// basicValue has vert make a value of a bool, a number or a string, of whatever type.
func basicValue(rv reflect.Value) js.Value {
	switch k := rv.Kind(); {
	case k == reflect.Bool:
		return vert.ValueOf(rv.Bool()).JSValue()
	case k == reflect.String:
		return vert.ValueOf(rv.String()).JSValue()
	case k >= reflect.Int && k <= reflect.Int64:
		return vert.ValueOf(float64(rv.Int())).JSValue()
	case k >= reflect.Uint && k <= reflect.Uintptr:
		return vert.ValueOf(float64(rv.Uint())).JSValue()
	}
	f := rv.Float()
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return js.ValueOf(f)
	}
	return vert.ValueOf(f).JSValue()
}

func (e *encoder) step(to string, rv reflect.Value, depth int) (js.Value, error) {
	e.path = append(e.path, to)
	v, err := e.encode(rv, depth+1)
	if err == nil {
		e.path = e.path[:len(e.path)-1]
	}
	return v, err
}

func (e *encoder) mapping(rv reflect.Value, depth int) (js.Value, error) {
	if rv.Type().Key().Kind() != reflect.String {
		return js.Value{}, fmt.Errorf("the keys of %v are no strings", rv.Type())
	}
	entries := make([]any, 0, rv.Len()) // which define properties, whatever their names: __proto__, say
	for it := rv.MapRange(); it.Next(); {
		key := it.Key().String()
		v, err := e.step("["+strconv.Quote(key)+"]", it.Value(), depth)
		if err != nil {
			return js.Value{}, err
		}
		entries = append(entries, []any{key, v})
	}
	return call(object, "fromEntries", js.ValueOf(entries))
}

func (e *encoder) list(rv reflect.Value, depth int) (js.Value, error) {
	all := make([]any, rv.Len())
	for i := range all {
		v, err := e.step("["+strconv.Itoa(i)+"]", rv.Index(i), depth)
		if err != nil {
			return js.Value{}, err
		}
		all[i] = v
	}
	return js.ValueOf(all), nil
}

func (e *encoder) structure(rv reflect.Value, depth int, entries *[]any) error {
	for i, name := range fieldsOf(rv.Type()) {
		f := rv.Type().Field(i)
		switch {
		case name != "":
			v, err := e.step("."+name, rv.Field(i), depth)
			if err != nil {
				return err
			}
			*entries = append(*entries, []any{name, v})
		case f.Anonymous && f.Type.Kind() == reflect.Struct && f.Tag.Get("js") == "":
			if err := e.structure(rv.Field(i), depth, entries); err != nil {
				return err
			}
		}
	}
	return nil
}
