package commmgr

import "strconv"

// Stats counts what has happened to a manager since it was made. Comms whose handlers are a
// page's JavaScript are not the manager's.
type Stats struct {
	Opened     int // comms opened by the kernel
	Messages   int // comm_msgs for known comms
	Held       int // comms that had to wait for their target
	NoTarget   int // comms that waited for their target in vain
	Unknown    int // messages for comms that are not here
	Malformed  int // messages that were not as the specification says
	Duplicate  int // opens with an id in use
	Overflow   int // times that a comm's queue was full: most have ended the comm
	Dropped    int // messages that did not fit into a queue whose comm lives on
	Merged     int // messages that a newer one has replaced while they waited
	Busy       int // calls of handlers that the watchdog has named
	Failed     int // calls of handlers that returned an error, panicked or called Goexit
	Discarded  int // messages that met no handler
	Unreported int // errors, of all of these, that were only counted: a like one had just been reported
}

type counter uint8

const (
	countOpened counter = iota
	countMessages
	countHeld
	countNoTarget
	countUnknown
	countMalformed
	countDuplicate
	countOverflow
	countDropped
	countMerged
	countBusy
	countFailed
	countDiscarded
	counters
)

// reports keeps the counts, and which errors were reported when. Guarded by
// Manager.mu.
type reports struct {
	counts     [counters]int
	episodes   map[episode]*since
	unreported int
}

// An episode is a row of like errors about the same comm or target, some seconds long. Its first is
// reported; the others are counted, and named when the next one is reported.
type episode struct {
	kind counter
	name string
}

type since struct {
	reported Duration // Clock.Now
	more     int
}

const (
	episodeLength = 10 * Second
	maxEpisodes   = 256 // beyond it, all of a kind are one

	maxEpisodeText = 200 // bytes of an error's text that are compared
)

func (m *Manager) count(k counter) {
	m.mu.Lock()
	m.reports.counts[k]++
	m.mu.Unlock()
}

// report counts an error and passes the first of its episode to OnError.
func (m *Manager) report(k counter, name string, err *OpError) {
	now := m.clock.Now()
	m.mu.Lock()
	r := &m.reports
	r.counts[k]++
	if r.episodes == nil {
		r.episodes = map[episode]*since{}
	}
	key := episode{k, name}
	s := r.episodes[key]
	if s == nil && len(r.episodes) >= maxEpisodes {
		for e, s := range r.episodes {
			if now-s.reported > episodeLength {
				delete(r.episodes, e)
			}
		}
		if len(r.episodes) >= maxEpisodes {
			key.name = ""
			s = r.episodes[key]
		}
	}
	var more int
	fresh := s == nil || now-s.reported > episodeLength
	if fresh {
		if s != nil {
			more = s.more
		}
		r.episodes[key] = &since{reported: now}
	} else {
		s.more++
		r.unreported++
	}
	m.mu.Unlock()
	if !fresh {
		return
	}
	if more > 0 {
		if err.Hint != "" {
			err.Hint += "; "
		}
		err.Hint += strconv.Itoa(more) + " more like it before"
	}
	m.o.OnError(err)
}

// Stats gives the counts.
func (m *Manager) Stats() Stats {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := &m.reports.counts
	return Stats{
		Opened: n[countOpened], Messages: n[countMessages], Held: n[countHeld],
		NoTarget: n[countNoTarget], Unknown: n[countUnknown], Malformed: n[countMalformed],
		Duplicate: n[countDuplicate], Overflow: n[countOverflow], Dropped: n[countDropped], Merged: n[countMerged], Busy: n[countBusy], Failed: n[countFailed],
		Discarded: n[countDiscarded], Unreported: m.reports.unreported,
	}
}
