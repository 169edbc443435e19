package wire

import (
	"reflect"
	"strconv"
	"unsafe"
)

// Buffers are a message's binary buffers, where they arrived: each is copied once, to
// where it is wanted. The body of a [commmgr.Message] has these methods.
//
// [commmgr.Message]: gocomm/commmgr
type Buffers interface {
	NumBuffers() int
	BufferLen(i int) int              // bytes
	CopyBuffer(dst []byte, i int) int // gives the bytes copied
}

// Bytes are [Buffers] in Go's memory.
type Bytes [][]byte

func (b Bytes) NumBuffers() int                  { return len(b) }
func (b Bytes) BufferLen(i int) int              { return len(b[i]) }
func (b Bytes) CopyBuffer(dst []byte, i int) int { return copy(dst, b[i]) }

// Put puts buffer i at a path, which is what is left of a buffer path (a JSON array's
// elements), into v of type t.
func (t *Type) Put(v reflect.Value, path [][]byte, bs Buffers, i int) error {
	if len(path) == 0 {
		return t.putHere(v, bs, i)
	}
	step := path[0]
	switch t.Kind {
	case Pointer:
		p := reflect.New(t.Elem.Go)
		if !v.IsNil() {
			p.Elem().Set(v.Elem())
		}
		v.Set(p)
		return t.Elem.Put(p.Elem(), path, bs, i)
	case Any:
		x, err := putAny(v.Interface(), path, bs, i)
		if err == nil {
			v.Set(reflect.ValueOf(x))
		}
		return err
	case List:
		n, err := strconv.Atoi(string(step))
		if err != nil || n < 0 || n >= v.Len() {
			return nowhere(step)
		}
		return atIndex(t.Elem.Put(v.Index(n), path[1:], bs, i), n)
	}
	key, err := Text(step)
	if err != nil {
		return nowhere(step)
	}
	switch t.Kind {
	case Struct:
		if f := t.field(key); f != nil {
			return at(f.Type.Put(f.Of(v), path[1:], bs, i), "."+f.GoName)
		}
		return nil
	case Map:
		k := t.key(key)
		x := reflect.New(t.Elem.Go).Elem()
		if old := v.MapIndex(k); old.IsValid() {
			x.Set(old)
		}
		if err := t.Elem.Put(x, path[1:], bs, i); err != nil {
			return atKey(err, key)
		}
		v.SetMapIndex(k, x) // the map was made for this message
		return nil
	}
	return nowhere(step)
}

func nowhere(step []byte) error {
	return &Error{Text: "has no place " + string(step) + " for binary data"}
}

func (t *Type) putHere(v reflect.Value, bs Buffers, i int) error {
	n := bs.BufferLen(i)
	switch t.Kind {
	case Pointer:
		p := reflect.New(t.Elem.Go)
		v.Set(p)
		return t.Elem.putHere(p.Elem(), bs, i)
	case Any:
		b, err := read(bs, i)
		if err == nil {
			v.Set(reflect.ValueOf(b))
		}
		return err
	case Binary, List:
		if v.Kind() != reflect.Slice || !numeric(t.Elem.Go.Kind()) {
			break
		}
		size := int(t.Elem.Go.Size())
		if n%size != 0 {
			return t.misfit(strconv.Itoa(n) + " bytes of binary data")
		}
		// The numbers' own memory is what is copied to: it is aligned.
		s := reflect.MakeSlice(t.Go, n/size, n/size)
		if n > 0 && bs.CopyBuffer(unsafe.Slice((*byte)(s.UnsafePointer()), n), i) != n {
			return short(n)
		}
		v.Set(s)
		return nil
	}
	return t.misfit("binary data")
}

func short(n int) error {
	return &Error{Text: "has less than its " + strconv.Itoa(n) + " bytes of binary data"}
}

func read(bs Buffers, i int) ([]byte, error) {
	b := make([]byte, bs.BufferLen(i))
	if bs.CopyBuffer(b, i) != len(b) {
		return nil, short(len(b))
	}
	return b, nil
}

// Copy copies all buffers.
func Copy(bs Buffers) ([][]byte, error) {
	if bs == nil || bs.NumBuffers() == 0 {
		return nil, nil
	}
	all := make([][]byte, bs.NumBuffers())
	for i := range all {
		var err error
		if all[i], err = read(bs, i); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func putAny(x any, path [][]byte, bs Buffers, i int) (any, error) {
	if len(path) == 0 {
		return read(bs, i)
	}
	switch x := x.(type) {
	case []any:
		n, err := strconv.Atoi(string(path[0]))
		if err != nil || n < 0 || n >= len(x) {
			return nil, nowhere(path[0])
		}
		x[n], err = putAny(x[n], path[1:], bs, i)
		return x, atIndex(err, n)
	case map[string]any:
		key, err := Text(path[0])
		if err != nil {
			return nil, nowhere(path[0])
		}
		x[key], err = putAny(x[key], path[1:], bs, i)
		return x, atKey(err, key)
	}
	return nil, nowhere(path[0])
}

// raw gives the memory of a slice of numbers.
func raw(v reflect.Value) []byte {
	n := v.Len() * int(v.Type().Elem().Size())
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(v.UnsafePointer()), n)
}
