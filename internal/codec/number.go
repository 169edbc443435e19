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

// nonFinite reads the text of NaN or an infinity: that of jupyter_client (json_clean), which is
// Python's repr, such as "-inf" or numpy's "np.float64(nan)"; or JavaScript's, such as "NaN".
func nonFinite(s []byte) (f float64, ok bool) {
	const numpy = "np.float64("
	if n := len(s) - 1; n > len(numpy) && string(s[:8]) == numpy[:8] && s[n] == ')' { // or np.float32
		s = s[len(numpy):n]
	}
	sign := 1
	if len(s) > 0 && s[0] == '-' {
		sign, s = -1, s[1:]
	}
	switch string(s) {
	case "nan", "NaN":
		return math.NaN(), true
	case "inf", "Infinity":
		return math.Inf(sign), true
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
