package view

import (
	"runtime"

	"gocomm/widget"
	"gocomm/widget/host"
)

// A modelHost is the [host.Host] of an AFM model, by its number.
type modelHost struct {
	number int32
	child  bool // it was looked up: its record goes with the model
}

func (h modelHost) Bind(_ widget.Context, traits []string, to host.Sink) (host.Link, host.Values, error) {
	names := []byte{'['}
	for i, name := range traits {
		if i > 0 {
			names = append(names, ',')
		}
		names = append(names, host.QuoteJSON(name)...)
	}
	code := bind(h.number, string(append(names, ']')))
	if err := result(code); err != nil {
		return nil, host.Values{}, err
	}
	m := modelOf(h.number)
	m.sink = to
	s := slot(code)
	defer s.free()
	v := host.Values{Traits: s.text(0), Paths: s.text(1)}
	buffers := make(host.Bytes, s.NumBuffers())
	for i := range buffers {
		buffers[i] = make([]byte, s.BufferLen(i))
		s.CopyBuffer(buffers[i], i)
	}
	v.Buffers = buffers
	return link{m, h.child}, v, nil
}

// A link is the [host.Link] of an AFM model.
type link struct {
	m     *model
	child bool
}

func (l link) Set(traits []host.Trait) error {
	v, buffers := host.Join(traits)
	p, n := spans(buffers)
	err := result(set(l.m.number, ptr(v.Traits), int32(len(v.Traits)), ptr(v.Paths), int32(len(v.Paths)), p, n))
	runtime.KeepAlive(buffers)
	return err
}

func (l link) Send(content []byte, buffers [][]byte) error {
	p, n := spans(buffers)
	err := result(send(l.m.number, ptr(content), int32(len(content)), p, n))
	runtime.KeepAlive(buffers)
	return err
}

func (l link) Open(ctx widget.Context, id string) (host.Host, error) {
	answer := make(chan opened, 1)
	program.last++
	request := program.last
	program.requests[request] = answer
	if err := result(open(l.m.number, id, request)); err != nil {
		delete(program.requests, request)
		return nil, err
	}
	select {
	case o := <-answer:
		if o.model >= 0 {
			return modelHost{o.model, true}, nil
		}
		defer o.slot.free()
		return nil, jsError(o.slot.text(0))
	case <-ctx.Done():
		delete(program.requests, request)
		return nil, ctx.Err()
	}
}

func (l link) Report(err error) { l.m.fail(err) }

func (l link) Unbind() {
	unbind(l.m.number)
	if l.child {
		delete(program.models, l.m.number)
		forget(l.m.number)
	}
}
