//go:build measure

package main

import (
	"encoding/json"
	"errors"

	"gocomm/commmgr"
	"gocomm/commmgr/typed"
)

// A scene is the nested message of 20 kB.
type scene struct {
	Title  string         `json:"title"`
	Index  map[string]int `json:"index"`
	Layers []struct {
		Name    string  `json:"name"`
		Visible bool    `json:"visible"`
		Opacity float64 `json:"opacity"`
		Shapes  []shape `json:"shapes"`
	} `json:"layers"`
}

type shape struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	At    point  `json:"at"`
	Size  *point `json:"size"`
	Color [3]int `json:"color"`
	Path  []float64
	Tags  []string `json:"tags,omitempty"`
}

type point struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// nested keeps its first message. Each later one says how often that is to be
// decoded, and by what.
func nested(c *commmgr.Comm) error {
	var first *commmgr.Message
	var text []byte
	c.OnMsg(func(msg *commmgr.Message) (err error) {
		if first == nil {
			first = msg
			msg.Retain()
			text, err = msg.JSON(commmgr.Data)
			return err
		}
		order, err := typed.Decode[struct {
			By string
			N  int
		}](msg)
		if err != nil {
			return err
		}
		decode := func() (s scene, err error) { return typed.Decode[scene](first) }
		if order.By == "json" {
			decode = func() (s scene, err error) { err = json.Unmarshal(text, &s); return s, err }
		}
		for range order.N {
			s, err := decode()
			if err != nil {
				return err
			}
			if len(s.Layers) == 0 || len(s.Layers[0].Shapes) == 0 || s.Layers[0].Shapes[0].Size == nil {
				return errors.New("bench: the message was not decoded")
			}
		}
		return typed.Send(c, len(text))
	})
	return nil
}
