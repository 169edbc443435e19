// Package panics tells of recovered panics. Package fmt would cost every program on a page a fifth of
// its size.
package panics

import (
	"runtime"
	"strconv"
)

// Stack gives the goroutine's stack, as runtime.Stack prints it, cut to 16 KB.
func Stack() []byte {
	buf := make([]byte, 16<<10)
	return buf[:runtime.Stack(buf, false)]
}

// Text gives the text of a panic's value, or of a handler's error.
func Text(v any) (s string) {
	defer func() {
		if recover() != nil { // an Error or String method that panics itself: of a typed nil, say
			s = "a value whose text cannot be had"
		}
	}()
	switch v := v.(type) {
	case error:
		return v.Error()
	case interface{ String() string }:
		return v.String()
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return "a value that is neither an error nor a string"
}
