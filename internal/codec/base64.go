package codec

// Base64 as encoding/json has it for []byte; package encoding/base64 would be among
// the larger parts of this one.

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// decodeBase64 gives the bytes. Line ends are ignored, as encoding/base64 does.
func decodeBase64(s []byte) (b []byte, ok bool) {
	b = make([]byte, 0, len(s)/4*3)
	bits, digits, padding := 0, 0, 0
	for _, c := range s {
		v := base64Value(c)
		switch {
		case c == '\n' || c == '\r':
		case c == '=':
			padding++
		case v < 0 || padding > 0:
			return nil, false
		default:
			bits = bits<<6 | v
			if digits++; digits%4 == 0 {
				b = append(b, byte(bits>>16), byte(bits>>8), byte(bits))
			}
		}
	}
	switch digits % 4 {
	case 0:
		return b, padding == 0
	case 2:
		return append(b, byte(bits>>4)), padding == 2
	case 3:
		return append(b, byte(bits>>10), byte(bits>>2)), padding == 1
	}
	return nil, false
}

func base64Value(c byte) int {
	switch {
	case 'A' <= c && c <= 'Z':
		return int(c - 'A')
	case 'a' <= c && c <= 'z':
		return int(c-'a') + 26
	case '0' <= c && c <= '9':
		return int(c-'0') + 52
	case c == '+':
		return 62
	case c == '/':
		return 63
	}
	return -1
}

// appendBase64 writes bytes as base64.
func appendBase64(out, b []byte) []byte {
	for len(b) > 0 {
		n, bits := min(3, len(b)), 0
		for i := range 3 {
			bits <<= 8
			if i < n {
				bits |= int(b[i])
			}
		}
		for i := range 4 {
			c := byte('=')
			if i <= n {
				c = base64Digits[bits>>(18-6*i)&63]
			}
			out = append(out, c)
		}
		b = b[n:]
	}
	return out
}
