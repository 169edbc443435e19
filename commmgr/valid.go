package commmgr

// notJSON says what of a payload cannot be sent, or "". A server that receives anything but
// JSON drops the message, or the connection.
func (p *Payload) notJSON() string {
	switch {
	case p.Data != nil && !validJSON(p.Data):
		return "the data are not JSON"
	case p.Metadata != nil && (!validJSON(p.Metadata) || !isObject(p.Metadata)):
		return "the metadata are not a JSON object"
	}
	return ""
}

// maxDepth is how deeply JSON may be nested, as in encoding/json.
const maxDepth = 10_000

// validJSON tells whether b is one JSON text (RFC 8259). Package encoding/json would add a
// fifth to the size of a program.
func validJSON(b []byte) bool {
	s := jsonText{b: b}
	return s.value(0) && s.space() == len(b)
}

func isObject(b []byte) bool {
	s := jsonText{b: b}
	return s.b[s.space()] == '{'
}

// A jsonText is JSON that is being read. Its methods read what they are named after, and tell
// whether it was there.
type jsonText struct {
	b []byte
	i int // the next byte
}

// space passes white space over, and gives the place behind it.
func (s *jsonText) space() int {
	for s.i < len(s.b) && (s.b[s.i] == ' ' || s.b[s.i] == '\n' || s.b[s.i] == '\t' || s.b[s.i] == '\r') {
		s.i++
	}
	return s.i
}

func (s *jsonText) byte(c byte) bool {
	if s.i < len(s.b) && s.b[s.i] == c {
		s.i++
		return true
	}
	return false
}

func (s *jsonText) value(depth int) bool {
	if s.space() == len(s.b) || depth > maxDepth {
		return false
	}
	switch s.b[s.i] {
	case '{':
		return s.list('}', depth+1)
	case '[':
		return s.list(']', depth+1)
	case '"':
		return s.text()
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	}
	return s.number()
}

// list reads an object, or an array, to the bracket that closes it.
func (s *jsonText) list(closing byte, depth int) bool {
	s.i++
	if s.space(); s.byte(closing) {
		return true
	}
	for {
		if closing == '}' {
			if s.space(); !s.text() {
				return false
			}
			if s.space(); !s.byte(':') {
				return false
			}
		}
		if !s.value(depth) {
			return false
		}
		if s.space(); s.byte(closing) {
			return true
		}
		if !s.byte(',') {
			return false
		}
	}
}

func (s *jsonText) text() bool {
	if !s.byte('"') {
		return false
	}
	for s.i < len(s.b) {
		c := s.b[s.i]
		s.i++
		switch {
		case c == '"':
			return true
		case c < 0x20:
			return false
		case c == '\\':
			if !s.escape() {
				return false
			}
		}
	}
	return false
}

func (s *jsonText) escape() bool {
	for _, c := range []byte(`"\/bfnrt`) {
		if s.byte(c) {
			return true
		}
	}
	if !s.byte('u') {
		return false
	}
	for range 4 {
		if s.i == len(s.b) {
			return false
		}
		if c := s.b[s.i]; (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
		s.i++
	}
	return true
}

func (s *jsonText) word(w string) bool {
	if len(s.b)-s.i < len(w) || string(s.b[s.i:s.i+len(w)]) != w {
		return false
	}
	s.i += len(w)
	return true
}

func (s *jsonText) number() bool {
	s.byte('-')
	if !s.byte('0') && !s.digits() {
		return false
	}
	if s.byte('.') && !s.digits() {
		return false
	}
	if s.byte('e') || s.byte('E') {
		if !s.byte('+') {
			s.byte('-')
		}
		return s.digits()
	}
	return true
}

func (s *jsonText) digits() bool {
	from := s.i
	for s.i < len(s.b) && s.b[s.i] >= '0' && s.b[s.i] <= '9' {
		s.i++
	}
	return s.i > from
}
