package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"syscall/js"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
	"gocomm/jsglue/page"
)

// A shape has a field of each kind.
type shape struct {
	Name   string         `js:"name"`
	Count  int            `js:"count"`
	Ratio  float64        `js:"ratio"`
	On     bool           `js:"on"`
	Tags   []string       `js:"tags"`
	Inner  *shape         `js:"inner"`
	Counts map[string]int `js:"counts"`
}

// decode answers with what package page makes of the page's probeValue: {"Value": …} or {"Error": …}.
func decode(c *commmgr.Comm, msg *commmgr.Message) error {
	into, err := typed.Decode[string](msg)
	if err != nil {
		return err
	}
	dst, ok := map[string]any{"shape": &shape{Name: "preset"}, "string": new(string), "int": new(int), "list": new([]int),
		"no pointer": shape{}}[into]
	if !ok {
		return fmt.Errorf("probe: decode into %q is not provided for", into)
	}
	answer := map[string]any{}
	if err := page.Decode(js.Global().Get("probeValue"), dst); err != nil {
		answer["Error"] = err.Error()
	} else {
		answer["Value"] = dst
	}
	return typed.Send(c, answer)
}

// encode hands a Go value to the page, as its probeValue, and answers with the error's text.
func encode(c *commmgr.Comm, msg *commmgr.Message) error {
	data, err := msg.JSON(commmgr.Data)
	if err != nil {
		return err
	}
	var what string
	if err := json.Unmarshal(data, &what); err != nil {
		return err
	}
	value, ok := map[string]any{"shape": shape{Name: "é", Count: 1, Ratio: 0.5, On: true, Tags: []string{"a"}, Counts: map[string]int{"n": 2}},
		"nil": nil, "chan": make(chan int), "func": func() {}, "complex": 1i, "list": []any{1, "a", nil}, "cycle": endless()}[what]
	if !ok {
		return fmt.Errorf("probe: encode %q is not provided for", what)
	}
	v, err := page.Encode(value)
	if err != nil {
		return typed.Send(c, err.Error())
	}
	js.Global().Set("probeValue", v)
	return typed.Send(c, "")
}

// endless contains itself.
func endless() *shape {
	s := &shape{}
	s.Inner = s
	return s
}

// large copies a message's buffers, of which each byte is known by its place, and answers
// with their lengths, the number of wrong bytes, and by how much Go's memory has grown.
func large(c *commmgr.Comm, msg *commmgr.Message) error {
	buffers, err := msg.Buffers()
	if err != nil {
		return err
	}
	wrong, lengths := 0, []int{}
	for _, b := range buffers {
		lengths = append(lengths, len(b))
		for i := range b {
			if b[i] != byte(i*31) {
				wrong++
			}
		}
	}
	return typed.Send(c, map[string]any{"lengths": lengths, "wrong": wrong})
}

// heap answers with the bytes of live objects.
func heap(c *commmgr.Comm, _ *commmgr.Message) error {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return typed.Send(c, stats.HeapAlloc)
}
