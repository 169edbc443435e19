package jsglue

import (
	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/internal/border"
)

// program is the state that exported functions need: a program has one kernel.
var program struct {
	m      *commmgr.Manager
	d      *host.Driver
	index  index
	events events
	bodies bodies
	plans  plans
	fresh  []commmgr.Message // for the next ones: fewer pieces of memory are made
}

// What JavaScript writes to the scratch memory must fit: a comm id and a target name.
const _ = uint(border.ScratchSize - 2*(host.MaxName+1))

// A refusal is an error of commmgr's of which the page knows more.
type refusal struct {
	kind error
	text string
}

func (r *refusal) Error() string { return r.text }
func (r *refusal) Unwrap() error { return r.kind }
