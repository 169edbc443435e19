package commmgrtest

import (
	"encoding/json"
	"strconv"
	"sync"
	"testing"
	"time"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/commmgr/jsonmsg"
)

// Session is the session id of the client under test.
const Session = "session-under-test"

// patience is how long Await waits before it fails the test.
const patience = 10 * time.Second

// A Kernel is a kernel with its connection to one client. What the test has it
// do happens in order, on a goroutine of its own, as in a real kernel's process.
type Kernel struct {
	Manager *commmgr.Manager // the client's comm manager, under test: see Reload
	Driver  *host.Driver     // drives it, for tests that hand it messages of their own
	Clock   *Clock

	tb   testing.TB
	work *worker

	handlers sync.WaitGroup // of calls

	mu      sync.Mutex
	changed sync.Cond // something below has changed
	ids     int
	targets map[string]func(*Comm, Message)
	comms   map[string]*Comm
	sent    []Message // by the client
	errs    []error
	refuse  error
	inputs  []string
	link    link
}

// A Message is one that the client sent.
type Message struct {
	MsgType    string
	MsgID      string
	CommID     string
	TargetName string          // of a comm_open
	Data       json.RawMessage // content.data
	Metadata   json.RawMessage
	Buffers    [][]byte
}

// New starts a kernel, which ends with the test. change, if not nil, may alter
// the manager's options, also after each Reload. Errors that the manager reports are kept for Errors.
func New(tb testing.TB, change func(*host.Options)) *Kernel {
	k := &Kernel{
		Clock:   &Clock{},
		tb:      tb,
		work:    newWorker(),
		targets: map[string]func(*Comm, Message){},
		comms:   map[string]*Comm{},
	}
	k.changed.L = &k.mu
	k.link.start = func(page int) {
		o := host.Options{
			Transport: transport{k, page},
			Clock:     k.Clock,
			NewID:     func() string { return k.id("front-") },
			OnError: func(err error) {
				k.change(func() { k.errs = append(k.errs, err) })
			},
		}
		if change != nil {
			change(&o)
		}
		k.Manager, k.Driver = host.New(o)
	}
	k.link.start(0)
	tb.Cleanup(func() {
		k.work.stop()
		k.endCalls(commmgr.ErrKernelGone)
		k.Driver.Detach()
		k.handlers.Wait()
	})
	return k
}

// RegisterTarget has comms that the client opens to name handled by open, on the
// kernel's goroutine.
func (k *Kernel) RegisterTarget(name string, open func(c *Comm, msg Message)) {
	k.change(func() { k.targets[name] = open })
}

// Open opens a comm to a target of the client, on its behalf. It panics when data
// cannot be JSON.
func (k *Kernel) Open(target string, data any, buffers ...[]byte) *Comm {
	return k.OpenAs(Session, target, data, buffers...)
}

// OpenAs is Open on behalf of any session: that of another client, say.
func (k *Kernel) OpenAs(session, target string, data any, buffers ...[]byte) *Comm {
	c := &Comm{k: k, session: session, ID: k.id("kernel-"), TargetName: target}
	k.change(func() { k.comms[c.ID] = c })
	c.publish(commmgr.CommOpen, map[string]any{"comm_id": c.ID, "target_name": target, "data": data}, buffers)
	return c
}

// Deliver hands the client any message, such as one that no kernel should send.
// text is the whole message in JSON.
func (k *Kernel) Deliver(text string) {
	k.work.do(func() { k.toClient(func() { k.Driver.Deliver(jsonmsg.Parse([]byte(text), nil, Session)) }) })
}

// Flush waits until the kernel has done all that it was told to do. Handlers may
// still be at work then.
func (k *Kernel) Flush() {
	done := make(chan struct{})
	k.work.do(func() { close(done) })
	<-done
}

// Sent gives all that the client has sent.
func (k *Kernel) Sent() []Message {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]Message(nil), k.sent...)
}

// Errors gives what the manager has reported.
func (k *Kernel) Errors() []error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]error(nil), k.errs...)
}

// AwaitErrors waits until the manager has reported n errors.
func (k *Kernel) AwaitErrors(n int) []error {
	k.tb.Helper()
	k.Await("errors reported", func() bool { return len(k.errs) >= n })
	return k.Errors()
}

// Refuse has sends of the client fail with err from now on; nil ends that.
func (k *Kernel) Refuse(err error) { k.change(func() { k.refuse = err }) }

// Inputs gives the input_replies of the client.
func (k *Kernel) Inputs() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]string(nil), k.inputs...)
}

// Await waits until cond holds, which is called with the kernel's state locked,
// and fails the test if it does not within 10 s. what says what was waited for.
func (k *Kernel) Await(what string, cond func() bool) {
	k.tb.Helper()
	deadline := time.Now().Add(patience)
	late := time.AfterFunc(patience, func() { k.change(func() {}) }) // not before the deadline, and not unheard
	defer late.Stop()
	k.mu.Lock()
	defer k.mu.Unlock()
	for !cond() {
		if !time.Now().Before(deadline) {
			k.tb.Fatalf("commmgrtest: waited 10 s for %s in vain; sent by the client: %d messages, errors: %v", what, len(k.sent), k.errs)
		}
		k.changed.Wait()
	}
}

func (k *Kernel) change(f func()) {
	k.mu.Lock()
	f()
	k.mu.Unlock()
	k.changed.Broadcast()
}

func (k *Kernel) id(prefix string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ids++
	return prefix + strconv.Itoa(k.ids)
}
