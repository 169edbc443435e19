package codec

import (
	"unicode/utf16"
	"unicode/utf8"
)

// A scanner reads JSON text from front to back. After the first mistake it is at the end.
type scanner struct {
	text    []byte
	i       int
	deepest int // of the values that were skipped
	err     error
}

// The first byte of a value that is not there.
const end = 0

//go:noinline
func (s *scanner) fail(err error) {
	if s.err == nil {
		s.err = err
	}
	s.i = len(s.text)
}

//go:noinline
func (s *scanner) malformed() { s.fail(syntaxError(s.i)) }

// peek gives the first byte of what comes next.
func (s *scanner) peek() byte {
	for ; s.i < len(s.text); s.i++ {
		switch c := s.text[s.i]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return end
}

// word reads a literal, by its first byte.
func (s *scanner) word(c byte) {
	w := "null"
	switch c {
	case 't':
		w = "true"
	case 'f':
		w = "false"
	}
	if len(s.text)-s.i < len(w) || string(s.text[s.i:s.i+len(w)]) != w {
		s.malformed()
		return
	}
	s.i += len(w)
}

// number reads a number, and gives its text.
func (s *scanner) number() []byte {
	start := s.i
	s.take('-')
	if !s.take('0') {
		s.digits()
	}
	if s.take('.') {
		s.digits()
	}
	if s.take('e') || s.take('E') {
		if !s.take('+') {
			s.take('-')
		}
		s.digits()
	}
	return s.text[start:s.i]
}

func (s *scanner) take(c byte) bool {
	if s.i < len(s.text) && s.text[s.i] == c {
		s.i++
		return true
	}
	return false
}

func (s *scanner) digits() {
	start := s.i
	for s.i < len(s.text) && s.text[s.i] >= '0' && s.text[s.i] <= '9' {
		s.i++
	}
	if s.i == start {
		s.malformed()
	}
}

// str reads a string, and gives it as UTF-8: mostly the text itself.
func (s *scanner) str() []byte {
	if s.peek() != '"' {
		s.malformed()
		return nil
	}
	s.i++
	start := s.i
	for s.i < len(s.text) {
		switch c := s.text[s.i]; {
		case c == '"':
			s.i++
			return s.text[start : s.i-1]
		case c == '\\' || c >= utf8.RuneSelf:
			return s.unquoted(append([]byte(nil), s.text[start:s.i]...))
		case c < ' ':
			s.malformed()
			return nil
		}
		s.i++
	}
	s.malformed()
	return nil
}

// unquoted reads the rest of a string, from its first escape or letter beyond ASCII on.
func (s *scanner) unquoted(b []byte) []byte {
	for s.i < len(s.text) {
		switch c := s.text[s.i]; {
		case c == '"':
			s.i++
			return b
		case c < ' ':
			s.malformed()
		case c >= utf8.RuneSelf: // what is not UTF-8 becomes U+FFFD
			r, size := utf8.DecodeRune(s.text[s.i:])
			b = utf8.AppendRune(b, r)
			s.i += size
		case c == '\\':
			b = utf8.AppendRune(b, s.escape())
		default:
			b = append(b, c)
			s.i++
		}
	}
	s.malformed()
	return nil
}

// escape reads what a backslash begins.
func (s *scanner) escape() rune {
	if len(s.text)-s.i >= 2 {
		c := s.text[s.i+1]
		s.i += 2
		switch c {
		case '"', '\\', '/':
			return rune(c)
		case 'b':
			return '\b'
		case 'f':
			return '\f'
		case 'n':
			return '\n'
		case 'r':
			return '\r'
		case 't':
			return '\t'
		case 'u':
			r := s.hex()
			if !utf16.IsSurrogate(r) {
				return r
			}
			// One that is not half of a pair is U+FFFD.
			before := s.i
			if s.take('\\') && s.take('u') {
				if whole := utf16.DecodeRune(r, s.hex()); whole != utf8.RuneError {
					return whole
				}
			}
			if s.err == nil {
				s.i = before
			}
			return utf8.RuneError
		}
	}
	s.malformed()
	return 0
}

func (s *scanner) hex() rune {
	n := rune(0)
	for range 4 {
		c := byte(end)
		if s.i < len(s.text) {
			c = s.text[s.i]
		}
		switch lower := c | ' '; {
		case c >= '0' && c <= '9':
			n = n<<4 | rune(c-'0')
		case lower >= 'a' && lower <= 'f':
			n = n<<4 | rune(lower-'a'+10)
		default:
			s.malformed()
			return 0
		}
		s.i++
	}
	return n
}

// key reads an object's next name, and the colon.
func (s *scanner) key() []byte {
	key := s.str()
	if s.peek() != ':' {
		s.malformed()
		return nil
	}
	s.i++
	return key
}

// first begins an object or array, and tells whether it has anything.
func (s *scanner) first(closing byte) bool {
	s.i++
	if s.peek() == closing {
		s.i++
		return false
	}
	return true
}

// more reads what stands between two elements, or ends them.
func (s *scanner) more(closing byte) bool {
	switch s.peek() {
	case ',':
		s.i++
		return true
	case closing:
		s.i++
		return false
	}
	s.malformed()
	return false
}

// skip reads any value, however deep, and gives its text.
func (s *scanner) skip() []byte {
	c := s.peek()
	start := s.i
	var open []byte // the closing brackets that are still to come
	for {
		switch c = s.peek(); c {
		case '{', '[':
			s.deepest = max(s.deepest, len(open)+1)
			if s.first(c + 2) {
				open = append(open, c+2)
				if c == '{' {
					s.key()
				}
				continue
			}
		case '"':
			s.str()
		case 't', 'f', 'n':
			s.word(c)
		default:
			s.number()
		}
		for len(open) > 0 && s.err == nil && !s.more(open[len(open)-1]) {
			open = open[:len(open)-1]
		}
		if len(open) == 0 || s.err != nil {
			return s.text[min(start, s.i):s.i]
		}
		if open[len(open)-1] == '}' {
			s.key()
		}
	}
}

// finish gives the first mistake; what follows the value is one.
func (s *scanner) finish() error {
	if s.peek() != end || s.i < len(s.text) {
		s.malformed()
	}
	return s.err
}

// Members calls f with the members of a JSON object, their values still as text.
func Members(text []byte, f func(key string, value []byte) error) error {
	s := &scanner{text: text}
	if c := s.peek(); c != '{' {
		return &FieldError{Value: kindOf(c), Type: "an object"}
	}
	for more := s.first('}'); more; more = s.more('}') {
		key := string(s.key())
		if value := s.skip(); s.err == nil {
			if err := f(key, value); err != nil {
				return err
			}
		}
	}
	return s.finish()
}

// Elements calls f with the elements of a JSON array, still as text.
func Elements(text []byte, f func(i int, value []byte) error) error {
	s := &scanner{text: text}
	if c := s.peek(); c != '[' {
		return &FieldError{Value: kindOf(c), Type: "a list"}
	}
	i := 0
	for more := s.first(']'); more; more = s.more(']') {
		if value := s.skip(); s.err == nil {
			if err := f(i, value); err != nil {
				return err
			}
		}
		i++
	}
	return s.finish()
}

// Text gives the string that a JSON value is.
func Text(value []byte) (string, error) {
	s := &scanner{text: value}
	if c := s.peek(); c != '"' {
		return "", &FieldError{Value: kindOf(c), Type: "a string"}
	}
	text := string(s.str())
	return text, s.finish()
}

// kindOf names a value's kind by its first byte.
func kindOf(first byte) string {
	switch first {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "bool"
	case 'n':
		return "null"
	}
	return "number"
}
