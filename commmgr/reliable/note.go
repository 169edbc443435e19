package reliable

import (
	"bytes"
	"reflect"
	"strconv"

	"gocomm/commmgr"
	"gocomm/internal/codec"
	"gocomm/internal/layer"
)

// version is that of the protocol.
const version = 1

// The kinds of messages that are no user's.
const (
	kindHello  = "hello"  // answers an offer
	kindAck    = "ack"    // all up to A have come
	kindResend = "resend" // F to T are missing
	kindTail   = "tail"   // N was the last, B is the first that is kept
	kindResume = "resume" // the reader of Stream is back; all up to A have come
	kindLost   = "lost"   // F to T are kept no more
	kindSkip   = "skip"   // F to T were never sent
)

// A note is what the metadata have under "gocomm".
type note struct {
	Reliable int64  `json:"reliable"` // the version, in an offer
	Stream   string `json:"stream"`   // of an offer, a hello and a tail: the sender's; of a resume: the other's
	S        int64  `json:"s"`        // the number of a message of the user's, from 1
	A        int64  `json:"a"`        // all of the other's messages up to this number have come
	K        string `json:"k"`        // the kind, unless it is a message of the user's
	F        int64  `json:"f"`
	T        int64  `json:"t"`
	N        int64  `json:"n"`
	B        int64  `json:"b"`
}

type noted struct {
	Gocomm note `json:"gocomm"`
}

// noteOf reads a message's note. ok is false where it has none that is known here.
func noteOf(msg *commmgr.Message) (n note, ok bool) {
	if msg == nil {
		return note{}, false
	}
	plan := codec.PlanOf(reflect.TypeFor[noted]())
	space := codec.TakeSpace()
	defer space.GiveBack()
	var all noted
	data, planned, err := layer.Planned(msg, commmgr.Metadata, (*layer.Plan)(&plan.Wanted), space.Bytes)
	switch {
	case !planned:
		if data, err = msg.JSON(commmgr.Metadata); err == nil {
			_, err = plan.ReadText(data, nil, codec.Memory(&all))
		}
	case err == nil:
		_, err = plan.Read(space, data, nil, codec.Memory(&all))
	}
	n = all.Gocomm
	return n, err == nil && (n.S > 0 || n.K != "" || n.Reliable != 0)
}

// text appends the note as JSON.
func (n *note) text(b []byte) []byte {
	b = append(b, '{')
	number := func(name string, v int64) {
		if v != 0 {
			b = append(b, `"`+name+`":`...)
			b = strconv.AppendInt(b, v, 10)
			b = append(b, ',')
		}
	}
	number("s", n.S)
	number("a", n.A)
	if n.K != "" {
		b = append(b, `"k":"`+n.K+`",`...)
	}
	if n.Stream != "" {
		b = append(b, `"stream":`...)
		b = codec.AppendString(b, n.Stream)
		b = append(b, ',')
	}
	number("reliable", n.Reliable)
	number("f", n.F)
	number("t", n.T)
	number("n", n.N)
	number("b", n.B)
	if b[len(b)-1] == ',' {
		b = b[:len(b)-1]
	}
	return append(b, '}')
}

// withNote gives metadata with the note, whose text n is, before the user's.
func withNote(metadata, n []byte) []byte {
	rest := bytes.TrimSpace(metadata)
	b := append(make([]byte, 0, len(n)+len(rest)+12), `{"gocomm":`...)
	b = append(b, n...)
	if len(rest) == 0 {
		return append(b, '}')
	}
	if rest[0] != '{' {
		return metadata // no object: sending says so
	}
	rest = bytes.TrimSpace(rest[1:])
	if len(rest) > 0 && rest[0] != '}' {
		b = append(b, ',')
	}
	return append(b, rest...)
}

// payload is the note as a message of its own.
func (n *note) payload() *commmgr.Payload {
	return &commmgr.Payload{Data: []byte(`{"gocomm":"` + n.K + `/1"}`), Metadata: withNote(nil, n.text(nil))}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
