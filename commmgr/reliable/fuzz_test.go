package reliable_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"gocomm/commmgr/reliable"
)

// schedule plays a schedule: each byte is something that happens. What has been lost, doubled
// or swapped must all have come once and in order in the end.
func schedule(t testing.TB, bytes []byte) {
	if len(bytes) == 0 || len(bytes) > 500 {
		return
	}
	most := 4 + int(bytes[0]>>1)%60
	p := newPair(t, reliable.Options{Messages: most, Bytes: 1 << 16})
	if bytes[0]&1 == 0 { // else faults may meet the handshake
		p.settle()
	}
	var passed time.Duration
	for _, b := range bytes[1:] {
		s := p.page
		if b&1 == 1 {
			s = p.other
		}
		n := int(b >> 4)
		switch b >> 1 & 7 {
		case 0, 1:
			for range n + 1 {
				p.send(s)
			}
		case 2:
			for range n + 1 {
				p.deliver(s)
			}
		case 3: // lost
			for range n + 1 {
				s.pop(0)
			}
		case 4: // out of order
			p.arrive(s, s.pop(n))
		case 5: // twice
			if o := s.pop(0); o != nil {
				p.arrive(s, o)
				for range n % 3 {
					p.arrive(s, o)
				}
				s.mu.Lock()
				s.link = append(s.link, o)
				s.mu.Unlock()
			}
		case 6:
			d := time.Duration(1+n) * 20 * time.Millisecond
			if bytes[0]&1 == 1 && passed+d > 4*time.Second { // an offer may go unheard for 5 s
				continue
			}
			passed += d
			p.clock.Advance(d)
		case 7:
			switch n {
			case 0:
				p.gap()
			case 1:
				s.mu.Lock()
				s.refuse++
				s.mu.Unlock()
			default:
				p.settle()
			}
		}
	}
	p.page.mu.Lock()
	p.page.refuse = 0
	p.page.mu.Unlock()
	p.other.mu.Lock()
	p.other.refuse = 0
	p.other.mu.Unlock()
	p.finish()
}

func FuzzSchedule(f *testing.F) {
	f.Add([]byte{20, 0xf1, 0x15, 0x07, 0x29, 0xf5})
	f.Add([]byte{21, 0xf1, 0xf0, 0x0e, 0xfc, 0xf3, 0x07, 0x9b})
	for seed := range 300 {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		bytes := make([]byte, 1+r.IntN(120))
		for i := range bytes {
			bytes[i] = byte(r.Uint32())
		}
		f.Add(bytes)
	}
	f.Fuzz(func(t *testing.T, bytes []byte) { schedule(t, bytes) })
}
