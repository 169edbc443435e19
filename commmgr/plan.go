package commmgr

import "gocomm/internal/seam"

// planned reads a part by a plan: see layer.Planned.
func (m *Message) planned(p Part, plan *seam.Plan, buf []byte) (data []byte, ok bool, err error) {
	if m.more.Load() < 0 || m.Body == nil {
		return nil, true, m.live("read " + p.String()) // the text is made for an error alone
	}
	if seam.Planned == nil {
		return nil, false, nil
	}
	data, ok, err = seam.Planned(m.Body, uint8(p), plan, buf)
	if err != nil {
		err = m.fail("read "+p.String(), err)
	}
	return data, ok, err
}
