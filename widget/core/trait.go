package core

import (
	"errors"

	"gocomm/internal/codec"
	"gocomm/widget"
	"gocomm/widget/host"
)

// A Trait is one trait of a widget, of any library, whose values are a T.
type Trait[T any] struct{ m *widget.Model[one[T]] }

type one[T any] struct{ Value T }

// TraitOf gives the trait of a name of the widget that r refers to. m finds the widget. Where m is a model, the Trait ends
// with m's scope at the latest. The error is [widget.ErrState] when the values are no Ts, or says that the widget has no such
// trait; otherwise it is that of [widget.Resolve].
func TraitOf[T any](ctx widget.Context, m widget.Manager, r widget.Ref, name string) (*Trait[T], error) {
	if ctx == nil {
		ctx = background{}
	}
	h, err := m.Manager().Open(ctx, r.ID())
	if err != nil {
		return nil, &failure{op: "trait " + codec.Quote(name), err: err}
	}
	found, err := widget.BindIn[one[T]](ctx, m, renamingHost{h, name})
	if err != nil {
		return nil, err
	}
	return &Trait[T]{found}, nil
}

// Get gives the value.
func (t *Trait[T]) Get() T { return t.m.Get().Value }

// Set sets the value, here and in the kernel. The errors are those of [widget.Model.Update].
func (t *Trait[T]) Set(value T) error { return t.m.Update(func(s *one[T]) { s.Value = value }) }

// Observe adds a handler for changes, as [widget.Model.Observe] does.
func (t *Trait[T]) Observe(h func(old, now T)) (remove func()) {
	return t.m.Observe(func(old, now one[T]) { h(old.Value, now.Value) })
}

// Close ends t. The widget lives on.
func (t *Trait[T]) Close() { t.m.Close() }

// A renamingHost has a widget whose trait of a name is called value.
type renamingHost struct {
	host.Host
	name string
}

func (h renamingHost) Bind(c host.Context, _ []string, to host.Sink) (host.Link, host.Values, error) {
	l, v, err := h.Host.Bind(c, []string{h.name}, renamingSink{to, h.name})
	if err != nil {
		return l, v, err
	}
	v, there, err := rename(v, h.name)
	if err == nil && !there {
		err = errors.New("the widget has no trait " + codec.Quote(h.name))
	}
	if err != nil {
		l.Unbind()
	}
	return renamingLink{l, h.name}, v, err
}

type renamingSink struct {
	host.Sink
	name string
}

func (s renamingSink) Change(values func() (host.Values, error)) error {
	return s.Sink.Change(func() (host.Values, error) {
		v, err := values()
		if err == nil {
			v, _, err = rename(v, s.name)
		}
		return v, err
	})
}

// Shed does nothing: the link is no [host.Reader].
func (renamingSink) Shed() {}

type renamingLink struct {
	host.Link
	name string
}

func (l renamingLink) Set(traits []host.Trait) error {
	named := append([]host.Trait(nil), traits...)
	for i := range named {
		named[i].Name = l.name
	}
	return l.Link.Set(named)
}

// rename gives values without all but the trait of a name, which is called value, and whether it is there.
func rename(v host.Values, name string) (got host.Values, there bool, err error) {
	got = host.Values{Traits: []byte("{}"), Buffers: v.Buffers, Skip: map[string]bool{"value": v.Skip[name]}}
	err = codec.Members(v.Traits, func(key string, value []byte) error {
		if key == name {
			got.Traits = append(append([]byte(`{"value":`), value...), '}')
			there = true
		}
		return nil
	})
	if err != nil || len(v.Paths) == 0 {
		return got, there, err
	}
	paths := []byte{'['}
	err = codec.Elements(v.Paths, func(i int, path []byte) error {
		if i > 0 {
			paths = append(paths, ',')
		}
		paths = append(paths, '[')
		err := codec.Elements(path, func(j int, step []byte) error {
			switch text, _ := codec.Text(step); {
			case j > 0:
				paths = append(paths, ',')
			case text == name:
				step, there = []byte(`"value"`), true
			default: // another trait's
				step = []byte(`""`)
			}
			paths = append(paths, step...)
			return nil
		})
		paths = append(paths, ']')
		return err
	})
	got.Paths = append(paths, ']')
	return got, there, err
}
