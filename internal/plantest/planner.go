package plantest

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"strings"

	"gocomm/commmgr"
	"gocomm/internal/seam"
)

// Parsed makes a message of JSON data as a page does: it has the values, and writes
// those that a plan names, as web/runtime/value-writer.js does.
func Parsed(data []byte) (*commmgr.Message, error) {
	v, err := parse(data)
	if err != nil {
		return nil, err
	}
	return &commmgr.Message{MsgType: commmgr.CommMsg, CommID: "c", Body: &Body{data: v}}, nil
}

// A Body has a message's data parsed.
type Body struct {
	data  value
	Plans int // how often a plan was read by
}

func (b *Body) JSON(commmgr.Part) ([]byte, error) { return stringify(b.data), nil }
func (*Body) NumBuffers() int                     { return 0 }
func (*Body) BufferLen(int) int                   { return 0 }
func (*Body) CopyBuffer([]byte, int) int          { return 0 }
func (*Body) Release()                            {}

// Planned is that of layer.Planner.
func (b *Body) Planned(_ commmgr.Part, plan *seam.Plan, buf []byte) ([]byte, error) {
	var nodes []node
	if err := json.Unmarshal([]byte(plan.Text), &nodes); err != nil {
		return nil, err
	}
	b.Plans++
	w := &writer{nodes: nodes, out: buf[:0]}
	w.value(&nodes[0], b.data)
	return w.out, nil
}

// A node is one of a plan's text.
type node struct {
	Fields [][2]any
	List   *int
	Most   *int
	Map    *int
}

const (
	tagNull = iota
	tagFalse
	tagTrue
	tagNumber
	tagString
	tagList
	tagFields
	tagMap
	tagArray
	tagObject
)

type writer struct {
	nodes []node
	out   []byte
}

func (w *writer) uint32(n int)    { w.out = binary.LittleEndian.AppendUint32(w.out, uint32(n)) }
func (w *writer) string(s string) { w.uint32(len(s)); w.out = append(w.out, s...) }

func (w *writer) value(n *node, v value) {
	switch v := v.(type) {
	case nil:
		w.out = append(w.out, tagNull)
	case bool:
		tag := byte(tagFalse)
		if v {
			tag = tagTrue
		}
		w.out = append(w.out, tag)
	case float64:
		w.out = binary.LittleEndian.AppendUint64(append(w.out, tagNumber), math.Float64bits(v))
	case string:
		w.out = append(w.out, tagString)
		w.string(v)
	case []value:
		if n.List == nil {
			w.out = append(w.out, tagArray)
			return
		}
		if n.Most != nil && len(v) > *n.Most {
			v = v[:*n.Most]
		}
		w.out = append(w.out, tagList)
		w.uint32(len(v))
		for _, e := range v {
			w.value(&w.nodes[*n.List], e)
		}
	case *object:
		w.object(n, v)
	}
}

func (w *writer) object(n *node, o *object) {
	switch {
	case n.Fields != nil:
		w.out = append(w.out, tagFields)
		for _, name := range o.names {
			if at := n.place(name); at >= 0 {
				w.out = binary.LittleEndian.AppendUint16(w.out, uint16(at))
				w.value(&w.nodes[int(n.Fields[at][1].(float64))], o.values[name])
			}
		}
		w.out = binary.LittleEndian.AppendUint16(w.out, 0xffff)
	case n.Map != nil:
		w.out = append(w.out, tagMap)
		w.uint32(len(o.names))
		for _, name := range o.names {
			w.string(name)
			w.value(&w.nodes[*n.Map], o.values[name])
		}
	default:
		w.out = append(w.out, tagObject)
	}
}

// place finds the field that a name is for.
func (n *node) place(name string) int {
	for _, equal := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for i, f := range n.Fields {
			if equal(f[0].(string), name) {
				return i
			}
		}
	}
	return -1
}
