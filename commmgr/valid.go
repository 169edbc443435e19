package commmgr

// notJSON says what of a payload cannot be sent, or "". A server that receives anything but
// JSON drops the message, or the connection.
func (p *Payload) notJSON() string {
	switch {
	case p == nil:
		return ""
	case p.Data != nil && !validJSON(p.Data):
		return "the data are not JSON"
	case p.Metadata != nil && (!validJSON(p.Metadata) || !isObject(p.Metadata)):
		return "the metadata are not a JSON object"
	}
	return ""
}

// isObject tells whether JSON text is an object.
func isObject(b []byte) bool {
	for _, c := range b {
		if c > ' ' {
			return c == '{'
		}
	}
	return false
}

// maxDepth is how deeply JSON may be nested, as in encoding/json.
const maxDepth = 10_000

// What validJSON expects next.
const (
	aValue     = iota
	valueOrEnd // of an array
	aName
	nameOrEnd // of an object
	aColon
	commaOrEnd
)

// validJSON tells whether b is one JSON text (RFC 8259). Package encoding/json would add a
// fifth to the size of a program; this is one function, because calls add size too.
func validJSON(b []byte) bool {
	open := make([]byte, 0, 64) // the brackets that close what is open
	next := aValue
	for i := 0; i < len(b); {
		c := b[i]
		i++
		switch c {
		case ' ', '\n', '\t', '\r':
			continue
		case '{', '[':
			if next != aValue && next != valueOrEnd || len(open) == maxDepth {
				return false
			}
			open = append(open, c+2)
			if next = valueOrEnd; c == '{' {
				next = nameOrEnd
			}
			continue
		case '}', ']':
			if next != commaOrEnd && next != valueOrEnd && next != nameOrEnd || len(open) == 0 || open[len(open)-1] != c {
				return false
			}
			open = open[:len(open)-1]
			next = commaOrEnd
			continue
		case ',':
			if next != commaOrEnd || len(open) == 0 {
				return false
			}
			if next = aValue; open[len(open)-1] == '}' {
				next = aName
			}
			continue
		case ':':
			if next != aColon {
				return false
			}
			next = aValue
			continue
		}
		// A string, number or word.
		switch {
		case c == '"' && (next == aName || next == nameOrEnd):
			next = aColon
		case next == aValue || next == valueOrEnd:
			next = commaOrEnd
		default:
			return false
		}
		if i = skipScalar(b, i-1); i < 0 {
			return false
		}
	}
	return next == commaOrEnd && len(open) == 0
}

// skipScalar gives the place behind the string, number or word at place i, or -1.
func skipScalar(b []byte, i int) int {
	c := b[i]
	if c == '"' {
		for i++; i < len(b); i++ {
			switch c := b[i]; {
			case c == '"':
				return i + 1
			case c < ' ':
				return -1
			case c == '\\':
				hex := 0
				switch i++; {
				case i == len(b):
					return -1
				case b[i] == 'u':
					hex = 4
				case b[i] != '"' && b[i] != '\\' && b[i] != '/' && b[i] != 'b' && b[i] != 'f' && b[i] != 'n' && b[i] != 'r' && b[i] != 't':
					return -1
				}
				for ; hex > 0; hex-- {
					if i++; i == len(b) || (b[i]-'0' > 9 && b[i]|0x20-'a' > 5) {
						return -1
					}
				}
			}
		}
		return -1
	}
	word := ""
	switch c {
	case 't':
		word = "true"
	case 'f':
		word = "false"
	case 'n':
		word = "null"
	}
	if n := len(word); n > 0 {
		if len(b)-i < n || string(b[i:i+n]) != word {
			return -1
		}
		return i + n
	}
	// A number: its parts are an integer, a fraction and an exponent.
	if c == '-' {
		i++
	}
	for part := byte('0'); ; {
		from := i
		for i < len(b) && b[i]-'0' <= 9 {
			if i++; part == '0' && b[from] == '0' {
				break
			}
		}
		switch {
		case i == from:
			return -1
		case i < len(b) && b[i] == '.' && part == '0':
			part = '.'
			i++
		case i < len(b) && b[i]|0x20 == 'e' && part != 'e':
			part = 'e'
			if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
				i++
			}
		default:
			return i
		}
	}
}
