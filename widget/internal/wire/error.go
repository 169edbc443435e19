package wire

import "strconv"

// An Error says what is wrong with a value, and where it is.
type Error struct {
	Path string // as in Go: ".Items[2].Name"; empty for the whole value
	Text string
}

func (e *Error) Error() string {
	if e.Path == "" {
		return e.Text
	}
	return e.Path + " " + e.Text
}

// at puts where it happened before the path of an error.
func at(err error, where string) error {
	if e, ok := err.(*Error); ok {
		return &Error{Path: where + e.Path, Text: e.Text}
	}
	return err
}

func atIndex(err error, i int) error {
	if err == nil {
		return nil
	}
	return at(err, "["+strconv.Itoa(i)+"]")
}

func atKey(err error, key string) error {
	if err == nil {
		return nil
	}
	return at(err, "["+Quote(key)+"]")
}
