package codectest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
	"gocomm/internal/codec"
)

// Check decodes a message's data into a T, and tells what is other than encoding/json
// makes of it: nothing, that is "". Where the data has no JSON, but T has no place for
// what is to blame, the metadata's member "clean" has JSON without it.
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
	switch {
	case err == nil && wantErr == nil:
		if !reflect.DeepEqual(got, want) {
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
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](wantErr); ok {
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
		return err.Error()
	}
	return string(text)
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
	if err != nil || wantErr != nil {
		return fmt.Sprintf("writing %+v: %v; JSON: %v", v, err, wantErr)
	}
	if string(sent) != string(want) {
		return fmt.Sprintf("written was %s, JSON is %s", sent, want)
	}
	return ""
}
