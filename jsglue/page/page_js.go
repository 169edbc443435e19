package page

import (
	"errors"
	"fmt"
	"syscall/js"

	"github.com/norunners/vert"

	"gocomm/jsglue"
)

// Options puts the options that the loader handed over into the struct that dst
// points to. Fields that they do not name stay as they are.
func Options(dst any) error {
	text, err := jsglue.Options()
	if err != nil {
		return fmt.Errorf("page: options: %w", err)
	}
	v, err := call(js.Global().Get("JSON"), "parse", string(text))
	if err != nil {
		return fmt.Errorf("page: options: %w", err)
	}
	// vert fills a new struct, so what dst has already is put under the options.
	preset, err := Encode(dst)
	if err != nil {
		return err
	}
	v, err = call(js.Global().Get("Object"), "assign", preset, v)
	if err == nil {
		err = vert.ValueOf(v).AssignTo(dst)
	}
	if err != nil {
		return fmt.Errorf("page: options %s do not fit %T: %w", text, dst, err)
	}
	return nil
}

// Decode puts the data of v, as JSON.stringify sees them, into what dst points to.
// What is not data (functions, nodes) is left out; a BigInt, a cycle or a getter
// that throws is an error, and harmless.
func Decode(v js.Value, dst any) error {
	// A copy is read, since an exception in a property's getter would unwind Go's
	// stack without a trace; one in JSON.stringify is caught.
	json := js.Global().Get("JSON")
	text, err := call(json, "stringify", v)
	if err == nil && text.IsUndefined() {
		err = errors.New("the value is undefined, or a function")
	}
	if err == nil {
		v, err = call(json, "parse", text)
	}
	if err == nil {
		err = vert.ValueOf(v).AssignTo(dst)
	}
	if err != nil {
		return fmt.Errorf("page: decode into %T: %w", dst, err)
	}
	return nil
}

// Encode makes a value for the page of v: of structs, maps and slices, objects and
// arrays of its own.
func Encode(v any) (_ js.Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("page: encode %T: %v", v, r)
		}
	}()
	return vert.ValueOf(v).JSValue(), nil
}

// call calls a method and makes an exception an error.
func call(v js.Value, method string, args ...any) (result js.Value, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case js.Error:
			err = errors.New(thrown(r.Value))
		default:
			err = fmt.Errorf("%v", r)
		}
	}()
	return v.Call(method, args...), nil
}

// thrown gives the text of what was thrown, which may be anything: js.Error's own
// text takes an object, with a message that can be read.
func thrown(v js.Value) (text string) {
	defer func() {
		if recover() != nil {
			text = "an exception without a text"
		}
	}()
	return js.Global().Get("String").Invoke(v).String()
}
