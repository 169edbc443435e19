package jsglue

import (
	"structs"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
)

// abiVersion is the version of the border; web/runtime/program.js has the same.
const abiVersion = 7

// program is the state that exported functions need: a program has one kernel.
var program struct {
	m       *commmgr.Manager
	d       *host.Driver
	scratch scratch
	index   index
	timers  timers
	events  events
	turn    func()            // what gocomm_turn is to call
	bodies  []host.Body       // by slot
	fresh   []commmgr.Message // for the next ones: fewer pieces of memory are made
	plans   []bool            // those that JavaScript has been told of, by their numbers
}

// staged takes the bytes that JavaScript has staged under a number. Memory for them is
// made in between, where the garbage collector may park the goroutine, and others stage
// theirs: hence the numbers.
func staged(number int32) []byte {
	b := make([]byte, stagedLen(number))
	take(number, ptr(b))
	return b
}

// result makes an error of an import's failure code.
func result(code int32) error {
	if code >= 0 {
		return nil
	}
	return jsError(staged(-1 - code))
}

// A jsError is an exception of JavaScript, or what gocomm.js has refused.
type jsError string

func (e jsError) Error() string { return string(e) }

// A refusal is an error of commmgr's of which the page knows more.
type refusal struct {
	kind error
	text string
}

func (r *refusal) Error() string { return r.text }
func (r *refusal) Unwrap() error { return r.kind }

// scratch is memory that JavaScript writes and reads without being told where.
type scratch struct {
	_     structs.HostLayout
	names [namesSize]byte // a comm id and a target name
}

const namesSize = 2 * (host.MaxName + 1)
