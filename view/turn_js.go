package view

// quantum is how long goroutines keep the page at a time, in milliseconds.
const quantum = 8

// A pace gives the page its turns.
type pace struct {
	start   float64 // of this turn, in milliseconds
	waiting []chan struct{}
}

// yield waits for the next turn, where this one has been long enough.
func (p *pace) yield() {
	if now()-p.start < quantum {
		return
	}
	next := make(chan struct{})
	p.waiting = append(p.waiting, next)
	if len(p.waiting) == 1 {
		turn()
	}
	<-next
}

func (p *pace) begin() {
	p.start = now()
	for _, ch := range p.waiting {
		close(ch)
	}
	p.waiting = nil
}
