package codec

import "reflect"

// A tag is what a field's tag says about JSON.
type tag struct {
	_       [0]func() // not comparable: that takes code
	name    string    // or "", where it gives none
	options string
	skip    bool // the field is not in JSON
	strange bool // it is not written as usual
}

func tagOf(text reflect.StructTag) tag {
	const key = `json:"`
	s := string(text)
	for len(s) > 0 && s[0] == ' ' {
		s = s[1:]
	}
	for at := 0; at < len(s); {
		end := closing(s, at)
		if end < 0 {
			return tag{strange: true}
		}
		if len(s)-at > len(key) && s[at:at+len(key)] == key {
			return parseJSON(s[at+len(key) : end])
		}
		at = end + 1
		for at < len(s) && s[at] == ' ' {
			at++
		}
	}
	return tag{}
}

// closing finds the quote that ends the value which begins after at, or gives -1.
func closing(s string, at int) int {
	for at++; at < len(s) && s[at] != '"'; at++ {
		if c := s[at]; c <= ' ' || c >= 0x7f || c == ':' && (at+1 == len(s) || s[at+1] != '"') {
			return -1
		}
	}
	for at++; at < len(s) && s[at] != '"'; at++ {
		if s[at] == '\\' {
			at++
		}
	}
	if at >= len(s) {
		return -1
	}
	return at
}

// parseJSON takes a tag's value apart. A name that encoding/json does not take counts as
// none; beyond ASCII each is taken.
func parseJSON(value string) tag {
	name, options := cut(value)
	for i := range len(name) {
		switch c := name[i]; {
		case c == '\\':
			return tag{strange: true}
		case c < ' ' || c == 0x7f, c == '\'', c == '`':
			return tag{options: options}
		}
	}
	return tag{name: name, options: options, skip: value == "-"}
}

// cut cuts s at its first comma.
func cut(s string) (before, after string) {
	for i := range len(s) {
		if s[i] == ',' {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}
