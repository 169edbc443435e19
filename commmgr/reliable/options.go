package reliable

import (
	"errors"

	"gocomm/commmgr"
	"gocomm/internal/layer/enclose"
)

// ErrUnacked: so much is unacknowledged that nothing more is kept; nothing was sent.
var ErrUnacked = errors.New("reliable: too many messages are unacknowledged")

// errSet is a comm on which calls, say, were set up before.
var errSet = errors.New("reliable: the comm is in use already: make it reliable before anything else")

// Defaults of the [Options] of the same names.
const (
	DefaultMessages = 4096
	DefaultBytes    = 4 << 20
)

// Options set a comm up. nil stands for the zero value.
type Options struct {
	// Messages and Bytes bound what is kept until the other side has acknowledged it: data,
	// metadata and buffers. With more, Send gives [ErrUnacked]. 0 stands for the defaults. A
	// message that is larger than Bytes is sent while no other is kept.
	Messages int
	Bytes    int
	// OnLost is told of messages that the other side has sent and keeps no more. It is called on
	// a goroutine. Where it is nil, the manager reports the error [*LostError].
	OnLost func(c *commmgr.Comm, lost *LostError)
	// OnPlain is told that the other side knows nothing of reliable comms: it has not answered
	// within 5 s, and the comm goes on as a plain one. It is called on a goroutine.
	OnPlain func(c *commmgr.Comm)
}

// A LostError says which messages will never come: those with the numbers From to To. The
// first message of a stream has number 1.
type LostError struct{ From, To int64 }

func (e *LostError) Error() string {
	return "reliable: the messages " + itoa(e.From) + " to " + itoa(e.To) + " are lost: the sender keeps them no more"
}

// Accept gives an open handler for a target: a comm that the kernel opens as a reliable one
// is reliable when open is called with it. Others are plain.
func Accept(open commmgr.OpenFunc, o *Options) commmgr.OpenFunc {
	return func(c *commmgr.Comm, msg *commmgr.Message) error {
		if n, ok := noteOf(msg); ok && n.Reliable == version && n.Stream != "" {
			p := newPeer(c, o)
			p.theirs, p.aware, p.reads = n.Stream, true, c.OpenedHere()
			if err := p.start(); err != nil {
				return err
			}
		}
		return open(c, msg)
	}
}

// Open opens a comm to a target of the kernel, as [commmgr.Manager.Open] does, and has it
// be reliable.
func Open(m *commmgr.Manager, target string, open *commmgr.Payload, o *Options) (*commmgr.Comm, error) {
	p := newPeer(nil, o)
	p.reads = true
	var q commmgr.Payload
	if open != nil {
		q = *open
	}
	q.Metadata = withNote(q.Metadata, (&note{Reliable: version, Stream: p.ours}).text(nil))
	c, err := m.Open(target, &q)
	if err != nil {
		return nil, err
	}
	p.c = c
	return c, p.start()
}

// Resume has a comm be reliable that this side takes up again, such as one that has survived a
// reload of the page: the kernel sends again what came after the position. A position without
// a stream stands for all that the kernel still keeps.
func Resume(c *commmgr.Comm, at Position, o *Options) error {
	p := newPeer(c, o)
	p.reads, p.aware = true, true
	p.theirs, p.next = at.Stream, at.Last+1
	p.resuming = true
	return p.start()
}

// A Position is how far this side has read the other's stream.
type Position struct {
	Stream string // the stream's id
	Last   int64  // all messages up to this number have come
}

// PositionOf gives the comm's, for a later [Resume].
func PositionOf(c *commmgr.Comm) Position {
	p := peerOf(c)
	if p == nil {
		return Position{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return Position{p.theirs, p.next - 1}
}

// Unacked gives how many messages the other side has not acknowledged yet, of those sent here.
// It is 0 for a plain comm.
func Unacked(c *commmgr.Comm) int {
	p := peerOf(c)
	if p == nil {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.kept)
}

// Reliable tells whether the comm is reliable: it is not when the other side knows nothing of
// it, nor on a page that reads what another client has opened.
func Reliable(c *commmgr.Comm) bool {
	p := peerOf(c)
	if p == nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reads && p.aware && !p.plain
}

// peerOf gives the comm's peer, or nil.
func peerOf(c *commmgr.Comm) *peer {
	p, _ := enclose.Of(c).(*peer)
	return p
}
