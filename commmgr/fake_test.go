package commmgr_test

import (
	"strconv"
	"sync"
	"sync/atomic"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
)

// A wire is a transport that keeps what it is given, and a log of errors.
type wire struct {
	mu     sync.Mutex
	ids    int
	sent   []host.Outgoing
	errs   []error
	refuse error
}

func (w *wire) Send(o *host.Outgoing) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse != nil {
		return "", w.refuse
	}
	w.sent = append(w.sent, *o)
	return "request", nil
}

func (w *wire) InputReply(string) error { return nil }

func (w *wire) onError(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.errs = append(w.errs, err)
}

func (w *wire) newID() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids++
	return "front-" + strconv.Itoa(w.ids)
}

func (w *wire) Sent() []host.Outgoing {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]host.Outgoing(nil), w.sent...)
}

func (w *wire) Errors() []error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]error(nil), w.errs...)
}

// A managed is a manager with what drives it.
type managed struct {
	*commmgr.Manager
	*host.Driver
}

func manage(o host.Options) *managed {
	m, d := host.New(o)
	return &managed{m, d}
}

// newWired makes a manager on a wire, for tests that have no use for a kernel.
func newWired(change func(*host.Options)) (*managed, *wire) {
	w := &wire{}
	o := host.Options{Transport: w, Clock: &commmgrtest.Clock{}, NewID: w.newID, OnError: w.onError}
	if change != nil {
		change(&o)
	}
	return manage(o), w
}

// A ledger knows which messages were released, and how often.
type ledger struct{ made, released, doubly atomic.Int64 }

type body struct {
	l       *ledger
	n       atomic.Int32
	text    string
	buffers [][]byte
	missing int // bytes that CopyBuffer leaves out
	err     error
}

func (b *body) JSON(commmgr.Part) ([]byte, error) { return []byte(b.text), b.err }
func (b *body) NumBuffers() int                   { return len(b.buffers) }
func (b *body) BufferLen(i int) int               { return len(b.buffers[i]) }
func (b *body) CopyBuffer(dst []byte, i int) int {
	return copy(dst, b.buffers[i][:len(b.buffers[i])-b.missing])
}
func (b *body) Release() {
	b.l.released.Add(1)
	if b.n.Add(1) > 1 {
		b.l.doubly.Add(1)
	}
}

// message makes a message of this client's; its text is what JSON gives.
func (l *ledger) message(msgType, id, text string) *commmgr.Message {
	l.made.Add(1)
	m := &commmgr.Message{MsgType: msgType, CommID: id, Own: true, Size: 100, Body: &body{l: l, text: text}}
	if msgType == commmgr.CommOpen {
		m.TargetName = "t"
	}
	return m
}

func (l *ledger) settled() bool {
	return l.released.Load() == l.made.Load() && l.doubly.Load() == 0
}
