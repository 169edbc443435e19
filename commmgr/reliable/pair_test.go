package reliable_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/commmgrtest"
	"gocomm/commmgr/host"
	"gocomm/commmgr/jsonmsg"
	"gocomm/commmgr/reliable"
)

var errRefused = errors.New("refused")

// A side is one of two managers that send each other what they send.
type side struct {
	m      *commmgr.Manager
	driver *host.Driver
	comm   *commmgr.Comm

	mu     sync.Mutex
	link   []*host.Outgoing // on the way to the other
	ids    int
	refuse int // so many sends
	all    int // sent at all
	errs   []error
	sent   int   // of the user's
	got    []int // of the other's
	lost   []reliable.LostError
	plain  bool
}

// A pair are two sides whose links the test loses, doubles and reorders messages of.
type pair struct {
	t           testing.TB
	clock       *commmgrtest.Clock
	page, other *side
}

func (s *side) Send(o *host.Outgoing) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids++
	if s.refuse > 0 {
		s.refuse--
		return "", errRefused
	}
	copied := *o
	s.link = append(s.link, &copied)
	s.all++
	return strconv.Itoa(s.ids), nil
}

func (s *side) InputReply(string) error { return nil }

func newSide(clock *commmgrtest.Clock) *side {
	s := &side{}
	s.m, s.driver = host.New(host.Options{
		Transport: s, Clock: clock, Watchdog: -1,
		NewID:   func() string { return "comm" },
		OnError: func(err error) { s.mu.Lock(); s.errs = append(s.errs, err); s.mu.Unlock() },
	})
	return s
}

func (s *side) options(o reliable.Options) *reliable.Options {
	o.OnLost = func(_ *commmgr.Comm, lost *reliable.LostError) {
		s.mu.Lock()
		s.lost = append(s.lost, *lost)
		s.mu.Unlock()
	}
	o.OnPlain = func(*commmgr.Comm) { s.mu.Lock(); s.plain = true; s.mu.Unlock() }
	return &o
}

func (s *side) take(c *commmgr.Comm) {
	c.OnMsg(func(msg *commmgr.Message) error {
		data, err := msg.Data()
		if err != nil {
			return err
		}
		var n int
		if err := json.Unmarshal(data, &n); err != nil {
			return err
		}
		s.mu.Lock()
		s.got = append(s.got, n)
		s.mu.Unlock()
		return nil
	})
}

func newPair(t testing.TB, o reliable.Options) *pair {
	clock := &commmgrtest.Clock{}
	p := &pair{t: t, clock: clock, page: newSide(clock), other: newSide(clock)}
	_, err := p.page.m.RegisterTarget("t", reliable.Accept(func(c *commmgr.Comm, _ *commmgr.Message) error {
		p.page.comm = c
		p.page.take(c)
		return nil
	}, p.page.options(o)), &commmgr.TargetOptions{Inline: true})
	require.NoError(t, err)
	p.other.comm, err = reliable.Open(p.other.m, "t", nil, p.other.options(o))
	require.NoError(t, err)
	p.other.take(p.other.comm)
	t.Cleanup(func() { p.page.driver.Detach(); p.other.driver.Detach() })
	p.deliver(p.other) // the comm_open
	return p
}

// pop takes the i-th message from a side's link.
func (s *side) pop(i int) *host.Outgoing {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i >= len(s.link) {
		return nil
	}
	o := s.link[i]
	s.link = append(s.link[:i:i], s.link[i+1:]...)
	return o
}

// peer is the other side.
func (p *pair) peer(s *side) *side {
	if s == p.page {
		return p.other
	}
	return p.page
}

// deliver has the next message of a side arrive.
func (p *pair) deliver(from *side) bool { return p.arrive(from, from.pop(0)) }

func (p *pair) arrive(from *side, o *host.Outgoing) bool {
	if o == nil {
		return false
	}
	content := map[string]any{"comm_id": o.CommID, "data": json.RawMessage(or(o.Data))}
	if o.MsgType == commmgr.CommOpen {
		content["target_name"] = o.TargetName
	}
	p.peer(from).driver.Deliver(jsonmsg.New(jsonmsg.Raw{
		Header:       object(map[string]string{"msg_type": o.MsgType}),
		ParentHeader: object(map[string]string{"session": "me"}),
		Metadata:     or(o.Metadata), Content: object(content), Buffers: o.Buffers,
	}, "me"))
	return true
}

func or(b []byte) []byte {
	if b == nil {
		return []byte("{}")
	}
	return b
}

func object(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// send sends the next number of a side. It tells whether that was not refused.
func (p *pair) send(s *side) bool {
	_, err := s.comm.Send(&commmgr.Payload{Data: strconv.AppendInt(nil, int64(s.sent), 10), Metadata: []byte(`{"user": 1}`)})
	if err != nil {
		if !errors.Is(err, reliable.ErrUnacked) {
			require.ErrorIs(p.t, err, errRefused)
		}
		return false
	}
	s.sent++
	return true
}

// settle has all arrive that is on the way or comes of it.
func (p *pair) settle() {
	for p.deliver(p.page) || p.deliver(p.other) {
	}
}

// finish lets both sides talk without faults until they have all, and checks that.
func (p *pair) finish() {
	p.t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for !p.complete() {
		p.settle()
		p.clock.Advance(50 * time.Millisecond)
		if !p.complete() && time.Now().After(deadline) {
			break
		}
	}
	for _, s := range []*side{p.page, p.other} {
		s.mu.Lock()
		got, want := s.got, p.peer(s).sent
		require.Len(p.t, got, want, "the page's side: %v", s == p.page)
		for i, n := range got {
			require.Equal(p.t, i, n)
		}
		require.Empty(p.t, s.lost)
		require.Empty(p.t, s.errs)
		require.False(p.t, s.plain)
		s.mu.Unlock()
		require.Zero(p.t, reliable.Unacked(s.comm))
	}
}

func (p *pair) complete() bool {
	for _, s := range []*side{p.page, p.other} {
		s.mu.Lock()
		n := len(s.got)
		s.mu.Unlock()
		if n < p.peer(s).sent || reliable.Unacked(s.comm) > 0 {
			return false
		}
	}
	return true
}

// gap has all be lost that is on the way, and both sides be told.
func (p *pair) gap() {
	for _, s := range []*side{p.page, p.other} {
		s.mu.Lock()
		s.link = nil
		s.mu.Unlock()
	}
	p.page.driver.DeliverGap(commmgr.Gap{}) // a kernel hears nothing of it
}
