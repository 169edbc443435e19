package wire

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deeply values may be nested.
const maxDepth = 1000

// A scanner reads JSON text from front to back.
type scanner struct {
	text  []byte
	i     int
	depth int
}

// The first byte of a value that is not there.
const end = 0

func (s *scanner) malformed() error {
	return &Error{Text: "is not JSON, at byte " + strconv.Itoa(s.i)}
}

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

// word reads a literal.
func (s *scanner) word(w string) error {
	if len(s.text)-s.i < len(w) || string(s.text[s.i:s.i+len(w)]) != w {
		return s.malformed()
	}
	s.i += len(w)
	return nil
}

// number reads a number, and gives its text.
func (s *scanner) number() ([]byte, error) {
	start := s.i
	s.skip('-')
	switch {
	case s.skip('0'):
	case s.digits():
	default:
		return nil, s.malformed()
	}
	if s.skip('.') && !s.digits() {
		return nil, s.malformed()
	}
	if s.skip('e') || s.skip('E') {
		if !s.skip('+') {
			s.skip('-')
		}
		if !s.digits() {
			return nil, s.malformed()
		}
	}
	return s.text[start:s.i], nil
}

func (s *scanner) skip(c byte) bool {
	if s.i < len(s.text) && s.text[s.i] == c {
		s.i++
		return true
	}
	return false
}

func (s *scanner) digits() bool {
	start := s.i
	for s.i < len(s.text) && s.text[s.i] >= '0' && s.text[s.i] <= '9' {
		s.i++
	}
	return s.i > start
}

// str reads a string.
func (s *scanner) str() (string, error) {
	if s.peek() != '"' {
		return "", s.malformed()
	}
	s.i++
	start := s.i
	for s.i < len(s.text) {
		switch c := s.text[s.i]; {
		case c == '"':
			s.i++
			return string(s.text[start : s.i-1]), nil
		case c == '\\':
			return s.escaped(append([]byte(nil), s.text[start:s.i]...))
		case c < ' ':
			return "", s.malformed()
		}
		s.i++
	}
	return "", s.malformed()
}

// escaped reads the rest of a string, from its first escape on.
func (s *scanner) escaped(b []byte) (string, error) {
	for s.i < len(s.text) {
		c := s.text[s.i]
		s.i++
		switch {
		case c == '"':
			return string(b), nil
		case c < ' ':
			return "", s.malformed()
		case c != '\\':
			b = append(b, c)
			continue
		}
		if s.i >= len(s.text) {
			break
		}
		c = s.text[s.i]
		s.i++
		switch c {
		case '"', '\\', '/':
			b = append(b, c)
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 't':
			b = append(b, '\t')
		case 'u':
			r, ok := s.hex()
			if !ok {
				return "", s.malformed()
			}
			if utf16.IsSurrogate(r) {
				r = s.low(r)
			}
			b = utf8.AppendRune(b, r)
		default:
			return "", s.malformed()
		}
	}
	return "", s.malformed()
}

func (s *scanner) hex() (rune, bool) {
	if len(s.text)-s.i < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s.text[s.i:s.i+4]), 16, 16)
	s.i += 4
	return rune(n), err == nil
}

// low completes a surrogate pair; one that is alone is U+FFFD.
func (s *scanner) low(high rune) rune {
	before := s.i
	if s.skip('\\') && s.skip('u') {
		if r, ok := s.hex(); ok {
			if whole := utf16.DecodeRune(high, r); whole != utf8.RuneError {
				return whole
			}
		}
	}
	s.i = before
	return utf8.RuneError
}

// list reads an array, and calls f before each of its elements, which f reads.
func (s *scanner) list(f func(i int) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	if s.peek() == ']' {
		s.i++
		return nil
	}
	for i := 0; ; i++ {
		s.peek()
		if err := f(i); err != nil {
			return err
		}
		if more, err := s.more(']'); !more {
			return err
		}
	}
}

// object reads an object, and calls f before each of its values, which f reads.
func (s *scanner) object(f func(key string) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	if s.peek() == '}' {
		s.i++
		return nil
	}
	for {
		key, err := s.str()
		if err != nil {
			return err
		}
		if s.peek() != ':' {
			return s.malformed()
		}
		s.i++
		s.peek()
		if err := f(key); err != nil {
			return err
		}
		if more, err := s.more('}'); !more {
			return err
		}
	}
}

func (s *scanner) enter() error {
	s.i++
	if s.depth++; s.depth > maxDepth {
		return &Error{Text: "is nested more than " + strconv.Itoa(maxDepth) + " deep"}
	}
	return nil
}

func (s *scanner) leave() { s.depth-- }

// more reads what stands between two elements, or ends them.
func (s *scanner) more(closing byte) (bool, error) {
	switch s.peek() {
	case ',':
		s.i++
		return true, nil
	case closing:
		s.i++
		return false, nil
	}
	return false, s.malformed()
}

// value reads any value, and gives its text.
func (s *scanner) value() ([]byte, error) {
	c := s.peek()
	start := s.i
	var err error
	switch c {
	case '{':
		err = s.object(func(string) error { _, err := s.value(); return err })
	case '[':
		err = s.list(func(int) error { _, err := s.value(); return err })
	case '"':
		_, err = s.str()
	case 't':
		err = s.word("true")
	case 'f':
		err = s.word("false")
	case 'n':
		err = s.word("null")
	default:
		_, err = s.number()
	}
	return s.text[start:s.i], err
}

// finish tells whether the text is read to its end.
func (s *scanner) finish() error {
	if s.peek() != end || s.i < len(s.text) {
		return s.malformed()
	}
	return nil
}

// Members calls f with the members of a JSON object, their values still as text.
func Members(text []byte, f func(key string, value []byte) error) error {
	s := &scanner{text: text}
	if s.peek() != '{' {
		return &Error{Text: "is not an object"}
	}
	err := s.object(func(key string) error {
		value, err := s.value()
		if err != nil {
			return err
		}
		return f(key, value)
	})
	if err != nil {
		return err
	}
	return s.finish()
}

// Elements calls f with the elements of a JSON array, still as text.
func Elements(text []byte, f func(i int, value []byte) error) error {
	s := &scanner{text: text}
	if s.peek() != '[' {
		return &Error{Text: "is not a list"}
	}
	err := s.list(func(i int) error {
		value, err := s.value()
		if err != nil {
			return err
		}
		return f(i, value)
	})
	if err != nil {
		return err
	}
	return s.finish()
}

// Text gives the string that a JSON value is.
func Text(value []byte) (string, error) {
	s := &scanner{text: value}
	if s.peek() != '"' {
		return "", &Error{Text: "is not a string"}
	}
	text, err := s.str()
	if err != nil {
		return "", err
	}
	return text, s.finish()
}
