package commmgr

// A Plan says which values of a message's part are wanted. A body whose message
// is parsed already, as on a page, hands them over as they are: no JSON is made
// of them, and parsed again. Package gocomm/internal/codec makes plans of Go types,
// and reads what they give.
type Plan struct {
	ID   int32  // its number among the program's plans, from 0
	Text string // what is wanted, in JSON; the codec's plan.go describes it, and what comes of it
}

// A Planner is a [Body] that can read by a plan.
type Planner interface {
	// Planned gives the values of part p that plan names. It may use buf's memory.
	Planned(p Part, plan *Plan, buf []byte) ([]byte, error)
}

// Planned reads a part by a plan. ok is false when the body has no parsed message:
// then [Message.JSON] has the part's text. The error is [ErrReleased] after the
// message's handler has returned.
func (m *Message) Planned(p Part, plan *Plan, buf []byte) (data []byte, ok bool, err error) {
	if m.more.Load() < 0 || m.Body == nil {
		return nil, true, m.live("read " + p.String()) // the text is made for an error alone
	}
	planner, ok := m.Body.(Planner)
	if !ok {
		return nil, false, nil
	}
	data, err = planner.Planned(p, plan, buf)
	if err != nil {
		err = m.fail("read "+p.String(), err)
	}
	return data, true, err
}
