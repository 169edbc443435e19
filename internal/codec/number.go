package codec

import (
	"math"
	"reflect"
	"strconv"
)

// maxExact is the largest integer that no other is rounded to in JavaScript.
const maxExact = 1<<53 - 1

// notJSON tells of NaN and the infinities, which JSON does not have. They travel as texts.
func notJSON(f float64) bool { return f-f != 0 }

// nonFinites are the texts of NaN, infinity and minus infinity, four each: Python's, which
// jupyter_client sends, JavaScript's and numpy's.
var nonFinites = [...]string{
	"nan", "NaN", "np.float64(nan)", "np.float32(nan)",
	"inf", "Infinity", "np.float64(inf)", "np.float32(inf)",
	"-inf", "-Infinity", "np.float64(-inf)", "np.float32(-inf)",
}

func nonFinite(s []byte) (f float64, ok bool) {
	for i := range nonFinites {
		if string(s) == nonFinites[i] {
			if i < 4 {
				return math.NaN(), true
			}
			return math.Inf(7 - i), true
		}
	}
	return 0, false
}

// notNumber names one of them.
func notNumber(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// numeral names a number in errors.
func numeral(f float64) string { return "number " + string(appendFloat(nil, f, 64)) }

// appendFloat writes a number as JavaScript does.
func appendFloat(b []byte, f float64, bits int) []byte {
	format := byte('f')
	if abs := math.Abs(f); abs != 0 {
		if bits == 32 && (float32(abs) < 1e-6 || float32(abs) >= 1e21) || bits == 64 && (abs < 1e-6 || abs >= 1e21) {
			format = 'e'
		}
	}
	b = strconv.AppendFloat(b, f, format, -1, bits)
	if n := len(b); format == 'e' && n >= 4 && b[n-3] == '-' && b[n-2] == '0' { // e-09 is e-9
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}

func isInteger(k reflect.Kind) bool { return reflect.Int <= k && k <= reflect.Uintptr }

func isUnsigned(k reflect.Kind) bool { return reflect.Uint <= k && k <= reflect.Uintptr }

func isFloat(k reflect.Kind) bool { return k == reflect.Float32 || k == reflect.Float64 }

// isNumber tells of numbers whose size is the same everywhere.
func isNumber(k reflect.Kind) bool {
	return isInteger(k) && k != reflect.Int && k != reflect.Uint && k != reflect.Uintptr || isFloat(k)
}
