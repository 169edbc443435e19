package typed_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/commmgr/jsonmsg"
	"gocomm/commmgr/typed"
)

// A line is a transport whose kernel says what the test has it say.
type line struct {
	d      *host.Driver
	mu     sync.Mutex
	sent   []host.Outgoing
	errs   []error
	refuse error
}

func (l *line) Send(o *host.Outgoing) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refuse != nil {
		return "", l.refuse
	}
	l.sent = append(l.sent, *o)
	return strconv.Itoa(len(l.sent)), nil
}
func (l *line) InputReply(string) error                          { return nil }
func (l *line) Now() commmgr.Duration                            { return 0 }
func (l *line) AfterFunc(commmgr.Duration, func()) (stop func()) { return func() {} }

// data gives what was sent.
func (l *line) data() (all []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, o := range l.sent {
		all = append(all, string(o.Data))
	}
	return all
}

// says has the kernel say a state about the nth message sent.
func (l *line) says(n int, state string) {
	l.mu.Lock()
	event := l.sent[n].Event
	l.mu.Unlock()
	event(host.EventStatus, jsonmsg.Parse([]byte(`{"header": {"msg_type": "status"}, "content": {"execution_state": "`+state+`"}}`), nil, ""))
}

func onLine(t *testing.T) (*line, *commmgr.Comm) {
	l := &line{}
	m, d := host.New(host.Options{Transport: l, Clock: l, NewID: func() string { return "c" }, OnError: func(err error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.errs = append(l.errs, err)
	}})
	l.d = d
	c, err := m.RegisterComm("c", "t", nil)
	require.NoError(t, err)
	return l, c
}

func TestSendLatest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := onLine(t)
		buffer := []byte("a")
		for n := range 10 {
			require.NoError(t, typed.SendLatest(c, n, buffer))
		}
		buffer[0] = 'X'
		require.Equal(t, []string{"0"}, l.data())
		require.Equal(t, 8, typed.Replaced(c))
		require.NoError(t, typed.Send(c, "by the way"))

		l.says(0, "busy")
		synctest.Wait()
		require.Len(t, l.data(), 2)
		l.says(0, "idle")
		l.says(0, "idle") // once more: it counts for nothing
		synctest.Wait()
		require.Equal(t, []string{"0", `"by the way"`, "9"}, l.data())
		require.Equal(t, "a", string(l.sent[2].Buffers[0]))
		l.says(2, "idle")
		synctest.Wait()
		require.Len(t, l.data(), 3, "nothing waits")
		require.NoError(t, typed.SendLatest(c, 10))
		require.Len(t, l.data(), 4)
		require.NoError(t, typed.SendLatest(c, 11))
		require.NoError(t, typed.SendLatest(c, 12))
		require.NoError(t, c.Close(&commmgr.Payload{Data: []byte(`"bye"`)}))
		require.Equal(t, []string{"10", "12", `"bye"`}, l.data()[3:])
		require.Equal(t, 9, typed.Replaced(c))
		require.ErrorIs(t, typed.SendLatest(c, 13), commmgr.ErrCommClosed)
		l.says(3, "idle") // too late for anything
		synctest.Wait()
		require.Len(t, l.data(), 6)
		require.Empty(t, l.errs)
	})
}

// TestSendLatestUnheard has a kernel say nothing, or begin and not end.
func TestSendLatestUnheard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := onLine(t)
		for n := range 3 {
			require.NoError(t, typed.SendLatest(c, n))
		}
		for len(l.data()) < 2 { // the clock of the test moves when all wait
			awhile(t)
		}
		require.Equal(t, []string{"0", "2"}, l.data())
		l.says(0, "idle") // it was not waited for any longer
		require.NoError(t, typed.SendLatest(c, 3))
		l.says(1, "busy") // so that it will end
		for range 100 {
			awhile(t)
		}
		require.Equal(t, []string{"0", "2"}, l.data())
		l.says(1, "idle")
		synctest.Wait()
		require.Equal(t, []string{"0", "2", "3"}, l.data())
	})
}

// TestSendLatestAfterAGap has a gap hide that the kernel is done with the last value.
func TestSendLatestAfterAGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := onLine(t)
		for n := range 3 {
			require.NoError(t, typed.SendLatest(c, n))
		}
		l.says(0, "busy")
		time.Sleep(time.Minute)
		require.Equal(t, []string{"0"}, l.data())
		l.d.DeliverGap(commmgr.Gap{})
		synctest.Wait()
		require.Equal(t, []string{"0", "2"}, l.data())
		l.says(0, "idle") // it was not waited for any longer
		require.NoError(t, typed.SendLatest(c, 3))
		synctest.Wait()
		require.Equal(t, []string{"0", "2"}, l.data())
		l.says(1, "idle")
		synctest.Wait()
		require.Equal(t, []string{"0", "2", "3"}, l.data())
	})
}

func TestSendLatestRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := onLine(t)
		offline := errors.New("offline")
		refuse := func(err error) {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.refuse = err
		}
		refuse(offline)
		require.ErrorIs(t, typed.SendLatest(c, 0), offline)
		require.Error(t, typed.SendLatest(c, func() {}), "what cannot be JSON")
		refuse(nil)
		require.NoError(t, typed.SendLatest(c, 1))
		require.NoError(t, typed.SendLatest(c, 2))
		refuse(offline)
		l.says(0, "idle")
		synctest.Wait()
		require.Len(t, l.errs, 1)
		require.ErrorIs(t, l.errs[0], offline)
		require.ErrorIs(t, l.errs[0], commmgr.ErrHandler)
		refuse(nil)
		require.NoError(t, typed.SendLatest(c, 3))
		require.NoError(t, typed.SendLatest(c, 4))
		require.Equal(t, []string{"1", "3"}, l.data())
		gone := errors.New("gone")
		refuse(gone)
		require.ErrorIs(t, c.Close(nil), gone)
		synctest.Wait()
		require.Len(t, l.errs, 2)
		require.ErrorIs(t, l.errs[1], gone)
	})
}

// TestSendLatestWhileBusy has the comm's handler at work: what the kernel says gets
// by it.
func TestSendLatestWhileBusy(t *testing.T) {
	_, c, kc := pair(t, nil)
	begun, release := make(chan bool), make(chan bool)
	typed.On(c, func(context.Context, int, [][]byte) error { begun <- true; <-release; return nil })
	kc.Send(1)
	<-begun
	before := len(kc.Received())
	for n := range 100 {
		require.NoError(t, typed.SendLatest(c, n))
	}
	for got := before + 1; ; got++ {
		if all := kc.Await(got); string(all[len(all)-1].Data) == "99" {
			require.Equal(t, 100, len(all)-before+typed.Replaced(c), "each was sent or counted")
			break
		}
	}
	release <- true
}

// awhile lets time pass, in a bubble of synctest.
func awhile(t *testing.T) {
	t.Helper()
	time.Sleep(time.Second)
	synctest.Wait()
}
