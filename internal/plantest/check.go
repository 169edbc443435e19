package plantest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/commmgr/typed"
)

// Check decodes a message's data by T's plan and by encoding/json, and tells what
// differs: nothing, that is "".
func Check[T any](msg *commmgr.Message) string {
	got, err := typed.Decode[T](msg)
	text, textErr := msg.JSON(commmgr.Data)
	if textErr != nil {
		return "" // the value has no JSON at all; a plan may not have looked at what is to blame
	}
	var want T
	wantErr := json.Unmarshal(text, &want)
	switch {
	case err == nil && wantErr == nil:
		if !reflect.DeepEqual(got, want) {
			return fmt.Sprintf("%s: the plan gives %s, JSON %s", text, shown(got), shown(want))
		}
		return checkSend(got)
	case errors.Is(err, typed.ErrInexact):
		if !large(text) {
			return fmt.Sprintf("%s: %v, but no integer is that large", text, err)
		}
		return ""
	case err == nil:
		return fmt.Sprintf("%s: the plan gives %s, JSON the error %v", text, shown(got), wantErr)
	case wantErr == nil:
		return fmt.Sprintf("%s: the plan gives the error %v, JSON %s", text, err, shown(want))
	}
	field, ok := errors.AsType[*typed.FieldError](err)
	if !ok {
		return fmt.Sprintf("%s: %v is no FieldError", text, err)
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](wantErr); ok {
		if *field != (typed.FieldError{Field: mismatch.Field, Value: mismatch.Value, Type: mismatch.Type.String()}) {
			return fmt.Sprintf("%s: the plan's error is %#v, JSON's %#v", text, field, mismatch)
		}
		return ""
	}
	if field.Err == nil || field.Err.Error() != wantErr.Error() {
		return fmt.Sprintf("%s: the plan's error is %#v, JSON's %v", text, field, wantErr)
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

// large tells whether JSON has a number of 2^53 or more.
func large(text []byte) bool {
	var v any
	if json.Unmarshal(text, &v) != nil {
		return false
	}
	var look func(v any) bool
	look = func(v any) bool {
		switch v := v.(type) {
		case float64:
			return math.Abs(v) >= 1<<53
		case []any:
			for _, v := range v {
				if look(v) {
					return true
				}
			}
		case map[string]any:
			for _, v := range v {
				if look(v) {
					return true
				}
			}
		}
		return false
	}
	return look(v)
}

// checkSend compares what is sent for v with encoding/json.
func checkSend[T any](v T) string {
	sent, err := sentFor(v)
	want, wantErr := json.Marshal(v)
	if err != nil || wantErr != nil {
		return fmt.Sprintf("sending %+v: %v; JSON: %v", v, err, wantErr)
	}
	if string(sent) != string(want) {
		return fmt.Sprintf("sent was %s, JSON is %s", sent, want)
	}
	return ""
}

// sentFor gives what typed.Send sends.
func sentFor[T any](v T) ([]byte, error) {
	var k kernel
	m, _ := host.New(host.Options{Transport: &k, Clock: &k, NewID: func() string { return "c" }})
	c, err := m.RegisterComm("c", "t", nil)
	if err != nil {
		return nil, err
	}
	err = typed.Send(c, v)
	return k.sent, err
}

// A kernel keeps what it is sent.
type kernel struct{ sent []byte }

func (k *kernel) Send(o *host.Outgoing) (string, error) {
	k.sent = o.Data
	return "", nil
}
func (*kernel) InputReply(string) error                          { return nil }
func (*kernel) Now() commmgr.Duration                            { return 0 }
func (*kernel) AfterFunc(commmgr.Duration, func()) (stop func()) { return func() {} }
