package host_test

import (
	"errors"
	"fmt"

	"gocomm/widget"
	"gocomm/widget/host"
)

// A lone host has one widget, whose kernel is this process. It is its own link.
type lone struct {
	host.Alone
	to host.Sink
}

func (l *lone) ID() string { return "the only one" }

func (l *lone) Bind(_ host.Context, traits []string, to host.Sink) (host.Link, host.Values, error) {
	l.to = to
	return l, host.Values{Traits: []byte(`{"value": 1}`)}, nil
}

func (l *lone) Set(traits []host.Trait) error {
	v, _ := host.Join(traits)
	fmt.Printf("set %s\n", v.Traits)
	return nil
}

func (l *lone) Send(content []byte, _ [][]byte) error { fmt.Printf("sent %s\n", content); return nil }
func (l *lone) Report(err error)                      { fmt.Println(err) }
func (l *lone) Unbind()                               {}
func (l *lone) Close() error                          { l.to.End(errors.New("closed")); return nil }

// The smallest host.
func Example() {
	l := &lone{}
	m, err := widget.Bind[struct{ Value int }](nil, l)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = m.Update(func(s *struct{ Value int }) { s.Value = 2 })
	_ = m.Send("hello")
	_ = l.to.Change(func() (host.Values, error) { return host.Values{Traits: []byte(`{"value": 3}`)}, nil })
	fmt.Println(m.Get().Value)
	l.to.End(errors.New("the kernel was restarted"))
	fmt.Println(m.Send("late"))
	// Output:
	// set {"value":2}
	// sent "hello"
	// 3
	// widget: send: the model has ended: the kernel was restarted
}
