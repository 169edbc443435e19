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

// maxDepth is how deeply JSON may be nested, as in encoding/json.
const maxDepth = 10_000

// validJSON tells whether b is one JSON text (RFC 8259). Package encoding/json would add a
// fifth to the size of a program.
func validJSON(b []byte) bool {
	i := readValue(b, 0, 0)
	return i >= 0 && skipSpace(b, i) == len(b)
}

func isObject(b []byte) bool { return b[skipSpace(b, 0)] == '{' }

func skipSpace(b []byte, i int) int {
	for i < len(b) && b[i] <= ' ' && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// readValue, like the functions below it, reads from place i on, and gives the place behind
// what it has read, or -1.
func readValue(b []byte, i, depth int) int {
	i = skipSpace(b, i)
	if i == len(b) || depth > maxDepth {
		return -1
	}
	switch b[i] {
	case '"':
		return readString(b, i+1)
	case '{':
		return readList(b, i+1, depth+1, '}')
	case '[':
		return readList(b, i+1, depth+1, ']')
	case 't':
		return readWord(b, i, "true")
	case 'f':
		return readWord(b, i, "false")
	case 'n':
		return readWord(b, i, "null")
	}
	return readNumber(b, i)
}

// readList reads an object, or an array, behind the bracket that opens it.
func readList(b []byte, i, depth int, closing byte) int {
	i = skipSpace(b, i)
	if i < len(b) && b[i] == closing {
		return i + 1
	}
	for {
		if closing == '}' {
			i = skipSpace(b, i)
			if i == len(b) || b[i] != '"' {
				return -1
			}
			if i = readString(b, i+1); i < 0 {
				return -1
			}
			i = skipSpace(b, i)
			if i == len(b) || b[i] != ':' {
				return -1
			}
			i++
		}
		if i = readValue(b, i, depth); i < 0 {
			return -1
		}
		i = skipSpace(b, i)
		switch {
		case i == len(b):
			return -1
		case b[i] == closing:
			return i + 1
		case b[i] != ',':
			return -1
		}
		i++
	}
}

// readString reads a string behind its first quote.
func readString(b []byte, i int) int {
	for i < len(b) {
		c := b[i]
		i++
		switch {
		case c == '"':
			return i
		case c < ' ':
			return -1
		case c == '\\':
			if i = readEscape(b, i); i < 0 {
				return -1
			}
		}
	}
	return -1
}

// readEscape reads what is behind a backslash.
func readEscape(b []byte, i int) int {
	if i == len(b) {
		return -1
	}
	switch b[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		if len(b)-i < 5 {
			return -1
		}
		for _, c := range b[i+1 : i+5] {
			if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
				return -1
			}
		}
		return i + 5
	}
	return -1
}

func readWord(b []byte, i int, w string) int {
	if len(b)-i < len(w) || string(b[i:i+len(w)]) != w {
		return -1
	}
	return i + len(w)
}

func readNumber(b []byte, i int) int {
	if b[i] == '-' {
		i++
	}
	if i < len(b) && b[i] == '0' {
		i++
	} else if i = readDigits(b, i); i < 0 {
		return -1
	}
	if i < len(b) && b[i] == '.' {
		if i = readDigits(b, i+1); i < 0 {
			return -1
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		return readDigits(b, i)
	}
	return i
}

// readDigits reads one digit or more.
func readDigits(b []byte, i int) int {
	from := i
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	if i == from {
		return -1
	}
	return i
}
