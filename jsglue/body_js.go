package jsglue

import (
	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/internal/seam"
)

// A slot is where JavaScript keeps a message: the message's [host.Body].
type slot int32

func (s slot) JSON(p commmgr.Part) ([]byte, error) {
	n := load(int32(s), int32(p))
	if err := result(n); err != nil {
		return nil, err
	}
	return staged(n), nil
}

// Field is [host.Fielder]'s.
func (s slot) Field(name string) (value string, ok bool) {
	n := field(int32(s), name)
	if n <= 0 { // none, or its text cannot be had
		_ = result(n)
		return "", false
	}
	return string(staged(n - 1)), true
}

// Planned is that of layer.Planner.
func (s slot) Planned(p commmgr.Part, by *seam.Plan, buf []byte) ([]byte, error) {
	known := &program.plans
	for int(by.ID) >= len(*known) {
		*known = append(*known, false)
	}
	if !(*known)[by.ID] {
		if err := result(plan(by.ID, by.Text)); err != nil {
			return nil, err
		}
		(*known)[by.ID] = true
	}
	n := planned(int32(s), int32(p), by.ID, ptr(buf), int32(len(buf)))
	if n < 0 {
		return nil, result(n)
	}
	if int(n) > len(buf) {
		return staged(n - 1 - int32(len(buf))), nil
	}
	return buf[:n], nil
}

func (s slot) NumBuffers() int { return int(max(0, bufferCount(int32(s)))) }

func (s slot) BufferLen(i int) int { return int(max(0, bufferLen(int32(s), int32(i)))) }

func (s slot) CopyBuffer(dst []byte, i int) int {
	return int(max(0, bufferCopy(int32(s), int32(i), ptr(dst), int32(len(dst)))))
}

func (s slot) Release() {
	if s >= 0 {
		release(int32(s))
	}
}

// bodyOf gives the body of a message in a slot. Slots are used again, and an integer
// that becomes an interface's value is a piece of memory.
func bodyOf(at int32) host.Body {
	if at < 0 {
		return slot(at)
	}
	all := &program.bodies
	for int(at) >= len(*all) {
		*all = append(*all, slot(len(*all)))
	}
	return (*all)[at]
}

func slotOf(msg *commmgr.Message) int32 {
	if msg == nil {
		return -1
	}
	return int32(msg.Body.(slot))
}
