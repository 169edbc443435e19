package plantest

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
)

// A value is what JavaScript makes of JSON: nil, a bool, float64, string, []value or
// *object.
type value any

// An object has its names in JavaScript's order: those that are numbers first.
type object struct {
	names  []string
	values map[string]value
}

// errInfinite: JavaScript would make a number of it that JSON does not have.
var errInfinite = errors.New("a number is infinite in JavaScript")

// parse is JSON.parse.
func parse(text []byte) (value, error) {
	if !json.Valid(text) {
		return nil, errors.New("no JSON")
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	return parseNext(dec)
}

func parseNext(dec *json.Decoder) (value, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Number:
		f, _ := strconv.ParseFloat(string(token), 64)
		if math.IsInf(f, 0) {
			return nil, errInfinite
		}
		return f, nil
	case json.Delim:
		if token == '[' {
			return parseList(dec)
		}
		return parseObject(dec)
	}
	return token, nil
}

func parseList(dec *json.Decoder) (value, error) {
	list := []value{}
	for dec.More() {
		v, err := parseNext(dec)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := dec.Token()
	return list, err
}

func parseObject(dec *json.Decoder) (value, error) {
	o := &object{values: map[string]value{}}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		v, err := parseNext(dec)
		if err != nil {
			return nil, err
		}
		if _, ok := o.values[name.(string)]; !ok {
			o.names = append(o.names, name.(string))
		}
		o.values[name.(string)] = v
	}
	slices.SortStableFunc(o.names, func(a, b string) int {
		x, aIs := index(a)
		y, bIs := index(b)
		switch {
		case aIs && bIs:
			return int(x) - int(y)
		case aIs:
			return -1
		case bIs:
			return 1
		}
		return 0
	})
	_, err := dec.Token()
	return o, err
}

// index tells whether a name is one of an array's in JavaScript.
func index(name string) (uint64, bool) {
	n, err := strconv.ParseUint(name, 10, 32)
	return n, err == nil && n != math.MaxUint32 && strconv.FormatUint(n, 10) == name
}

// stringify is JSON.stringify.
func stringify(v value) []byte {
	switch v := v.(type) {
	case float64:
		if v == 0 {
			v = 0 // -0 is written without its sign
		}
		return marshal(v)
	case []value:
		parts := make([][]byte, len(v))
		for i, e := range v {
			parts[i] = stringify(e)
		}
		return slices.Concat([]byte("["), bytes.Join(parts, []byte(",")), []byte("]"))
	case *object:
		parts := make([][]byte, len(v.names))
		for i, name := range v.names {
			parts[i] = slices.Concat(marshal(name), []byte(":"), stringify(v.values[name]))
		}
		return slices.Concat([]byte("{"), bytes.Join(parts, []byte(",")), []byte("}"))
	}
	return marshal(v)
}

func marshal(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // a value of parse has JSON
	}
	return text
}
