package commhost

import (
	"context"
	"errors"
	"time"

	"gocomm/commmgr"
	"gocomm/internal/codec"
	"gocomm/widget"
)

// ControlTarget is the kernel's target that knows all widgets.
const ControlTarget = "jupyter.widget.control"

// controlPatience is how long the control comm is waited for, as in ipywidgets.
const controlPatience = 4 * time.Second

// Recover takes up the widgets that the kernel has already, after the page was loaded
// anew: all at once, by the control comm ("request_states"); where the kernel has none,
// or does not answer in time, those with the given model ids one by one ("request_state").
// Jupyter's comm_info_reply has the ids. Those that are here already are left alone. The
// errors are joined.
func (w *Widgets) Recover(ctx context.Context, ids ...string) error {
	err := w.requestStates(ctx)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if len(ids) == 0 {
		return err
	}
	var errs []error
	for _, id := range ids {
		if w.Host(id) == nil && w.m.Comm(id) == nil {
			errs = append(errs, w.requestState(ctx, id))
		}
	}
	return errors.Join(errs...)
}

// requestState takes up one widget.
func (w *Widgets) requestState(ctx context.Context, id string) error {
	c, err := w.m.RegisterComm(id, Target, nil)
	if err != nil {
		return err
	}
	h := w.add(c)
	c.OnMsg(h.message)
	v, err := h.ask(ctx, nil)
	if err == nil {
		// Only to be looked at: what is bound asks again, since an update may have come.
		h.describe(&v)
		err = w.o.Open(h)
		h.describe(nil)
	}
	if err != nil {
		w.remove(h)
		c.End(commmgr.ErrOpenFailed) // the kernel's own, which lives on
	}
	return err
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
	var errs []error
	err = codec.Members(d.states, func(id string, model []byte) error {
		v := groups[id]
		if err := codec.Members(model, func(key string, value []byte) error {
			if key == "state" {
				v.Traits = value
			}
			return nil
		}); err != nil {
			return err
		}
		if w.Host(id) != nil || w.m.Comm(id) != nil {
			return nil
		}
		c, err := w.m.RegisterComm(id, Target, nil)
		if err == nil {
			h := w.add(c)
			if err = w.offer(h, v); err != nil {
				w.remove(h)
				c.End(commmgr.ErrOpenFailed)
			}
			c.OnMsg(h.message) // not before: what comes meanwhile waits
		}
		errs = append(errs, err)
		return nil
	})
	if err != nil {
		errs = append(errs, malformed(err))
	}
	return errors.Join(errs...)
}

// group gives each widget its buffers. Their paths begin with its id and "state".
func group(v widget.Values) (map[string]widget.Values, error) {
	groups := map[string]widget.Values{}
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
		buffers, _ := g.Buffers.(widget.Bytes)
		g.Buffers = append(buffers, all[i])
		groups[id] = g
		return err
	})
	if err != nil {
		return nil, malformed(err)
	}
	return groups, nil
}
