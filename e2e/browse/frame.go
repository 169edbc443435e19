package browse

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Direction tells who sent a frame.
type Direction string

// The directions, as seen from the page.
const (
	Sent     Direction = "sent"
	Received Direction = "received"
)

// Frame is one Jupyter message on a kernel's websocket.
type Frame struct {
	Direction Direction
	Time      time.Time

	Channel  string // "shell", "iopub", "control", "stdin"
	MsgType  string
	MsgID    string
	ParentID string // parent_header.msg_id
	Session  string // of the header: who made the message

	CommID     string          // of comm_open, comm_msg, comm_close
	TargetName string          // of comm_open
	Data       json.RawMessage // content.data of comm messages

	Content  json.RawMessage
	Metadata json.RawMessage
	Buffers  [][]byte

	Err error // the frame could not be parsed; nothing else is set but Direction and Time
}

func (f Frame) String() string {
	if f.Err != nil {
		return fmt.Sprintf("%s unreadable frame: %v", f.Direction, f.Err)
	}
	content := string(f.Content)
	if len(content) > 300 {
		content = content[:300] + "…"
	}
	return fmt.Sprintf("%s %s %s %s parent=%s %s buffers=%d", f.Direction, f.Channel, f.MsgType, f.MsgID, f.ParentID, content, len(f.Buffers))
}

type header struct {
	MsgID   string `json:"msg_id"`
	MsgType string `json:"msg_type"`
	Session string `json:"session"`
}

// ParseText reads a message without buffers: JSON with the channel in it.
func ParseText(b []byte) (Frame, error) {
	var m struct {
		Channel  string          `json:"channel"`
		Header   header          `json:"header"`
		Parent   header          `json:"parent_header"`
		Metadata json.RawMessage `json:"metadata"`
		Content  json.RawMessage `json:"content"`
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return Frame{}, fmt.Errorf("message JSON: %w", err)
	}
	return frameOf(m.Channel, m.Header, m.Parent, m.Metadata, m.Content, nil)
}

// ParseBinary reads a message with buffers in the default protocol: a count
// (u32, big endian), that many offsets from the start (u32, big endian), then
// the JSON and the buffers; each part runs to the next one's start.
func ParseBinary(b []byte) (Frame, error) {
	if len(b) < 4 {
		return Frame{}, errors.New("binary frame shorter than its count")
	}
	n := uint64(binary.BigEndian.Uint32(b))
	if n == 0 || n > uint64(len(b)-4)/4 {
		return Frame{}, fmt.Errorf("binary frame of %d bytes cannot have %d parts", len(b), n)
	}
	offsets := make([]uint64, n, n+1)
	for i := range offsets {
		offsets[i] = uint64(binary.BigEndian.Uint32(b[4+4*i:]))
	}
	parts, err := split(b, 4+4*n, append(offsets, uint64(len(b))))
	if err != nil {
		return Frame{}, err
	}
	f, err := ParseText(parts[0])
	if err != nil {
		return Frame{}, err
	}
	f.Buffers = parts[1:]
	return f, nil
}

// ParseV1 reads a frame of the subprotocol v1.kernel.websocket.jupyter.org, which
// JupyterLab asks for: a count and that many offsets (u64, little endian), then
// channel, header, parent header, metadata, content and the buffers; the last
// offset is the frame's length.
func ParseV1(b []byte) (Frame, error) {
	if len(b) < 8 {
		return Frame{}, errors.New("v1 frame shorter than its count")
	}
	n := binary.LittleEndian.Uint64(b)
	if n < 6 || n > uint64(len(b)-8)/8 {
		return Frame{}, fmt.Errorf("v1 frame of %d bytes cannot have %d offsets", len(b), n)
	}
	offsets := make([]uint64, n)
	for i := range offsets {
		offsets[i] = binary.LittleEndian.Uint64(b[8+8*i:])
	}
	parts, err := split(b, 8+8*n, offsets)
	if err != nil {
		return Frame{}, err
	}
	var h, parent header
	if err := json.Unmarshal(parts[1], &h); err != nil {
		return Frame{}, fmt.Errorf("header JSON: %w", err)
	}
	if err := json.Unmarshal(parts[2], &parent); err != nil {
		return Frame{}, fmt.Errorf("parent header JSON: %w", err)
	}
	return frameOf(string(parts[0]), h, parent, parts[3], parts[4], parts[5:])
}

// split cuts b at the offsets; part i is [offsets[i], offsets[i+1]). The first
// part starts at or after head, the end of the table.
func split(b []byte, head uint64, offsets []uint64) ([][]byte, error) {
	parts := make([][]byte, len(offsets)-1)
	at := head
	for i := range parts {
		start, end := offsets[i], offsets[i+1]
		if start < at || end < start || end > uint64(len(b)) {
			return nil, fmt.Errorf("part %d of a frame of %d bytes lies at %d to %d", i, len(b), start, end)
		}
		parts[i], at = b[start:end:end], end
	}
	return parts, nil
}

// frameOf lifts what tests ask for out of the message.
func frameOf(channel string, h, parent header, metadata, content json.RawMessage, buffers [][]byte) (Frame, error) {
	if h.MsgType == "" {
		return Frame{}, errors.New("message without a msg_type")
	}
	f := Frame{
		Channel: channel, MsgType: h.MsgType, MsgID: h.MsgID, Session: h.Session, ParentID: parent.MsgID,
		Metadata: metadata, Content: content, Buffers: buffers,
	}
	if !bytes.HasPrefix([]byte(h.MsgType), []byte("comm_")) || h.MsgType == "comm_info_request" || h.MsgType == "comm_info_reply" {
		return f, nil
	}
	// Strange content is what some tests send on purpose: then Content tells it.
	var c struct {
		CommID     json.RawMessage `json:"comm_id"`
		TargetName json.RawMessage `json:"target_name"`
		Data       json.RawMessage `json:"data"`
	}
	if json.Unmarshal(content, &c) == nil {
		_ = json.Unmarshal(c.CommID, &f.CommID)
		_ = json.Unmarshal(c.TargetName, &f.TargetName)
		f.Data = c.Data
	}
	return f, nil
}
