package commmgr

// An OpenFunc opens the front end's side of a comm: it sets the handlers and may
// send at once. When it fails the comm is closed, and the kernel told why.
type OpenFunc func(c *Comm, open *Message) error

// TargetOptions set the comms of a target up. nil stands for the zero value.
type TargetOptions struct {
	// Adopt takes up a comm of the target that outlives the page that had it: the kernel still
	// has it, and this page is the one before, loaded again. The host has to go on with the page's
	// session (docs/reload.md), or Adopt is never called. Like an [OpenFunc] it sets the
	// handlers; there is no open message. OnGap is called next, since messages may have been
	// lost, and OnMsg with what follows. When Adopt fails the comm is closed, and the kernel
	// told why. Without it, such comms are as unknown here as they were on a page without gocomm.
	Adopt func(c *Comm) error
	// Inline runs the handlers of the target's comms as soon as a message arrives, within
	// the host's call, and not on the comm's goroutine. It is for handlers that never wait, nor call
	// runtime.Goexit, which would end that call's goroutine.
	Inline bool
	// Limits are those of the target's comms.
	Limits Limits
	// Merge and EachFrame set the target's comms up as [Comm.Merge] and
	// [Comm.EachFrame] do.
	Merge     KeyFunc
	EachFrame bool
	// Unwatched is for handlers that may be busy for as long as they like: see
	// [Comm.SetUnwatched].
	Unwatched bool
}

// A Target is a name that the kernel can open comms to.
type Target struct {
	m    *Manager
	name string
	open OpenFunc
	opts TargetOptions
}

// Name gives the target's name.
func (t *Target) Name() string { return t.name }

// RegisterTarget has comms that the kernel opens to name handled by open, also
// those that are held since they came before. Registering a name again replaces
// the target for comms to come. It mirrors CommManager.register_target.
//
// The error is [ErrBadName], [ErrTargetTaken] when another program on the page has
// the name, or its JavaScript, [ErrDetached] when the manager was taken off its kernel, or
// another one when open is nil.
func (m *Manager) RegisterTarget(name string, open OpenFunc, o *TargetOptions) (*Target, error) {
	t := &Target{m: m, name: name, open: open}
	if o != nil {
		t.opts = *o
	}
	if err := m.register(t); err != nil {
		return nil, &OpError{Op: "register_target", TargetName: name, Err: err}
	}
	m.releaseHeld(t)
	return t, nil
}

func (m *Manager) register(t *Target) error {
	if bad := checkName("the target name", t.name); bad != "" {
		return &fault{ErrBadName, bad}
	}
	if t.open == nil {
		return errNilOpen
	}
	m.mu.Lock()
	_, ours := m.targets[t.name]
	closed := m.closed
	m.mu.Unlock()
	if closed {
		return ErrDetached
	}
	if !ours && m.o.Claim != nil {
		if err := m.o.Claim(t.name); err != nil {
			return err
		}
	}
	m.mu.Lock()
	m.targets[t.name] = t
	m.mu.Unlock()
	return nil
}

// Unregister takes the target away. Its comms live on; a target that was
// registered under the same name since stays. A second call does nothing. It mirrors
// CommManager.unregister_target.
func (t *Target) Unregister() {
	m := t.m
	m.mu.Lock()
	current := m.targets[t.name] == t
	if current {
		delete(m.targets, t.name)
	}
	m.mu.Unlock()
	if current && m.o.Unclaim != nil {
		m.o.Unclaim(t.name)
	}
}

// Targets gives the names of the targets registered here, in no order.
func (m *Manager) Targets() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	names := make([]string, 0, len(m.targets))
	for name := range m.targets {
		names = append(names, name)
	}
	return names
}

// target finds who opens comms to name, or nil.
func (m *Manager) target(name string) *Target {
	m.mu.Lock()
	t := m.targets[name]
	m.mu.Unlock()
	return t
}

// adopt makes c a comm of the target. m.mu is held, or nobody else knows c yet.
func (c *Comm) adopt(t *Target) {
	c.open, c.opening = t.open, true
	c.apply(&t.opts)
}

// apply is adopt for the options alone.
func (c *Comm) apply(o *TargetOptions) {
	c.inline, c.limits, c.eachFrame, c.unwatched = o.Inline, o.Limits, o.EachFrame, o.Unwatched
	c.setMerge(o.Merge)
}
