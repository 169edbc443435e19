package codec

import "unicode/utf8"

// Quote quotes a name of foreign origin, cut to a length that a line bears.
func Quote(s string) string {
	const most = 64
	if len(s) > most {
		s = s[:most] + "…"
	}
	return string(AppendString(nil, s))
}

// AppendString writes a string in quotes. Bytes that are no UTF-8 become U+FFFD,
// and what is special in HTML is escaped.
func AppendString(b []byte, s string) []byte {
	b = append(b, '"')
	done := 0
	for i := 0; i < len(s); {
		c, size := rune(s[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(s[i:])
		}
		if e := escaped(c, size); e != "" {
			b = append(append(b, s[done:i]...), e...)
			done = i + size
		}
		i += size
	}
	return append(append(b, s[done:]...), '"')
}

// escaped gives what stands for a character of size bytes, where it is not itself.
func escaped(c rune, size int) string {
	const hex = "0123456789abcdef"
	switch c {
	case '"':
		return `\"`
	case '\\':
		return `\\`
	case '\b':
		return `\b`
	case '\f':
		return `\f`
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	case utf8.RuneError:
		if size == 1 {
			return `\ufffd`
		}
	case '\u2028', '\u2029': // they end a line in old JavaScript
		return `\u202` + hex[c&15:c&15+1]
	}
	if c < ' ' || c == '<' || c == '>' || c == '&' {
		return `\u00` + hex[c>>4:c>>4+1] + hex[c&15:c&15+1]
	}
	return ""
}
