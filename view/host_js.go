package view

import (
	"runtime"
	"unsafe"

	"gocomm/internal/border"
	"gocomm/widget"
	"gocomm/widget/host"
)

// A modelHost is the [host.Host] of an AFM model, by its number.
type modelHost struct {
	number int32
	child  bool // it was looked up: its record goes with the model
}

func (h modelHost) Bind(_ widget.Context, traits []string, to host.Sink) (host.Link, host.Values, error) {
	var bound values
	if err := border.Result(bind(h.number, list(traits), unsafe.Pointer(&bound))); err != nil {
		return nil, host.Values{}, err
	}
	defer bound.slot.Release()
	m := modelOf(h.number)
	m.mu.Lock()
	m.sink = to
	m.mu.Unlock()
	v := bound.read()
	buffers := make(host.Bytes, max(0, v.Buffers.NumBuffers()))
	for i := range buffers {
		buffers[i] = make([]byte, v.Buffers.BufferLen(i))
		v.Buffers.CopyBuffer(buffers[i], i)
	}
	v.Buffers = buffers
	return link{m, h.child}, v, nil
}

// list is a JSON array of names.
func list(names []string) string {
	all := []byte{'['}
	for i, name := range names {
		if i > 0 {
			all = append(all, ',')
		}
		all = append(all, host.QuoteJSON(name)...)
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
	answer := make(chan opened, 1)
	request := program.requests.Add(answer)
	if err := border.Result(open(l.m.number, id, request)); err != nil {
		program.requests.Take(request)
		return nil, err
	}
	select {
	case o := <-answer:
		if o.err != nil {
			return nil, o.err
		}
		return modelHost{o.model, true}, nil
	case <-ctx.Done():
		if _, waited := program.requests.Take(request); !waited {
			if o := <-answer; o.err == nil { // it came just now
				forget(o.model)
			}
		}
		return nil, ctx.Err()
	}
}

func (l link) Report(err error) { l.m.fail(err) }

func (l link) Unbind() {
	unbind(l.m.number)
	if l.child {
		program.models.remove(l.m.number)
		forget(l.m.number)
	}
}
