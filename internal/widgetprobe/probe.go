// Package widgetprobe is the program of package hosttest's widgets: it does what custom messages tell it, which come as
// custom messages. It runs natively and on a page.
package widgetprobe

import (
	"errors"
	"runtime"
	"sync"
	"time"

	_ "gocomm/alltypes" // for Deep
	"gocomm/widget"
)

// A State has traits of each kind.
type State struct {
	Value    int
	Text     string
	List     []int
	Frame    []float32 `json:"frame,binary"`
	Bytes    []byte
	Deep     any
	Float    float64   `json:"float,omitempty"`
	Floats   []float64 `json:"floats,omitempty"`
	Child    widget.Ref
	Optional *int `json:"optional,omitempty"`
}

// A ChildState is that of the widget that State.Child refers to.
type ChildState struct{ Value int }

// An order is the content of a message to the probe.
type order struct {
	Op     string
	Value  *int
	Text   *string
	List   []int
	Frame  []float64
	Bytes  []int
	Deep   any
	Child  *string
	Times  int
	Fields []string
	Wait   int // ms
	Size   int // bytes
}

// An event is a change that a handler was told of.
type event struct{ Old, Now int }

// A report answers an order.
type report struct {
	Re     string
	Value  int
	Text   string
	List   []int
	Frame  []float64
	Bytes  []int
	Deep   any
	Child  string
	Events []event
	Error  string `json:"error,omitempty"`
}

type probe struct {
	m *widget.Model[State]

	mu     sync.Mutex
	events []event
	remove []func()
}

// Run has a probe obey the orders that a model gets.
func Run(m *widget.Model[State]) {
	p := &probe{m: m}
	m.ObserveGap(func() error { return m.Send(report{Re: "gap"}) })
	m.ObserveMsg(p.obey)
}

func (p *probe) changed(old, now State) {
	p.mu.Lock()
	p.events = append(p.events, event{old.Value, now.Value})
	p.mu.Unlock()
}

// wait is a handler that waits for the kernel to set the value to 50. Then the program
// sets it to 60, and the handler returns.
func (p *probe) wait(_, now State) {
	if now.Value != 2 {
		return
	}
	done := make(chan bool)
	go func() { // ends when the kernel's change is here, or the widget has ended
		defer close(done)
		for p.m.Get().Value != 50 && p.m.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		_ = p.m.Update(func(s *State) { s.Value = 60 })
	}()
	<-done
}

func (p *probe) obey(msg *widget.Msg) error {
	var o order
	if err := msg.Decode(&o); err != nil {
		return err
	}
	switch o.Op {
	case "get": // after a while
		time.Sleep(time.Duration(o.Wait) * time.Millisecond)
		return p.report("get", nil)
	case "echo":
		buffers, err := msg.Buffers()
		if err != nil {
			return err
		}
		return p.m.Send(report{Re: "echo", Text: *o.Text, Deep: o.Deep}, buffers...)
	case "numbers":
		numbers, err := widget.Numbers[float32](msg, 0)
		r := report{Re: "numbers"}
		for _, f := range numbers {
			r.Frame = append(r.Frame, float64(f))
		}
		return errors.Join(err, p.m.Send(r))
	case "set":
		return p.report("set", p.m.Update(func(s *State) { o.apply(s) }))
	case "count": // up to Times, one by one
		for range o.Times {
			if err := p.m.Update(func(s *State) { s.Value++ }); err != nil {
				return err
			}
		}
		return p.report("count", nil)
	case "send big":
		return p.m.Send(p.size("send big", p.m.Send("big", make([]byte, o.Size))))
	case "size":
		return p.m.Send(p.size("size", nil))
	case "set big":
		return p.m.Send(p.size("set big", p.m.Update(func(s *State) {
			if len(o.Fields) > 0 {
				s.Frame = make([]float32, o.Size/4)
			} else {
				s.Bytes = make([]byte, o.Size)
			}
		})))
	case "watch":
		p.remove = append(p.remove, p.m.Observe(p.changed, o.Fields...))
		return p.report("watch", nil)
	case "unwatch":
		for _, f := range p.remove {
			f()
		}
		return p.report("unwatch", nil)
	case "wait":
		p.m.Observe(p.wait, "value")
		return p.report("wait", nil)
	case "panic":
		panic("as told")
	case "goexit":
		runtime.Goexit()
	case "fail":
		return errors.New("as told")
	case "child":
		go func() { // ends when the child has been found, or not
			child, err := widget.Resolve[ChildState](p.m, p.m, p.m.Get().Child)
			r := report{Re: "child"}
			if err != nil {
				r.Error = err.Error()
			} else {
				r.Value = child.Get().Value
				err = child.Update(func(s *ChildState) { s.Value *= 2 })
				child.Observe(func(_, now ChildState) { _ = p.m.Send(report{Re: "child changed", Value: now.Value}) })
				if err != nil {
					r.Error = err.Error()
				}
			}
			_ = p.m.Send(r)
		}()
		return nil
	}
	return nil
}

// apply does what an order of the kind "set" says.
func (o *order) apply(s *State) {
	if o.Value != nil {
		s.Value = *o.Value
	}
	if o.Text != nil {
		s.Text = *o.Text
	}
	if o.List != nil {
		s.List = o.List
	}
	if o.Frame != nil {
		s.Frame = make([]float32, len(o.Frame))
		for i, f := range o.Frame {
			s.Frame[i] = float32(f)
		}
	}
	if o.Bytes != nil {
		s.Bytes = make([]byte, len(o.Bytes))
		for i, b := range o.Bytes {
			s.Bytes[i] = byte(b)
		}
	}
	if o.Deep != nil {
		s.Deep = binary(o.Deep)
	}
	if o.Child != nil {
		s.Child = widget.RefTo(*o.Child)
	}
}

// binary makes strings "bytes:…" within a value binary.
func binary(x any) any {
	switch x := x.(type) {
	case map[string]any:
		for k, v := range x {
			x[k] = binary(v)
		}
	case []any:
		for i, v := range x {
			x[i] = binary(v)
		}
	case string:
		if len(x) >= 6 && x[:6] == "bytes:" {
			return []byte(x[6:])
		}
	}
	return x
}

// plain undoes binary.
func plain(x any) any {
	switch x := x.(type) {
	case map[string]any:
		m := map[string]any{}
		for k, v := range x {
			m[k] = plain(v)
		}
		return m
	case []any:
		l := []any{}
		for _, v := range x {
			l = append(l, plain(v))
		}
		return l
	case []byte:
		return "bytes:" + string(x)
	}
	return x
}

// size reports how many bytes State.Bytes has, as the value.
func (p *probe) size(re string, failed error) report {
	r := report{Re: re, Value: len(p.m.Get().Bytes)}
	if failed != nil {
		r.Error = failed.Error()
	}
	return r
}

func (p *probe) report(re string, failed error) error {
	s := p.m.Get()
	p.mu.Lock()
	r := report{Re: re, Value: s.Value, Text: s.Text, List: s.List, Deep: plain(s.Deep), Child: s.Child.ID(), Events: append([]event{}, p.events...)}
	p.mu.Unlock()
	for _, f := range s.Frame {
		r.Frame = append(r.Frame, float64(f))
	}
	for _, b := range s.Bytes {
		r.Bytes = append(r.Bytes, int(b))
	}
	if failed != nil {
		r.Error = failed.Error()
	}
	return p.m.Send(r)
}
