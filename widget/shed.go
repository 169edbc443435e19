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

// complete reads what was let go of. Whatever looks at the state calls it before.
func (c *core) complete() {
	c.mu.Lock()
	var names []string
	for i, shed := range c.shed {
		if shed && c.err == nil {
			names = append(names, c.typ.Fields[i].Name)
		}
	}
	c.mu.Unlock()
	if len(names) == 0 {
		return
	}
	err := c.link.(host.Reader).Read(names, func(v host.Values) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		v.Skip = map[string]bool{}
		for i, shed := range c.shed {
			v.Skip[c.typ.Fields[i].Name] = !shed // it has been read, or has changed, meanwhile
		}
		err := c.typ.Read(state(v), address(c.state), func(int) {})
		for i := range c.shed {
			if c.shed[i] {
				c.typ.Fields[i].Copy(address(c.told), address(c.state))
			}
		}
		clear(c.shed)
		c.lacks = false
		return err
	})
	if err != nil {
		c.link.Report(c.misfit("get", err))
	}
}
