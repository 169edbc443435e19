package typed

import (
	"errors"
	"reflect"
	"strconv"
	"sync/atomic"
	"unsafe"

	"gocomm/commmgr"
	"gocomm/commmgr/typed/internal/registry"
	"gocomm/internal/layer"
)

// MaxDepth is how deep JSON may be nested that is decoded as text: what Python's
// json makes by default is not deeper. encoding/json decodes by recursion, and more
// than some thousand levels would use up the stack of a program on a page, which is
// the program's end.
const MaxDepth = 1000

// ErrTooDeep: JSON is nested more than [MaxDepth] deep.
var ErrTooDeep = errors.New("typed: nested more than " + strconv.Itoa(MaxDepth) + " deep")

// A buffer is what a message's values are in on their way through a plan.
type buffer struct {
	bytes  []byte
	reader reader
}

const (
	bufferSize  = 4 << 10
	largestKept = 64 << 10 // a buffer that has grown larger is not used again
)

// spare is a buffer that is free. One is enough on a page, where reading by a plan
// does not wait.
var spare atomic.Pointer[buffer]

func takeBuffer() *buffer {
	if b := spare.Swap(nil); b != nil {
		return b
	}
	return &buffer{bytes: make([]byte, bufferSize)}
}

func (b *buffer) giveBack() {
	b.reader.data, b.reader.err = nil, nil
	spare.Store(b)
}

// usable tells whether values of the plan's type can be decoded and sent.
func (p *plan) usable() error {
	if p.not != nil && registry.JSON == nil {
		return p.not
	}
	return nil
}

// decodeFor decodes a message's data, that of a comm to target, into what dst points
// to.
func (p *plan) decodeFor(target string, msg *commmgr.Message, dst any) error {
	if err := p.decode(msg, dst); err != nil {
		return &commmgr.OpError{Op: "decode " + msg.MsgType, CommID: msg.CommID, TargetName: target, Err: err}
	}
	return nil
}

func (p *plan) decode(msg *commmgr.Message, dst any) error {
	if p.not == nil {
		if ok, err := p.read(msg, memory(dst)); ok {
			return err
		}
	}
	data, err := msg.JSON(commmgr.Data)
	if err != nil {
		return cause(err)
	}
	c := registry.JSON
	switch {
	case c == nil && p.not != nil:
		return p.not
	case c == nil:
		return &noPlan{typ: p.typ.String(), why: "is to be decoded from JSON text", with: "jsoncodec"}
	case tooDeep(data):
		return bare{ErrTooDeep}
	}
	err = c.Unmarshal(data, dst)
	if field, value, goType, ok := c.Mismatch(err); ok {
		return &FieldError{Field: field, Value: value, Type: goType}
	}
	return err
}

// read decodes by the plan; ok is false where the message is not parsed.
func (p *plan) read(msg *commmgr.Message, dst unsafe.Pointer) (ok bool, err error) {
	b := takeBuffer()
	data, ok, err := layer.Planned(msg, commmgr.Data, &p.Plan, b.bytes)
	if ok && err == nil {
		if len(data) > len(b.bytes) && len(data) <= largestKept {
			b.bytes = data
		}
		b.reader.data, b.reader.at = data, 0
		if !b.reader.value(p.root, dst) {
			err = b.reader.err
		}
	}
	b.giveBack()
	return ok, cause(err)
}

// cause unwraps what is about to be wrapped with the same names again.
func cause(err error) error {
	if op, ok := err.(*commmgr.OpError); ok {
		return op.Err
	}
	return err
}

// memory gives the address of what a pointer points to: the second word of an any
// that holds a pointer.
func memory(pointer any) unsafe.Pointer {
	return (*[2]unsafe.Pointer)(unsafe.Pointer(&pointer))[1]
}

// encode makes JSON of what v points to.
func encode(v any) ([]byte, error) {
	p := planOf(reflect.TypeOf(v).Elem())
	if err := p.usable(); err != nil {
		return nil, err
	}
	if p.not != nil {
		return registry.JSON.Marshal(v)
	}
	w := writer{}
	if !w.value(p.root, memory(v)) {
		return nil, w.err
	}
	return w.out, nil
}

// tooDeep tells whether JSON text is nested too deep. Of text that is no JSON it may
// tell anything.
func tooDeep(data []byte) bool {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '[', '{':
			if depth++; depth > MaxDepth {
				return true
			}
		case ']', '}':
			depth--
		case '"':
			for i++; i < len(data) && data[i] != '"'; i++ {
				if data[i] == '\\' {
					i++
				}
			}
		}
	}
	return false
}
