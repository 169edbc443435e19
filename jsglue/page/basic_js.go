package page

import (
	"fmt"
	"math"
	"reflect"
	"syscall/js"

	"github.com/norunners/vert"
)

// basic decodes a value that is no object: vert assigns what has been found to fit.
func basic(v js.Value, t js.Type, rv reflect.Value) error {
	kind := rv.Kind()
	switch {
	case t == js.TypeBoolean && kind == reflect.Bool, t == js.TypeString && kind == reflect.String:
	case t == js.TypeNumber && isNumber(kind):
		if err := fits(v.Float(), rv); err != nil {
			return err
		}
	default:
		return mismatch("a "+t.String(), rv)
	}
	return vert.ValueOf(v).AssignTo(rv.Addr().Interface())
}

func isNumber(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Float64 }

// exact is the largest integer up to which a number of the page has all.
const exact = 1 << 53

// fits tells why a number cannot become rv, or nil.
func fits(f float64, rv reflect.Value) error {
	kind := rv.Kind()
	if kind == reflect.Float64 || kind == reflect.Float32 {
		if kind == reflect.Float32 && !math.IsInf(f, 0) && math.Abs(f) > math.MaxFloat32 {
			return fmt.Errorf("%v does not fit into %v", f, rv.Type())
		}
		return nil
	}
	over := math.IsNaN(f) || f != math.Trunc(f) || math.Abs(f) > exact
	if !over {
		if kind >= reflect.Uint {
			over = f < 0 || rv.OverflowUint(uint64(f))
		} else {
			over = rv.OverflowInt(int64(f))
		}
	}
	if over {
		return fmt.Errorf("%v does not fit into %v", f, rv.Type())
	}
	return nil
}

func mismatch(what string, rv reflect.Value) error {
	return fmt.Errorf("%s does not fit into %v", what, rv.Type())
}
