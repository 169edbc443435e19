// Command probe is a program for tests: each of its targets does one thing that a
// front end may do, or should not.
package main

import (
	"maps"
	"os"
	"runtime"
	"time"

	_ "gocomm/alltypes"
	"gocomm/commmgr"
	"gocomm/commmgr/typed"
	"gocomm/jsglue"
	"gocomm/jsglue/options"
)

// settings are what the tests may set.
type settings struct {
	Prefix string `js:"prefix"` // of the targets' names
	Start  string `js:"start"`  // "wait", "fail", "exit", "die" once it has started, "never" to end
	// The watchdog's limit in milliseconds.
	Watchdog int `js:"watchdog"`
	Ballast  int `js:"ballast"` // KB of memory that is kept
	GC       int `js:"gc"`      // the collector's percentage
}

func main() {
	jsglue.Run(func(m *commmgr.Manager) error {
		o := settings{Prefix: "probe."}
		if err := options.Get(&o); err != nil {
			return err
		}
		collecting(o.Ballast, o.GC)
		switch o.Start {
		case "fail":
			return commmgr.ErrNoTarget
		case "wait":
			time.Sleep(100 * time.Millisecond)
		case "exit":
			os.Exit(3)
		case "die":
			go panic("the probe was told to")
		case "never":
			select {}
		}
		for name, open := range targets(m) {
			if _, err := m.RegisterTarget(o.Prefix+name, open, nil); err != nil {
				return err
			}
		}
		for name, open := range map[string]commmgr.OpenFunc{"inline-wait": inlineWait, "panic_inside": panicInside} {
			if _, err := m.RegisterTarget(o.Prefix+name, open, &commmgr.TargetOptions{Inline: true}); err != nil {
				return err
			}
		}
		if o.Watchdog > 0 {
			m.SetWatchdog(commmgr.Duration(o.Watchdog) * commmgr.Millisecond)
		}
		return limited(m, o.Prefix)
	})
}

func targets(m *commmgr.Manager) map[string]commmgr.OpenFunc {
	all := map[string]commmgr.OpenFunc{
		"echo":       onMsg(echo),
		"block":      onMsg(block),
		"spin":       onMsg(spin),
		"status":     onMsg(status),
		"answered":   onMsg(answered),
		"raw":        onMsg(raw),
		"decode":     onMsg(decode),
		"encode":     onMsg(encode),
		"large":      onMsg(large),
		"unread":     onMsg(func(c *commmgr.Comm, msg *commmgr.Message) error { return typed.Send(c, msg.BufferLen(0)) }),
		"heap":       onMsg(heap),
		"goroutines": onMsg(func(c *commmgr.Comm, _ *commmgr.Message) error { return typed.Send(c, runtime.NumGoroutine()) }),
		"front":      onMsg(func(c *commmgr.Comm, msg *commmgr.Message) error { return front(m, c, msg) }),
		"life":       life,
		"calls":      calls,
		"reliable":   counted(),
		"plan":       plan,
		"flat":       flat,
		"any":        anything,
		"tally":      tally,
		"keyed":      keyed,
		"latency":    latencies,
		"digest":     onMsg(digest),
		"ignore":     onMsg(ignore),
		"late":       onMsg(func(c *commmgr.Comm, msg *commmgr.Message) error { return late(m, msg) }),
		"sleepy":     onMsg(sleepy),
		"sink":       onMsg(func(*commmgr.Comm, *commmgr.Message) error { return nil }),
		"churn":      churn(m),
		"refused":    func(*commmgr.Comm, *commmgr.Message) error { return commmgr.ErrNoTarget },
	}
	maps.Copy(all, dying)
	maps.Copy(all, failing)
	return all
}

// onMsg makes an open handler of a message handler.
func onMsg(h func(*commmgr.Comm, *commmgr.Message) error) commmgr.OpenFunc {
	return func(c *commmgr.Comm, _ *commmgr.Message) error {
		c.OnMsg(func(msg *commmgr.Message) error { return h(c, msg) })
		c.OnClose(func(msg *commmgr.Message) error { jsglue.Log("probe: closed "+c.ID(), msg); return nil })
		return nil
	}
}

