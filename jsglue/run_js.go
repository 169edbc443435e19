package jsglue

import (
	"errors"
	"strings"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
	"gocomm/internal/border"
)

// Run makes the comm manager of the kernel that the loader handed over, and calls
// start with it, which registers targets; it may wait. From then on the kernel's
// messages are delivered. Run returns only when start fails: the page is told,
// and its stock manager takes over. It is called once, from main.
func Run(start func(*commmgr.Manager) error) {
	if !border.Hello() {
		return // the loader has said why
	}
	program.m, program.d = host.New(host.Options{
		Transport: transport{},
		Clock:     clock{},
		Scheduler: clock{},
		NextFrame: clock{}.NextFrame,
		NewID:     border.NewID,
		OnError:   report,
		Claim:     claimTarget,
		Unclaim:   func(target string) { unclaim(target) },
		Bound:     program.index.bind,
		Unbound:   program.index.unbind,
		Taken:     func(id string) bool { return taken(id) == 1 },
		Grace:     -1, // the page has waited for the target already
		MaxSend:   -1, // the page measures what travels
	})
	if err := start(program.m); err != nil {
		border.Ready(err.Error())
		return
	}
	border.Ready("")
	select {}
}

// A clock is the page's clock and [host.Scheduler].
type clock struct{ border.Clock }

func (c clock) Now() commmgr.Duration { return commmgr.Duration(c.Clock.Now()) }

func (c clock) AfterFunc(d commmgr.Duration, f func()) (stop func()) {
	return c.Clock.AfterFunc(int64(d), f)
}

// report shows what has no caller to return to on the page's console, whose lines all begin
// with the product's name.
func report(err error) {
	border.Console(level(err), "gocomm: "+strings.TrimPrefix(err.Error(), "commmgr: "), border.None)
}

func level(err error) (l border.Level) {
	l = border.Error
	defer func() { _ = recover() }() // of a handler's error, whose Is or Unwrap panics: a nil pointer, say
	if errors.Is(err, commmgr.ErrUnknownComm) {
		l = border.Warn // usual after a reload, and with a second tab on the kernel
	}
	return l
}

// Options gives the options that the loader handed over, a JSON object. Package
// jsglue/options puts them into a struct. The error is the page's: options that JSON cannot have.
func Options() ([]byte, error) {
	n := options()
	if err := border.Result(n); err != nil {
		return nil, err
	}
	return border.Staged(n), nil
}

func claimTarget(target string) error {
	switch code := claim(target); code {
	case 0:
		return nil
	case 1:
		return commmgr.ErrTargetTaken
	case 2:
		return &refusal{commmgr.ErrTargetTaken, "commmgr: the target is taken by the page's JavaScript"}
	default:
		return border.Result(code)
	}
}
