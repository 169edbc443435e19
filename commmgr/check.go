package commmgr

import "gocomm/internal/seam"

// inherited are the names that every JavaScript object has. JavaScript keeps
// its comms and targets in plain objects, where such a name would be found without
// having been put there (web/comms/names.js). The rule is the same here.
var inherited = map[string]bool{
	"__proto__": true, "constructor": true, "prototype": true,
	"hasOwnProperty": true, "isPrototypeOf": true, "propertyIsEnumerable": true,
	"toLocaleString": true, "toString": true, "valueOf": true,
	"__defineGetter__": true, "__defineSetter__": true,
	"__lookupGetter__": true, "__lookupSetter__": true,
}

const longestInherited = len("propertyIsEnumerable")

// checkName tells what is wrong with a comm id or a target name, or "".
func checkName(what, s string) string {
	switch {
	case s == "":
		return what + " is missing"
	case len(s) > seam.MaxName:
		return what + " is longer than 128 characters"
	case len(s) <= longestInherited && inherited[s]:
		return what + " is a name that every JavaScript object has"
	}
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return what + " is not printable ASCII"
		}
	}
	return ""
}

// checkNames is checkName for a comm that is to be taken up here.
func checkNames(id, target string) error {
	bad := checkName("the comm id", id)
	if bad == "" {
		bad = checkName("the target name", target)
	}
	if bad == "" {
		return nil
	}
	return &fault{ErrBadName, bad}
}

// fault is an error of a given kind with a text of its own.
type fault struct {
	kind error
	text string
}

func (f *fault) Error() string { return text(f.kind) + ": " + f.text }
func (f *fault) Unwrap() error { return f.kind }
