// Package jsonmsg makes commmgr messages of the JSON that a Jupyter server or
// kernel sends: for native programs and for tests, where no page has parsed it.
package jsonmsg

import (
	"encoding/json"

	"gocomm/commmgr"
)

// A Raw is a message with its parts still in JSON, as the messaging
// specification and the websocket's default protocol name them.
type Raw struct {
	Header       json.RawMessage `json:"header"`
	ParentHeader json.RawMessage `json:"parent_header"`
	Metadata     json.RawMessage `json:"metadata"`
	Content      json.RawMessage `json:"content"`
	Buffers      [][]byte        `json:"-"`
}

// Parse makes a message of its JSON text. session is that of this client: it
// decides Own of [commmgr.Message]. A message that is not as the specification says
// is returned with its Fault set, for Deliver to count and report.
func Parse(text []byte, buffers [][]byte, session string) *commmgr.Message {
	var raw Raw
	if err := json.Unmarshal(text, &raw); err != nil {
		return &commmgr.Message{Fault: "not a JSON object: " + err.Error(), Size: len(text), Body: &body{}}
	}
	raw.Buffers = buffers
	return New(raw, session)
}

// New is [Parse] for a message that is in its parts already.
func New(raw Raw, session string) *commmgr.Message {
	b := &body{raw: raw}
	m := &commmgr.Message{Body: b, Size: len(raw.Header) + len(raw.ParentHeader) + len(raw.Metadata) + len(raw.Content)}
	for _, buf := range raw.Buffers {
		m.Size += len(buf)
	}
	header := fields(raw.Header)
	m.MsgType, m.Fault = str(header, "header.", "msg_type")
	parent, _ := str(fields(raw.ParentHeader), "", "session")
	m.Own = session != "" && parent == session
	switch m.MsgType {
	case commmgr.CommOpen, commmgr.CommMsg, commmgr.CommClose:
	default:
		return m
	}
	content := fields(raw.Content)
	if content == nil {
		m.Fault = "content is not an object"
		return m
	}
	m.CommID, m.Fault = str(content, "content.", "comm_id")
	if m.Fault == "" && m.MsgType == commmgr.CommOpen {
		m.TargetName, m.Fault = str(content, "content.", "target_name")
	}
	b.data = content["data"]
	return m
}

func fields(object json.RawMessage) map[string]json.RawMessage {
	var f map[string]json.RawMessage
	if json.Unmarshal(object, &f) != nil {
		return nil
	}
	return f
}

// str reads a string field, and says what is wrong where it is none.
func str(f map[string]json.RawMessage, where, name string) (s, fault string) {
	v, ok := f[name]
	if !ok {
		return "", where + name + " is missing"
	}
	var p *string
	if json.Unmarshal(v, &p) != nil || p == nil {
		return "", where + name + " is not a string"
	}
	return *p, ""
}

type body struct {
	raw  Raw
	data json.RawMessage
}

func (b *body) JSON(p commmgr.Part) ([]byte, error) {
	part := [...]json.RawMessage{b.raw.Header, b.raw.ParentHeader, b.raw.Metadata, b.raw.Content, b.data}[p]
	if part == nil {
		return []byte("null"), nil
	}
	return part, nil
}

// Field is that of package commmgr/host's Fielder.
func (b *body) Field(name string) (value string, ok bool) {
	text, ok := fields(b.data)[name]
	var v any
	if !ok || json.Unmarshal(text, &v) != nil {
		return "", false
	}
	switch v.(type) {
	case string, float64, bool:
		text, err := json.Marshal(v) // one text for all ways to write it
		return string(text), err == nil
	}
	return "", false
}

func (b *body) NumBuffers() int                  { return len(b.raw.Buffers) }
func (b *body) BufferLen(i int) int              { return len(b.raw.Buffers[i]) }
func (b *body) CopyBuffer(dst []byte, i int) int { return copy(dst, b.raw.Buffers[i]) }
func (b *body) Release()                         { *b = body{} }
