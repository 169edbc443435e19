// Package front is the client's side of package conformance: targets with handlers in
// Go, and orders that the tests give. It is the same natively and on a page.
package front

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"gocomm/commmgr"
)

// A Front is a client.
type Front struct {
	m   *commmgr.Manager
	say func(string)

	mu       sync.Mutex // protects what follows
	comm     *commmgr.Comm
	remember *commmgr.Comm
	gate     chan struct{}
}

// New registers the targets with a manager. say takes lines for the tests.
func New(m *commmgr.Manager, say func(string)) (*Front, error) {
	f := &Front{m: m, say: say, gate: make(chan struct{})}
	limits := commmgr.Limits{Messages: 5}
	tells := limits
	tells.Overflow = commmgr.OverflowTells
	byName := commmgr.ByField("name")
	for name, t := range map[string]struct {
		open commmgr.OpenFunc
		o    *commmgr.TargetOptions
	}{
		"echo":   {echo, nil},
		"says":   {f.says, nil},
		"fails":  {fails, nil},
		"status": {f.status, nil},
		"closes": {f.gated, &commmgr.TargetOptions{Limits: limits}},
		"tells":  {f.gated, &commmgr.TargetOptions{Limits: tells}},
		"merges": {f.gated, &commmgr.TargetOptions{Merge: byName}},
		"frames": {quiet, &commmgr.TargetOptions{Merge: byName, EachFrame: true}},
	} {
		if _, err := m.RegisterTarget("conformance."+name, t.open, t.o); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func text(msg *commmgr.Message) string {
	if msg == nil {
		return "nothing"
	}
	data, err := msg.JSON(commmgr.Data)
	if err != nil {
		return err.Error()
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return err.Error()
	}
	data, _ = json.Marshal(v)
	return string(data)
}

func send(c *commmgr.Comm, data string) error {
	_, err := c.Send(&commmgr.Payload{Data: []byte(data)})
	return err
}

// echo sends back what it is opened with, and what comes.
func echo(c *commmgr.Comm, open *commmgr.Message) error {
	if err := quiet(c, open); err != nil {
		return err
	}
	return send(c, `{"opened":`+text(open)+`}`)
}

// quiet sends back what comes.
func quiet(c *commmgr.Comm, _ *commmgr.Message) error {
	c.OnMsg(func(msg *commmgr.Message) error {
		data, err := msg.JSON(commmgr.Data)
		if err != nil {
			return err
		}
		buffers, err := msg.Buffers()
		if err != nil {
			return err
		}
		_, err = c.Send(&commmgr.Payload{Data: data, Buffers: buffers})
		return err
	})
	return nil
}

// says says all that happens to the comm.
func (f *Front) says(c *commmgr.Comm, _ *commmgr.Message) error {
	late := func() string {
		if _, err := c.Send(nil); !errors.Is(err, commmgr.ErrCommClosed) {
			return fmt.Sprint("a late send gives ", err)
		}
		return "a late send is refused"
	}
	c.OnMsg(func(msg *commmgr.Message) error {
		word := text(msg)
		if word == `"remember"` {
			f.mu.Lock()
			f.remember = c
			f.mu.Unlock()
			return send(c, `"remembered"`)
		}
		f.say("says " + word)
		if word != `"close"` {
			return nil
		}
		err := c.Close(&commmgr.Payload{Data: []byte(`{"bye":"from go"}`)})
		f.say(late())
		return err
	})
	c.OnClose(func(msg *commmgr.Message) error {
		f.say(fmt.Sprintf("closed %s: %v; %s", text(msg), c.Err(), late()))
		return nil
	})
	c.OnGap(func(commmgr.Gap) error { f.say("gap"); return nil })
	return nil
}

func fails(c *commmgr.Comm, open *commmgr.Message) error {
	if text(open) == `"open"` {
		return errors.New("failed as told")
	}
	c.OnMsg(func(msg *commmgr.Message) error {
		switch word := text(msg); word {
		case `"error"`:
			return errors.New("failed as told")
		case `"panic"`:
			panic("as told")
		case `"goexit"`:
			runtime.Goexit()
		default:
			return send(c, word)
		}
		return nil
	})
	return nil
}

// status says what states the kernel is in for a message.
func (f *Front) status(c *commmgr.Comm, _ *commmgr.Message) error {
	c.OnMsg(func(*commmgr.Message) error {
		_, err := c.Send(&commmgr.Payload{Data: []byte(`"ask"`), Callbacks: &commmgr.Callbacks{
			Status: func(msg *commmgr.Message) {
				content, _ := msg.JSON(commmgr.Content)
				var status struct {
					State string `json:"execution_state"`
				}
				_ = json.Unmarshal(content, &status)
				f.say("status " + status.State)
			},
		}})
		return err
	})
	return nil
}

// gated echoes, each message when it is told to go on.
func (f *Front) gated(c *commmgr.Comm, _ *commmgr.Message) error {
	f.mu.Lock()
	f.comm, f.gate = c, make(chan struct{})
	gate := f.gate
	f.mu.Unlock()
	c.OnMsg(func(msg *commmgr.Message) error {
		select {
		case <-gate:
		default:
			f.say("waits")
			<-gate
		}
		if c.Err() != nil {
			return nil
		}
		return send(c, text(msg))
	})
	c.OnOverflow(func(dropped int) error { return send(c, fmt.Sprintf(`"dropped %d"`, dropped)) })
	return send(c, `"ready"`)
}

// Order does what a test says: "open TARGET DATA", "send DATA" on the comm that says
// was to remember, "go on" for the comm that is gated, "await N" until that many of
// its messages wait, "register TARGET" for one that echoes.
func (f *Front) Order(order string) error {
	f.mu.Lock()
	comm, remember, gate := f.comm, f.remember, f.gate
	f.mu.Unlock()
	verb, rest, _ := strings.Cut(order, " ")
	switch verb {
	case "open":
		return f.open(rest)
	case "send":
		return send(remember, rest)
	case "go":
		close(gate)
	case "await":
		want, end := int(rest[0]-'0'), time.Now().Add(10*time.Second)
		for comm.Queue().Messages != want {
			if time.Now().After(end) {
				return fmt.Errorf("front: %d messages wait, not %d", comm.Queue().Messages, want)
			}
			time.Sleep(time.Millisecond)
		}
	case "register":
		_, err := f.m.RegisterTarget(rest, echo, nil)
		return err
	default:
		return fmt.Errorf("front: no such order: %q", order)
	}
	return nil
}

// open opens a comm to the kernel and says what becomes of it.
func (f *Front) open(order string) error {
	target, data, _ := strings.Cut(order, " ")
	c, err := f.m.Open(target, &commmgr.Payload{Data: []byte(data)})
	if err != nil {
		return err
	}
	c.OnMsg(func(msg *commmgr.Message) error { f.say("opened got " + text(msg)); return nil })
	c.OnClose(func(*commmgr.Message) error { f.say("opened closed: " + c.Err().Error()); return nil })
	if target == "kernel.echo" {
		return send(c, `"hello"`)
	}
	return nil
}
