package codec

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"unsafe"
)

// A scan writes of JSON text the values that a plan names, as value-writer.js does of a
// parsed message.
type scan struct {
	scanner
	out   []byte
	depth int
	root  *tree // the places of binary buffers; nil where there are none
}

// Scan gives the values that a plan names of a message's data, for [Plan.Read]. It may
// use buf's memory.
func Scan(p *Plan, text, buf []byte) ([]byte, error) {
	s := scan{scanner: scanner{text: text}, out: buf[:0]}
	if p.binary {
		n := 0
		if s.peek() == '{' {
			err := Members(text, func(key string, value []byte) (err error) {
				if key == pathsName && value[0] == '[' {
					s.root, n, err = parsePaths(value)
				}
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		s.uint32(n)
	}
	s.value(p.root, s.root)
	return s.out, s.finish()
}

//go:noinline
func (s *scan) tag(t byte) { s.out = append(s.out, t) }

func (s *scan) uint16(n int) {
	s.tag(byte(n))
	s.tag(byte(n >> 8))
}

//go:noinline
func (s *scan) uint32(n int) { s.out = append(s.out, byte(n), byte(n>>8), byte(n>>16), byte(n>>24)) }

// count puts a number where there was room left for it.
func (s *scan) count(at, n int) { *(*uint32)(unsafe.Pointer(&s.out[at])) = uint32(n) }

//go:noinline
func (s *scan) bytes(b []byte) {
	s.uint32(len(b))
	s.out = append(s.out, b...)
}

//go:noinline
func (s *scan) buffer(i int) {
	s.tag(tagBuffer)
	s.uint32(i)
}

// value writes what n wants of the next value; at has the buffers in it.
func (s *scan) value(n *node, at *tree) {
	n = n.pointee()
	c := s.peek()
	list := n.kind == reflect.Slice || n.kind == reflect.Array || n.kind == reflect.Interface
	object := n.kind == reflect.Struct || n.kind == reflect.Map || n.kind == reflect.Interface
	switch {
	case at != nil && at.buffer >= 0:
		s.buffer(at.buffer)
		s.skip()
	case at != nil && !(c == '[' && list || c == '{' && object):
		s.fail(errPlace)
	case c == 'n':
		s.tag(tagNull)
		s.word(c)
	case n.reads != none:
		s.tag(tagText)
		s.bytes(s.skip())
	case c == 't':
		s.tag(tagTrue)
		s.word(c)
	case c == 'f':
		s.tag(tagFalse)
		s.word(c)
	case c == '"':
		s.tag(tagString)
		s.bytes(s.str())
	case c == '[' && !list:
		s.tag(tagArray)
		s.skip()
	case c == '{' && !object:
		s.tag(tagObject)
		s.skip()
	case (c == '[' || c == '{') && s.depth == MaxDepth:
		s.tag(tagDeep)
		s.skip()
	case c == '[':
		s.list(n, at)
	case c == '{' && n.kind == reflect.Struct:
		s.fields(n, at)
	case c == '{':
		s.mapping(n, at)
	default:
		s.numeral(n)
	}
}

func (s *scan) numeral(n *node) {
	text := s.number()
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil && !isFloat(n.kind) || isInteger(n.kind) && math.Abs(f) > maxExact { // a float of 1e999 is an infinity
		s.tag(tagNumeral)
		s.bytes(text)
		return
	}
	s.tag(tagNumber)
	s.out = append(s.out, unsafe.Slice((*byte)(unsafe.Pointer(&f)), 8)...)
}

func (s *scan) list(n *node, at *tree) {
	s.tag(tagList)
	start := len(s.out)
	s.uint32(0)
	s.depth++
	i := 0
	for more := s.first(']'); more; more = s.more(']') {
		if n.kind == reflect.Array && i >= n.length {
			s.skip()
		} else {
			s.value(n.elem, at.element(i))
		}
		i++
	}
	s.depth--
	if !at.within(i) {
		s.fail(errPlace)
	}
	if n.kind == reflect.Array {
		i = min(i, n.length)
	}
	s.count(start, i)
}

func (s *scan) fields(n *node, at *tree) {
	s.tag(tagFields)
	s.depth++
	seen := make([]bool, at.len())
	for more := s.first('}'); more; more = s.more('}') {
		key := s.key()
		i := n.field(key)
		below := at.member(key, seen)
		if i < 0 {
			s.skip()
			continue
		}
		s.uint16(i)
		s.value(n.fields[i].node, below)
	}
	s.depth--
	ok := at.others(seen, func(name string, buffer int) {
		if i := n.field([]byte(name)); i >= 0 {
			s.uint16(i)
			s.buffer(buffer)
		}
	})
	if !ok {
		s.fail(errPlace)
	}
	s.uint16(endOfFields)
}

func (s *scan) mapping(n *node, at *tree) {
	s.tag(tagMap)
	start, count := len(s.out), 0
	s.uint32(0)
	s.depth++
	seen := make([]bool, at.len())
	for more := s.first('}'); more; more = s.more('}') {
		key := s.key()
		if at != nil && at == s.root && string(key) == pathsName {
			s.skip()
			continue
		}
		s.bytes(key)
		s.value(n.elem, at.member(key, seen))
		count++
	}
	s.depth--
	ok := at.others(seen, func(name string, buffer int) {
		s.bytes([]byte(name))
		s.buffer(buffer)
		count++
	})
	if !ok {
		s.fail(errPlace)
	}
	s.count(start, count)
}

// field finds the field that a name is for: that which has it, or else the first that
// has it in another case.
func (n *node) field(name []byte) int {
	if i, ok := n.byName[string(name)]; ok {
		return i
	}
	for i := range n.fields {
		if strings.EqualFold(n.fields[i].name, string(name)) {
			return i
		}
	}
	return -1
}
