package wire

import (
	"reflect"
	"strconv"
)

// Decode puts a JSON value into v, which is settable and of type t. The error is an
// [Error] with the path of what does not fit.
func (t *Type) Decode(v reflect.Value, text []byte) error {
	s := &scanner{text: text}
	if err := t.decode(s, v); err != nil {
		return err
	}
	return s.finish()
}

func (t *Type) decode(s *scanner, v reflect.Value) error {
	c := s.peek()
	if c == 'n' {
		return t.null(s, v)
	}
	switch t.Kind {
	case Pointer: // a new one: what it points to now may be in somebody's hands
		p := reflect.New(t.Elem.Go)
		v.Set(p)
		return t.Elem.decode(s, p.Elem())
	case Any:
		x, err := s.any()
		if err == nil {
			v.Set(reflect.ValueOf(x))
		}
		return err
	}
	switch {
	case c == '{' && t.Kind == Struct:
		return t.decodeStruct(s, v)
	case c == '{' && t.Kind == Map:
		return t.decodeMap(s, v)
	case c == '[' && (t.Kind == List || t.Kind == Binary):
		return t.decodeList(s, v)
	case c == '"' && t.Kind == String:
		text, err := s.str()
		if err == nil {
			v.SetString(text)
		}
		return err
	case (c == 't' || c == 'f') && t.Kind == Bool:
		w := strconv.FormatBool(c == 't')
		v.SetBool(c == 't')
		return s.word(w)
	case c == '-' || c >= '0' && c <= '9':
		if text, err := s.number(); err != nil || t.Kind == Int || t.Kind == Uint || t.Kind == Float {
			if err == nil {
				err = t.number(v, string(text))
			}
			return err
		}
		return t.misfit("a number")
	}
	start := s.i
	if _, err := s.value(); err != nil {
		return err
	}
	s.i = start
	return t.misfit(map[byte]string{'{': "an object", '[': "a list", '"': "a string", 't': "a boolean", 'f': "a boolean"}[c])
}

func (t *Type) misfit(what string) error {
	takes := t.Go.String()
	if t.Kind == Binary {
		takes += ", for binary data"
	}
	return &Error{Text: "is " + what + ", the field is a " + takes}
}

func (t *Type) null(s *scanner, v reflect.Value) error {
	if err := s.word("null"); err != nil {
		return err
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		v.SetZero()
		return nil
	}
	return &Error{Text: "is null (None), the field is a " + t.Go.String() + "; a pointer could be null"}
}

func (t *Type) number(v reflect.Value, text string) error {
	switch t.Kind {
	case Float:
		f, err := strconv.ParseFloat(text, v.Type().Bits())
		if err != nil {
			return t.misfit(text)
		}
		v.SetFloat(f)
		return nil
	case Uint:
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			f, whole := integral(text)
			if n = uint64(f); !whole || f < 0 || f >= 1<<64 {
				return t.misfit(text)
			}
		}
		if v.OverflowUint(n) {
			return t.misfit(text)
		}
		v.SetUint(n)
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		f, whole := integral(text) // 3.0, or 1e3
		if n = int64(f); !whole || f < -1<<63 || f >= 1<<63 {
			return t.misfit(text)
		}
	}
	if v.OverflowInt(n) {
		return t.misfit(text)
	}
	v.SetInt(n)
	return nil
}

func integral(text string) (float64, bool) {
	f, err := strconv.ParseFloat(text, 64)
	return f, err == nil && f > -1e300 && f < 1e300 && (f >= 1<<53 || f <= -1<<53 || f == float64(int64(f)))
}

func (t *Type) decodeStruct(s *scanner, v reflect.Value) error {
	v.SetZero()
	return s.object(func(key string) error {
		f := t.field(key)
		if f == nil {
			_, err := s.value()
			return err
		}
		if err := f.Type.decode(s, f.Of(v)); err != nil {
			return at(err, "."+f.GoName)
		}
		return nil
	})
}

func (t *Type) decodeMap(s *scanner, v reflect.Value) error {
	m := reflect.MakeMap(t.Go)
	err := s.object(func(key string) error {
		x := reflect.New(t.Elem.Go).Elem()
		if err := t.Elem.decode(s, x); err != nil {
			return atKey(err, key)
		}
		m.SetMapIndex(t.key(key), x)
		return nil
	})
	if err == nil {
		v.Set(m)
	}
	return err
}

// decodeList always makes a new slice: the one that v has may be in somebody's hands.
func (t *Type) decodeList(s *scanner, v reflect.Value) error {
	if t.Go.Kind() == reflect.Array {
		n := 0
		err := s.list(func(i int) error {
			if n++; i >= v.Len() {
				_, err := s.value()
				return err
			}
			return atIndex(t.Elem.decode(s, v.Index(i)), i)
		})
		if err == nil && n != v.Len() {
			err = t.misfit("a list of " + strconv.Itoa(n))
		}
		return err
	}
	list := reflect.New(t.Go).Elem()
	list.Set(reflect.MakeSlice(t.Go, 0, 0))
	err := s.list(func(i int) error {
		list.Grow(1)
		list.SetLen(i + 1)
		return atIndex(t.Elem.decode(s, list.Index(i)), i)
	})
	if err == nil {
		v.Set(list)
	}
	return err
}

// any reads a value as encoding/json does for an any.
func (s *scanner) any() (any, error) {
	switch c := s.peek(); c {
	case '{':
		m := map[string]any{}
		err := s.object(func(key string) (err error) {
			m[key], err = s.any()
			return atKey(err, key)
		})
		return m, err
	case '[':
		list := []any{}
		err := s.list(func(i int) error {
			x, err := s.any()
			list = append(list, x)
			return atIndex(err, i)
		})
		return list, err
	case '"':
		return s.str()
	case 't':
		return true, s.word("true")
	case 'f':
		return false, s.word("false")
	case 'n':
		return nil, s.word("null")
	}
	text, err := s.number()
	if err != nil {
		return nil, err
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return nil, &Error{Text: "is " + string(text) + ", which is too large"}
	}
	return f, nil
}
