package typed

import (
	"math"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"gocomm/commmgr"
)

// The messages of calls, as docs/calls.md describes them. The member gocomm, a kind
// and a version, tells them from all others.
const (
	version    = "1"
	kindCall   = "call"
	kindResult = "result"
	kindError  = "error"
	kindCancel = "cancel"
)

type request[T any] struct {
	Gocomm  string  `json:"gocomm"`
	ID      string  `json:"id"`
	Method  string  `json:"method"`
	Timeout float64 `json:"timeout,omitempty"` // seconds
	Params  T       `json:"params"`
}

type result[T any] struct {
	Gocomm string `json:"gocomm"`
	ID     string `json:"id"`
	Result T      `json:"result"`
}

type failure struct {
	Gocomm  string `json:"gocomm"`
	ID      string `json:"id"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

type cancel struct {
	Gocomm string `json:"gocomm"`
	ID     string `json:"id"`
}

// An envelope is what any of them says, without the values.
type envelope struct {
	Gocomm  string  `json:"gocomm"`
	ID      string  `json:"id"`
	Method  string  `json:"method"`
	Timeout float64 `json:"timeout"`
	Code    string  `json:"code"`
	Message string  `json:"message"`

	kind, version string
}

// envelopeOf reads a message's envelope; ours is false for an ordinary message. An
// error is about one that says it is a call's and is not as one should be.
func envelopeOf(msg *commmgr.Message) (e envelope, ours bool, err error) {
	// Only this one member first: others may be of any type in an ordinary message.
	tag, err := Decode[struct {
		Gocomm string `json:"gocomm"`
	}](msg)
	kind, version, ours := parseTag(tag.Gocomm)
	if err != nil || !ours {
		return e, false, nil
	}
	if e, err = Decode[envelope](msg); err != nil {
		return envelope{kind: kind, version: version}, true, err
	}
	e.kind, e.version = kind, version
	return e, true, e.check()
}

// parseTag reads a kind and a version, such as "call/1".
func parseTag(tag string) (kind, version string, ok bool) {
	for _, kind := range [...]string{kindCall, kindResult, kindError, kindCancel} {
		if n := len(kind); len(tag) > n+1 && tag[:n] == kind && tag[n] == '/' {
			v := tag[n+1:]
			for i := range len(v) {
				if v[i] < '0' || v[i] > '9' {
					return "", "", false
				}
			}
			return kind, v, true
		}
	}
	return "", "", false
}

func (e *envelope) check() error {
	switch {
	case e.ID == "":
		return errMalformed("the id is missing")
	case e.version != version:
		return nil // of another version nothing more is known
	case e.kind == kindCall && e.Method == "":
		return errMalformed("the method is missing")
	case !(e.Timeout >= 0): // null is NaN
		return errMalformed("the timeout is no number of seconds")
	}
	return nil
}

// timeout is how long the caller waits; ok is false where it does so for ever.
func (e *envelope) timeout() (d time.Duration, ok bool) {
	if e.Timeout == 0 {
		return 0, false
	}
	if ns := e.Timeout * 1e9; ns < math.MaxInt64 {
		return time.Duration(ns), true
	}
	return math.MaxInt64, true
}

type errMalformed string

func (e errMalformed) Error() string { return "malformed message of a call: " + string(e) }
func (e errMalformed) Unwrap() error { return commmgr.ErrMalformed }

// All clients of a kernel see its answers, so that no two of them must use the same
// ids: each program has a prefix of its own, drawn at random when it is needed, since
// what is made at the start is linked into every program.
var callIDs struct {
	once   sync.Once
	prefix string
	last   atomic.Int64
}

func newCallID() string {
	callIDs.once.Do(func() { callIDs.prefix = strconv.FormatUint(rand.Uint64(), 36) + "-" })
	return callIDs.prefix + strconv.FormatInt(callIDs.last.Add(1), 10)
}