// echo sends back what came: data, metadata and buffers.
func echo(c *commmgr.Comm, msg *commmgr.Message) error {
	data, err := msg.JSON(commmgr.Data)
	if err != nil {
		return err
	}
	metadata, err := msg.JSON(commmgr.Metadata)
	if err != nil {
		return err
	}
	buffers, err := msg.Buffers()
	if err != nil {
		return err
	}
	_, err = c.Send(&commmgr.Payload{Data: data, Metadata: metadata, Buffers: buffers})
	return err
}

// block waits for as many milliseconds as the message says.
func block(c *commmgr.Comm, msg *commmgr.Message) error {
	ms, err := typed.Decode[int](msg)
	if err != nil {
		return err
	}
	time.Sleep(time.Duration(ms) * time.Millisecond)
	return typed.Send(c, "done")
}

// spin works for as many microseconds, and answers with the number of the message.
func spin(c *commmgr.Comm, msg *commmgr.Message) error {
	job, err := typed.Decode[struct{ N, Us int }](msg)
	if err != nil {
		return err
	}
	for start := time.Now(); time.Since(start) < time.Duration(job.Us)*time.Microsecond; {
	}
	return typed.Send(c, job.N)
}

// status sends a message with callbacks, and then what they saw.
func status(c *commmgr.Comm, _ *commmgr.Message) error {
	var seen []string
	_, err := c.Send(&commmgr.Payload{Data: []byte(`"ask"`), Callbacks: &commmgr.Callbacks{
		Output: func(*commmgr.Message) { seen = append(seen, "output") },
		Status: func(msg *commmgr.Message) {
			content, err := msg.JSON(commmgr.Content)
			if err != nil {
				content = []byte(err.Error())
			}
			seen = append(seen, string(content))
			if len(seen) == 3 { // busy, output, idle
				if err := typed.Send(c, seen); err != nil {
					jsglue.Log("probe: "+err.Error(), nil)
				}
			}
		},
	}})
	return err
}

// front opens a comm to a target of the kernel and passes on what comes from it.
func front(m *commmgr.Manager, c *commmgr.Comm, msg *commmgr.Message) error {
	target, err := typed.Decode[string](msg)
	if err != nil {
		return err
	}
	opened, err := m.Open(target, &commmgr.Payload{Data: []byte(`{"from":"go"}`)})
	if err != nil {
		return err
	}
	opened.OnMsg(func(msg *commmgr.Message) error {
		said, err := typed.Decode[any](msg)
		if err != nil {
			return err
		}
		if said == "close" {
			return opened.Close(&commmgr.Payload{Data: []byte(`"bye from go"`)})
		}
		return typed.Send(c, said)
	})
	opened.OnClose(func(msg *commmgr.Message) error { return typed.Send(c, "closed: "+opened.Err().Error()) })
	return typed.Send(opened, "hello from go")
}

// late registers a target after a while, which echoes.
func late(m *commmgr.Manager, msg *commmgr.Message) error {
	order, err := typed.Decode[struct {
		Target string
		Ms     int
	}](msg)
	if err != nil {
		return err
	}
	time.Sleep(time.Duration(order.Ms) * time.Millisecond)
	_, err = m.RegisterTarget(order.Target, onMsg(echo), nil)
	return err
}

// inlineWait breaks the rule that an inline handler never waits.
func inlineWait(c *commmgr.Comm, _ *commmgr.Message) error {
	c.OnMsg(func(*commmgr.Message) error { time.Sleep(50 * time.Millisecond); return nil })
	return nil
}

// raw sends the text of the message as it is, and says what has become of that.
func raw(c *commmgr.Comm, msg *commmgr.Message) error {
	text, err := typed.Decode[string](msg)
	if err != nil {
		return err
	}
	_, err = c.Send(&commmgr.Payload{Data: []byte(text)})
	return err
}

// answered sends a message with callbacks, and what they get.
func answered(c *commmgr.Comm, _ *commmgr.Message) error {
	pass := func(what string) func(*commmgr.Message) {
		return func(msg *commmgr.Message) {
			content, err := msg.JSON(commmgr.Content)
			if err == nil {
				err = typed.Send(c, what+string(content))
			}
			if err != nil {
				jsglue.Log("probe: "+err.Error(), nil)
			}
		}
	}
	_, err := c.Send(&commmgr.Payload{Data: []byte(`"ask"`), Callbacks: &commmgr.Callbacks{Reply: pass("reply "), Status: pass("status ")}})
	return err
}
