package commmgr

import "gocomm/internal/seam"

// A planner is a body that can read by a plan: see package gocomm/internal/layer.
type planner interface {
	Planned(p Part, plan *seam.Plan, buf []byte) ([]byte, error)
}

// planned reads a part by a plan: see layer.Planned.
func (m *Message) planned(p Part, plan *seam.Plan, buf []byte) (data []byte, ok bool, err error) {
	if m.more.Load() < 0 || m.Body == nil {
		return nil, true, m.live("read " + p.String()) // the text is made for an error alone
	}
	by, ok := m.Body.(planner)
	if !ok {
		return nil, false, nil
	}
	data, err = by.Planned(p, plan, buf)
	if err != nil {
		err = m.fail("read "+p.String(), err)
	}
	return data, true, err
}
