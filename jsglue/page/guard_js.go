package page

import (
	"errors"
	"fmt"
	"syscall/js"
)

// Whatever touches an object of the page may meet a getter or a proxy that throws. In
// js.Value's Get, Set, Index and Length that would unwind Go's stack without a trace;
// in Call and New it is a panic, so that these are all that is used here.

var (
	global     = js.Global()
	object     = global.Get("Object")
	reflection = global.Get("Reflect")
	array      = global.Get("Array")
	buffers    = global.Get("ArrayBuffer")
)

// maxDepth bounds how deeply values may be nested: recursion without an end would be
// the program's.
const maxDepth = 200

var (
	errBigInt = errors.New("a BigInt, which has no counterpart")
	errCycle  = errors.New("a cycle: the value contains itself")
	errDepth  = fmt.Errorf("nested more than %d deep", maxDepth)
)

// call calls a method and makes an exception an error.
func call(v js.Value, method string, args ...any) (result js.Value, err error) {
	defer caught(&err)
	return v.Call(method, args...), nil
}

// caught makes an error of a panic.
func caught(err *error) {
	switch r := recover().(type) {
	case nil:
	case js.Error:
		*err = errors.New(thrown(r.Value))
	default:
		*err = fmt.Errorf("%v", r)
	}
}

// thrown gives the text of what was thrown, which may be anything: js.Error's own
// text takes an object, with a message that can be read.
func thrown(v js.Value) (text string) {
	defer func() {
		if recover() != nil {
			text = "an exception without a text"
		}
	}()
	return global.Get("String").Invoke(v).String()
}

// get reads a property.
func get(v js.Value, name any) (js.Value, error) { return call(reflection, "get", v, name) }

// typeOf is v.Type, which panics for a BigInt.
func typeOf(v js.Value) (t js.Type, err error) {
	defer func() {
		if recover() != nil {
			err = errBigInt
		}
	}()
	return v.Type(), nil
}

// class gives the name in "[object Name]": objects may lie about it.
func class(v js.Value) string {
	proto := object.Get("prototype").Get("toString")
	s, err := call(proto, "call", v)
	if err != nil || s.Type() != js.TypeString {
		return ""
	}
	text := s.String()
	return text[len("[object ") : len(text)-1]
}

func is(v js.Value, err error) bool { return err == nil && v.Type() == js.TypeBoolean && v.Bool() }
func isArray(v js.Value) bool       { return is(call(array, "isArray", v)) }
func isView(v js.Value) bool        { return is(call(buffers, "isView", v)) }
