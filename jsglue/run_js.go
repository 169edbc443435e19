package jsglue

import (
	"errors"
	_ "syscall/js" // sets the runtime's event handler: without it the first wake-up is a nil dereference
	"unsafe"

	"gocomm/commmgr"
	"gocomm/commmgr/host"
)

// Run makes the comm manager of the kernel that the loader handed over, and calls
// start with it, which registers targets; it may wait. From then on the kernel's
// messages are delivered. Run returns only when start fails: the page is told,
// and its stock manager takes over. It is called once, from main.
func Run(start func(*commmgr.Manager) error) {
	if hello(abiVersion, unsafe.Pointer(&program.scratch), namesSize) < 0 {
		return // the loader has said why
	}
	program.m, program.d = host.New(host.Options{
		Transport: transport{},
		Clock:     clock{},
		Scheduler: clock{},
		NextFrame: nextFrame,
		NewID:     newID,
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
		ready(err.Error())
		return
	}
	ready("")
	select {}
}

// report shows what has no caller to return to on the page's console.
func report(err error) { console(level(err), err.Error(), -1) }

func level(err error) (l int32) {
	l = levelError
	defer func() { _ = recover() }() // of a handler's error, whose Is or Unwrap panics: a nil pointer, say
	if errors.Is(err, commmgr.ErrUnknownComm) {
		l = levelWarn // usual after a reload, and with a second tab on the kernel
	}
	return l
}

// Options gives the options that the loader handed over, a JSON object. Package
// jsglue/options puts them into a struct.
func Options() ([]byte, error) {
	n := options()
	if err := result(n); err != nil {
		return nil, err
	}
	return staged(n), nil
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
		return result(code)
	}
}

// newID gives 128 random bits in hexadecimal, like ipykernel's comm ids.
func newID() string {
	const hex = "0123456789abcdef"
	var b [16]byte
	random(unsafe.Pointer(&b), int32(len(b)))
	s := make([]byte, 0, 2*len(b))
	for _, x := range b {
		s = append(s, hex[x>>4], hex[x&15])
	}
	return string(s)
}
