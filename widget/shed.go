package widget

import "gocomm/widget/host"

// largeValue is how many bytes of a trait are let go of when nobody sees the widget.
const largeValue = 1 << 20

// Shed is [host.Sink].Shed.
func (c *core) Shed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.typ.Fields {
		f := &c.typ.Fields[i]
		if f.Clear(address(c.state), largeValue) {
			f.Clear(address(c.told), 0)
			c.shed[i] = true
			c.lacks = true
		}
	}
}

// lockWhole locks c.mu when nothing of the state is missing.
func (c *core) lockWhole() {
	c.mu.Lock()
	for c.lacks {
		var names []string
		for i, shed := range c.shed {
			if shed && c.err == nil {
				names = append(names, c.typ.Fields[i].Name)
			}
		}
		if len(names) == 0 { // they have changed since, or the widget has ended
			c.whole()
			return
		}
		c.mu.Unlock()
		err := c.link.(host.Reader).Read(names, c.complete)
		if err != nil {
			c.link.Report(&failure{"get", nil, err})
		}
		c.mu.Lock()
		if err != nil {
			c.whole()
		}
	}
}

// complete takes the values that were let go of.
func (c *core) complete(v host.Values) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	v.Skip = map[string]bool{}
	for i, shed := range c.shed {
		v.Skip[c.typ.Fields[i].Name] = !shed // it has been read, or has changed, meanwhile
	}
	err := c.typ.Read(state(v), address(c.state), make([]error, len(c.shed)), func(int) {})
	for i, shed := range c.shed {
		if shed {
			c.typ.Fields[i].Copy(address(c.told), address(c.state))
		}
	}
	c.whole()
	return err
}

// whole says that nothing is missing. c.mu is held.
func (c *core) whole() {
	clear(c.shed)
	c.lacks = false
}
