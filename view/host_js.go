package view

import (
	"runtime"
	"unsafe"

	"gocomm/internal/border"
	"gocomm/internal/codec"
	"gocomm/widget"
	"gocomm/widget/host"
)

// A modelHost is the [host.Host] of an AFM model, by its number.
type modelHost struct {
	number int32
	child  bool   // it was looked up, or made: its record goes with the model
	id     string // of a child
	target string // the comm target by which this side has made it, or ""
}

func (h modelHost) ID() string { return h.id }

func (h modelHost) Bind(_ widget.Context, traits []string, to host.Sink) (host.Link, host.Values, error) {
	var bound values
	if err := border.Result(bind(h.number, list(traits), unsafe.Pointer(&bound))); err != nil {
		return nil, host.Values{}, err
	}
	defer bound.slot.Release()
	m := modelOf(h.number)
	m.mu.Lock()
	m.sink, m.target = to, h.target
	m.mu.Unlock()
	v := bound.read()
	buffers, err := codec.CopyBuffers(v.Buffers)
	if err != nil {
		unbind(h.number)
		return nil, host.Values{}, err
	}
	v.Buffers = host.Bytes(buffers)
	return link{m, h.child}, v, nil
}

// list is a JSON array of names.
func list(names []string) string {
	all := []byte{'['}
	for i, name := range names {
		if i > 0 {
			all = append(all, ',')
		}
		all = codec.AppendString(all, name)
	}
	return string(append(all, ']'))
}

// A link is the [host.Link] of an AFM model, and a [host.Reader].
type link struct {
	m     *model
	child bool
}

func (l link) Set(traits []host.Trait) error {
	v, buffers := host.Join(traits)
	p, n := border.Spans(buffers)
	l.m.mu.Lock()
	l.m.sets++
	l.m.mu.Unlock()
	err := border.Result(set(l.m.number, border.Ptr(v.Traits), int32(len(v.Traits)), border.Ptr(v.Paths), int32(len(v.Paths)), p, n))
	runtime.KeepAlive(buffers)
	return err
}

func (l link) Read(traits []string, f func(host.Values) error) error {
	var v values
	if err := border.Result(read(l.m.number, list(traits), unsafe.Pointer(&v))); err != nil {
		return err
	}
	defer v.slot.Release()
	return f(v.read())
}

func (l link) Send(content []byte, buffers [][]byte) error {
	p, n := border.Spans(buffers)
	err := border.Result(send(l.m.number, border.Ptr(content), int32(len(content)), p, n))
	runtime.KeepAlive(buffers)
	return err
}

func (l link) Open(ctx widget.Context, id string) (host.Host, error) {
	number, _, err := l.ask(ctx, func(request int32) int32 { return open(l.m.number, id, request) }, forgetModel)
	if err != nil {
		return nil, err
	}
	return modelHost{number: number, child: true, id: id}, nil
}

func (l link) Controls(ctx widget.Context) (string, error) {
	_, version, err := l.ask(ctx, func(request int32) int32 { return controls(l.m.number, request) }, forgetModel)
	return version, err
}

func (l link) Find(ctx widget.Context, model, module string) (ids []string, err error) {
	_, list, err := l.ask(ctx, func(request int32) int32 { return find(l.m.number, model, module, request) }, forgetModel)
	if err != nil {
		return nil, err
	}
	err = codec.Elements([]byte(list), func(_ int, id []byte) error {
		text, err := codec.Text(id)
		ids = append(ids, text)
		return err
	})
	return ids, err
}

func (l link) New(ctx widget.Context, target string, state host.Values, bind func(host.Host) error) (string, error) {
	id := border.NewID()
	buffers, err := codec.CopyBuffers(state.Buffers)
	if err != nil {
		return "", err
	}
	p, n := border.Spans(buffers)
	number, _, err := l.ask(ctx, func(request int32) int32 {
		return makeWidget(l.m.number, id, target, border.Ptr(state.Traits), int32(len(state.Traits)), border.Ptr(state.Paths), int32(len(state.Paths)), p, n, request)
	}, func(model int32) { _ = border.Result(closeWidget(model)) })
	runtime.KeepAlive(buffers)
	if err != nil {
		return "", err
	}
	h := modelHost{number: number, child: true, id: id, target: target}
	if bind == nil {
		forget(number)
		return id, nil
	}
	err = contain(func() error { return bind(h) }, func(error) {})
	if err == nil {
		return id, nil
	}
	if again, openErr := l.Open(ctx, id); openErr == nil { // its number was given back
		_ = border.Result(closeWidget(again.(modelHost).number))
	}
	return "", err
}

func forgetModel(number int32) { forget(number) }

func (l link) Close() error { return border.Result(closeWidget(l.m.number)) }

func (l link) Report(err error) { l.m.fail(err) }

func (l link) Unbind() {
	if l.m.over() {
		return // the number may be another model's by now
	}
	unbind(l.m.number)
	if l.child {
		program.models.remove(l.m.number)
		forget(l.m.number)
	}
}
