package commhost

import (
	"context"
	"errors"
	"time"

	"gocomm/commmgr"
	"gocomm/internal/codec"
	"gocomm/internal/panics"
	"gocomm/widget"
	"gocomm/widget/host"
)

// ControlTarget is the kernel's target that knows all widgets.
const ControlTarget = "jupyter.widget.control"

// controlPatience is how long the control comm is waited for, as in ipywidgets.
const controlPatience = 4 * time.Second

// Recover takes up the widgets that the kernel already has, after the page was loaded anew. It
// takes up all at once, by the control comm ("request_states"). Where the kernel has no such comm,
// or does not answer in time, it takes up those with the given model ids, one by one
// ("request_state"); Jupyter's comm_info_reply has the ids. It leaves widgets alone that are here
// already. Open may resolve references between them. The errors are joined.
func (w *Widgets) Recover(ctx context.Context, ids ...string) error {
	err := w.requestStates(ctx)
	if err == nil || ctx.Err() != nil || len(ids) == 0 {
		return err
	}
	var all recovered
	for _, id := range ids {
		all.register(w, id)
	}
	for _, h := range all.hosts {
		h.c.OnMsg(h.message)
	}
	for i, h := range all.hosts {
		v, err := h.ask(ctx, nil)
		if err != nil {
			all.fail(i, err)
			continue
		}
		// Only to be looked at: a model asks again, since an update may have come.
		h.describe(&v, false)
	}
	all.open()
	return errors.Join(all.errs...)
}

// recovered are the widgets of one recovery. They may refer to each other: all are registered
// before the first is opened.
type recovered struct {
	hosts []*Host // nil where it has failed
	errs  []error
}

// register takes up a widget, unless it is here already.
func (r *recovered) register(w *Widgets, id string) *Host {
	if w.Host(id) != nil || w.m.Comm(id) != nil {
		return nil
	}
	c, err := w.m.RegisterComm(id, Target, nil)
	if err != nil {
		r.errs = append(r.errs, err)
		return nil
	}
	h := w.add(c, nil)
	r.hosts = append(r.hosts, h)
	return h
}

// open offers the widgets to the program.
func (r *recovered) open() {
	for i, h := range r.hosts {
		if h == nil {
			continue
		}
		if err := contain(func() error { return h.w.o.Open(h) }); err != nil {
			r.fail(i, err)
		}
	}
	for _, h := range r.hosts {
		if h != nil {
			h.describe(nil, false)
		}
	}
}

// fail gives a widget up. The kernel's own lives on.
func (r *recovered) fail(i int, err error) {
	r.errs = append(r.errs, err)
	h := r.hosts[i]
	r.hosts[i] = nil
	h.w.remove(h)
	h.c.End(commmgr.ErrOpenFailed)
}

// contain calls f, and makes an error of its panic.
func contain(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &widget.PanicError{Value: v, Stack: panics.Stack()}
		}
	}()
	return f()
}

// requestStates takes up all widgets.
func (w *Widgets) requestStates(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, controlPatience)
	defer cancel()
	c, err := w.m.Open(ControlTarget, &commmgr.Payload{Metadata: []byte(`{"version":"1.0.0"}`)})
	if err != nil {
		return err
	}
	defer c.Close(nil)
	answer := make(chan error, 1)
	c.OnMsg(func(msg *commmgr.Message) error {
		d, err := parse(msg)
		if err == nil && d.method != "update_states" {
			return nil
		}
		if err == nil {
			err = w.restore(d)
		}
		select {
		case answer <- err:
		default: // there was one already
		}
		return nil
	})
	if _, err := c.Send(&commmgr.Payload{Data: []byte(`{"method":"request_states"}`)}); err != nil {
		return err
	}
	select {
	case err := <-answer:
		return err
	case <-c.Done():
		return c.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// restore takes up the widgets of an update_states message.
func (w *Widgets) restore(d data) error {
	groups, err := group(d.values)
	if err != nil {
		return err
	}
	var all recovered
	err = codec.Members(d.states, func(id string, model []byte) error {
		v := groups[id]
		err := codec.Members(model, func(key string, value []byte) error {
			if key == "state" {
				v.Traits = value
			}
			return nil
		})
		if h := all.register(w, id); h != nil {
			h.describe(&v, true)
		}
		return err
	})
	if err != nil {
		all.errs = append(all.errs, malformed(err))
	}
	all.open()
	for _, h := range all.hosts {
		if h != nil {
			h.c.OnMsg(h.message) // not before: what comes meanwhile waits
		}
	}
	return errors.Join(all.errs...)
}

// group gives each widget its buffers. Their paths begin with its id and "state".
func group(v host.Values) (map[string]host.Values, error) {
	groups := map[string]host.Values{}
	if len(v.Paths) == 0 {
		return groups, nil
	}
	all, err := codec.CopyBuffers(v.Buffers)
	if err != nil {
		return nil, err
	}
	err = codec.Elements(v.Paths, func(i int, path []byte) error {
		if i >= len(all) {
			return errors.New("buffer_paths names more buffers than there are")
		}
		id, rest := "", []byte{}
		err := codec.Elements(path, func(j int, step []byte) (err error) {
			switch {
			case j == 0:
				id, err = codec.Text(step)
			case j > 1:
				if len(rest) > 0 {
					rest = append(rest, ',')
				}
				rest = append(rest, step...)
			}
			return err
		})
		g := groups[id]
		paths := "[[" + string(rest) + "]]"
		if len(g.Paths) > 0 {
			paths = string(g.Paths[:len(g.Paths)-1]) + ",[" + string(rest) + "]]"
		}
		g.Paths = []byte(paths)
		buffers, _ := g.Buffers.(host.Bytes)
		g.Buffers = append(buffers, all[i])
		groups[id] = g
		return err
	})
	if err != nil {
		return nil, malformed(err)
	}
	return groups, nil
}
