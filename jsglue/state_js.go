package jsglue

import (
	"gocomm/commmgr"
	"gocomm/internal/border"
)

// program is the state that exported functions need: a program has one kernel.
var program struct {
	m      *commmgr.Manager
	index  index
	events events
	bodies bodies
	plans  plans
	fresh  []commmgr.Message // for the next ones: fewer pieces of memory are made
}

// What JavaScript writes to the scratch memory must fit: a comm id and a target name.
const _ = uint(border.ScratchSize - 2*(commmgr.MaxName+1))
