package jsglue

import (
	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/internal/spin"
)

// events are the messages sent whose answers are wanted. Its methods may be called on any
// goroutine and in exports.
type events struct {
	mu       spin.Mutex // guards the rest
	byNumber map[int32]*event
	byComm   map[string]*event // the newest of a comm, which has the others behind it
	last     int32
}

// An event takes the answers to one message.
type event struct {
	number         int32
	commID         string
	f              func(host.Event, *commmgr.Message)
	newer, earlier *event // of the same comm
}

// add gives the number under which JavaScript tells of the answers.
func (e *events) add(commID string, f func(host.Event, *commmgr.Message)) int32 {
	one := &event{commID: commID, f: f}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.byNumber == nil {
		e.byNumber, e.byComm = map[int32]*event{}, map[string]*event{}
	}
	e.last++
	one.number = e.last
	if one.earlier = e.byComm[commID]; one.earlier != nil {
		one.earlier.newer = one
	}
	e.byNumber[one.number] = one
	e.byComm[commID] = one
	return one.number
}

func (e *events) get(number int32) *event {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.byNumber[number]
}

func (e *events) remove(number int32) {
	e.mu.Lock()
	defer e.mu.Unlock()
	one := e.byNumber[number]
	if one == nil {
		return
	}
	delete(e.byNumber, number)
	if one.earlier != nil {
		one.earlier.newer = one.newer
	}
	switch {
	case one.newer != nil:
		one.newer.earlier = one.earlier
	case one.earlier != nil:
		e.byComm[one.commID] = one.earlier
	default:
		delete(e.byComm, one.commID)
	}
}

// forget drops those of a comm that has ended, and gives how many it has looked at.
func (e *events) forget(commID string) (seen int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for one := e.byComm[commID]; one != nil; one = one.earlier {
		seen++
		delete(e.byNumber, one.number)
	}
	delete(e.byComm, commID)
	return seen
}
