package typed

import "strconv"

// Base64 as encoding/json has it for []byte; package encoding/base64 would be among
// the larger parts of this one.

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

type corruptBase64 int

func (at corruptBase64) Error() string {
	return "illegal base64 data at input byte " + strconv.Itoa(int(at))
}

// decodeBase64 gives the bytes, and where the text is wrong, or -1. Line ends are
// ignored, as encoding/base64 does.
func decodeBase64(s []byte) (b []byte, at int) {
	b = make([]byte, 0, len(s)/4*3)
	var group [4]byte
	n := 0 // of the group
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\n' || c == '\r' {
			continue
		}
		if c == '=' {
			return endBase64(s, i, b, group, n)
		}
		v := base64Value(c)
		if v < 0 {
			return nil, i
		}
		group[n] = byte(v)
		if n++; n == 4 {
			b = append(b, group[0]<<2|group[1]>>4, group[1]<<4|group[2]>>2, group[2]<<6|group[3])
			n = 0
		}
	}
	if n > 0 {
		return nil, len(s) - n
	}
	return b, -1
}

// endBase64 reads the end, which begins with the padding at i.
func endBase64(s []byte, i int, b []byte, group [4]byte, n int) ([]byte, int) {
	if n < 2 {
		return nil, i
	}
	next := func() {
		for i++; i < len(s) && (s[i] == '\n' || s[i] == '\r'); i++ {
		}
	}
	if n == 2 {
		b = append(b, group[0]<<2|group[1]>>4)
		if next(); i == len(s) {
			return nil, len(s)
		}
		if s[i] != '=' {
			return nil, i - 1 // encoding/base64 names the byte before
		}
	} else {
		b = append(b, group[0]<<2|group[1]>>4, group[1]<<4|group[2]>>2)
	}
	if next(); i < len(s) {
		return nil, i
	}
	return b, -1
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
	for len(b) >= 3 {
		v := uint(b[0])<<16 | uint(b[1])<<8 | uint(b[2])
		out = append(out, base64Digits[v>>18], base64Digits[v>>12&63], base64Digits[v>>6&63], base64Digits[v&63])
		b = b[3:]
	}
	switch len(b) {
	case 1:
		v := uint(b[0]) << 4
		out = append(out, base64Digits[v>>6], base64Digits[v&63], '=', '=')
	case 2:
		v := uint(b[0])<<10 | uint(b[1])<<2
		out = append(out, base64Digits[v>>12], base64Digits[v>>6&63], base64Digits[v&63], '=')
	}
	return out
}
