package view

import (
	"gocomm/internal/border"
	"gocomm/internal/spin"
	"gocomm/widget"
)

// An opened is the answer to what [link].ask has asked.
type opened struct {
	model int32 // or -1
	text  string
	err   error
}

// hasEnded is the model's number of an answer that will not be waited for any longer.
const hasEnded = -3

// ask has the page do what is answered later: with the number of a model, a text, or an error. drop gets a model for which
// nobody waits any more.
func (l link) ask(ctx widget.Context, f func(request int32) int32, drop func(model int32)) (int32, string, error) {
	answer := make(chan opened, 2)
	request := program.requests.Add(answer)
	if err := border.Result(f(request)); err != nil {
		program.requests.Take(request)
		return -1, "", err
	}
	program.waits.add(ctx.Done(), answer)
	o := <-answer
	if o.model != hasEnded {
		program.waits.remove(answer)
		return o.model, o.text, o.err
	}
	go func() { // ends when the page answers
		if o := <-answer; o.model >= 0 {
			drop(o.model)
		}
	}()
	return -1, "", ctx.Err()
}

// waits are the answers that are waited for no longer than until a channel is closed, the Done of a Context. A goroutine waits for
// each such channel: there are few, of models mostly. A select would add a hundredth to an empty program, compressed.
type waits struct {
	mu  spin.Mutex // guards end
	end map[chan opened]<-chan struct{}
}

// add adds an answer, which has room for two: the end's, and the page's. end may be nil.
func (w *waits) add(end <-chan struct{}, answer chan opened) {
	if end == nil {
		return
	}
	awaited := false
	w.mu.Lock()
	for _, e := range w.end {
		awaited = awaited || e == end
	}
	if w.end == nil {
		w.end = map[chan opened]<-chan struct{}{}
	}
	w.end[answer] = end
	if !awaited {
		w.end[make(chan opened, 1)] = end // stays until then
	}
	w.mu.Unlock()
	if !awaited {
		go w.await(end) // ends when the channel is closed
	}
}

func (w *waits) await(end <-chan struct{}) {
	<-end
	w.mu.Lock()
	for answer, e := range w.end {
		if e == end {
			delete(w.end, answer)
			answer <- opened{model: hasEnded}
		}
	}
	w.mu.Unlock()
}

func (w *waits) remove(answer chan opened) {
	w.mu.Lock()
	delete(w.end, answer)
	w.mu.Unlock()
}
