package codectest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
	"gocomm/internal/codec"
)

// Check decodes a message's data into a T, and tells what is other than encoding/json
// makes of it: nothing, that is "". NaN and infinities are as package typed has them. Where
// the data has no JSON, but T has no place for what is to blame, the metadata's member "clean"
// has JSON without it, with texts for NaN and infinities.
func Check[T any](msg *commmgr.Message) string {
	got, err := typed.Decode[T](msg)
	text, textErr := msg.JSON(commmgr.Data)
	if textErr == nil {
		return compare(text, got, err)
	}
	if err != nil {
		return ""
	}
	var metadata struct{ Clean string }
	if text, err = msg.JSON(commmgr.Metadata); err == nil {
		err = json.Unmarshal(text, &metadata)
	}
	if err != nil {
		return err.Error()
	}
	return compare([]byte(metadata.Clean), got, nil)
}

func compare[T any](text []byte, got T, err error) string {
	var want T
	wantErr := json.Unmarshal(text, &want)
	field, ok := errors.AsType[*typed.FieldError](err)
	mismatch, mistyped := errors.AsType[*json.UnmarshalTypeError](wantErr)
	if mistyped && isFloat(mismatch.Type.Kind()) && at(text, mismatch.Field, isNonFinite) {
		if err != nil {
			return "" // JSON tells of the first mistake only
		}
		wantErr = nil
	}
	switch {
	case err == nil && wantErr == nil:
		if !same(reflect.ValueOf(&got), reflect.ValueOf(&want)) {
			return fmt.Sprintf("%s: the codec gives %s, JSON %s", text, shown(got), shown(want))
		}
		return checkWriting(got)
	case err == nil:
		return fmt.Sprintf("%s: the codec gives %s, JSON the error %v", text, shown(got), wantErr)
	case !ok:
		return fmt.Sprintf("%s: %v is no FieldError", text, err)
	case errors.Is(err, typed.ErrInexact):
		if !at(text, field.Field, func(v any) bool { f, ok := v.(float64); return ok && math.Abs(f) >= 1<<53 }) {
			return fmt.Sprintf("%s: %v, but no integer there is that large", text, err)
		}
		return ""
	case field.Value == "null":
		if !at(text, field.Field, func(v any) bool { return v == nil }) {
			return fmt.Sprintf("%s: %v, but nothing is null there", text, err)
		}
		return ""
	case wantErr == nil:
		return fmt.Sprintf("%s: the codec gives the error %v, JSON %s", text, err, shown(want))
	}
	if mistyped {
		if *field != (typed.FieldError{Field: mismatch.Field, Value: mismatch.Value, Type: strings.TrimPrefix(mismatch.Type.String(), "*")}) {
			return fmt.Sprintf("%s: the codec's error is %#v, JSON's %#v", text, field, mismatch)
		}
		return ""
	}
	if _, ok := errors.AsType[base64.CorruptInputError](wantErr); ok && field.Err.Error() == "not base64" {
		return ""
	}
	if field.Err != nil && field.Err.Error() != wantErr.Error() { // else JSON has gone on after it
		return fmt.Sprintf("%s: the codec's error is %#v, JSON's %v", text, field, wantErr)
	}
	return ""
}

func shown(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%+v", v)
	}
	return string(text)
}

// nonFinite are the texts that are floats.
var nonFinite = []string{"nan", "inf", "-inf", "NaN", "Infinity", "-Infinity", "np.float64(nan)", "np.float32(-inf)"} // and more of numpy's

func isNonFinite(v any) bool {
	s, ok := v.(string)
	return ok && slices.Contains(nonFinite, s)
}

func isFloat(k reflect.Kind) bool { return k == reflect.Float32 || k == reflect.Float64 }

// same is reflect.DeepEqual, but for a's NaN and infinities, which package json has not read:
// it leaves 0, or what an earlier member of the same name has put there.
func same(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Float32, reflect.Float64:
		return a.Float() == b.Float() || math.IsNaN(a.Float()) || math.IsInf(a.Float(), 0)
	case reflect.Pointer, reflect.Interface:
		return a.IsNil() == b.IsNil() && (a.IsNil() || same(a.Elem(), b.Elem()))
	case reflect.Struct:
		for i := range a.NumField() {
			if !same(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() || a.Kind() == reflect.Slice && a.IsNil() != b.IsNil() {
			return false
		}
		for i := range a.Len() {
			if !same(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Map:
		if a.Len() != b.Len() || a.IsNil() != b.IsNil() {
			return false
		}
		for _, k := range a.MapKeys() {
			if v := b.MapIndex(k); !v.IsValid() || !same(a.MapIndex(k), v) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}

// at tells whether JSON has a value like this at the path of an error, which does not
// name elements, entries of maps, and whether a struct was embedded.
func at(text []byte, path string, is func(v any) bool) bool {
	var v any
	if json.Unmarshal(text, &v) != nil {
		return false
	}
	var look func(v any, names []string) bool
	look = func(v any, names []string) bool {
		if len(names) == 0 && is(v) {
			return true
		}
		switch v := v.(type) {
		case []any:
			for _, v := range v {
				if look(v, names) {
					return true
				}
			}
		case map[string]any:
			for name, v := range v {
				for i := range names {
					if strings.EqualFold(name, names[i]) && look(v, names[i+1:]) {
						return true
					}
				}
				if look(v, names) { // an entry
					return true
				}
			}
		}
		return false
	}
	return look(v, strings.FieldsFunc(path, func(r rune) bool { return r == '.' }))
}

// checkWriting compares the JSON of v with that of encoding/json.
func checkWriting[T any](v T) string {
	sent, err := codec.Marshal(&v)
	want, wantErr := json.Marshal(&v)
	if _, ok := errors.AsType[*json.UnsupportedValueError](wantErr); ok && err == nil {
		var again T
		if err = codec.Unmarshal(sent, nil, &again); err != nil || !same(reflect.ValueOf(&v), reflect.ValueOf(&again)) {
			return fmt.Sprintf("written was %s: read again %+v, %v", sent, again, err)
		}
		return ""
	}
	if err != nil || wantErr != nil {
		return fmt.Sprintf("writing %+v: %v; JSON: %v", v, err, wantErr)
	}
	if string(sent) != string(want) {
		return fmt.Sprintf("written was %s, JSON is %s", sent, want)
	}
	return ""
}
