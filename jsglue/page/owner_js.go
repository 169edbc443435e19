package page

import (
	"errors"
	"fmt"
	"sync"
	"syscall/js"

	"gocomm/commmgr"
	"gocomm/internal/layer"
)

// A Function is a function of the page, to be called with values that [Encode] takes.
// An exception is an error, and harmless.
type Function struct{ js.Value }

// Call calls the function and gives what it returns.
func (f Function) Call(args ...any) (result js.Value, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("page: call: %w", err)
		}
	}()
	list := make([]any, len(args))
	for i, a := range args {
		if list[i], err = Encode(a); err != nil {
			return js.Value{}, err
		}
	}
	defer caught(&err)
	return f.Invoke(list...), nil
}

// A Func is a function of Go that the page may call, through an [Owner]. It runs on a
// goroutine of its own and may block: the page gets a Promise of its result, which
// [Encode] takes. An error, and a panic, reject that.
type Func func(args []js.Value) (any, error)

// ErrOwnerReleased: an [Owner] was used after its Release.
var ErrOwnerReleased = errors.New("page: the owner was released")

// An Owner has functions of Go that the page holds, and releases them: until then each
// takes up memory, whether the page still has it or not. What the page calls after that
// does nothing. Its methods may be called on any goroutine.
type Owner struct {
	mu       sync.Mutex // guards the rest
	released bool
	release  []func()
}

// NewOwner makes an owner, for the caller to release.
func NewOwner() *Owner { return &Owner{} }

// OwnedBy makes an owner that is released when the comm has ended.
func OwnedBy(c *commmgr.Comm) *Owner {
	o := NewOwner()
	layer.Watch(c, func() error { o.Release(); return nil }, nil)
	return o
}

// Encode is the function [Encode] for values in which functions, of type [Func], occur.
func (o *Owner) Encode(v any) (js.Value, error) { return encodeFor(o, v) }

// Func makes a function of the page of f. The error is [ErrOwnerReleased].
func (o *Owner) Func(f Func) (js.Value, error) {
	promise := global.Get("Promise")
	return o.own(js.FuncOf(func(_ js.Value, args []js.Value) any {
		return promise.New(o.once(func(settle []js.Value) {
			go func() { // the call's; ends with f
				v, err := contained(f, args)
				if err != nil {
					settle[1].Invoke(global.Get("Error").New(err.Error()))
					return
				}
				settle[0].Invoke(v)
			}()
		}))
	}))
}

// once makes a function for a Promise, which calls it at once.
func (o *Owner) once(f func(args []js.Value)) js.Func {
	var made js.Func
	made = js.FuncOf(func(_ js.Value, args []js.Value) any {
		made.Release()
		f(args)
		return nil
	})
	return made
}

// contained calls f, and makes a value for the page of its result.
func contained(f Func, args []js.Value) (v js.Value, err error) {
	returned := false
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("page: a function panicked: %v", r)
		} else if !returned {
			err = commmgr.ErrGoexit
		}
	}()
	result, err := f(args)
	returned = true
	if err != nil {
		return js.Value{}, err
	}
	return Encode(result)
}

// Listen has h called for each event of a target, a node, say, until the owner is
// released. It is called within the event, so that preventDefault has its effect, and
// must not wait; what it panics with is reported on the console. The error is that of
// addEventListener, or [ErrOwnerReleased].
func (o *Owner) Listen(target js.Value, event string, h func(event js.Value)) error {
	f := js.FuncOf(func(_ js.Value, args []js.Value) any {
		defer func() {
			if r := recover(); r != nil {
				_, _ = call(global.Get("console"), "error", fmt.Sprintf("page: the handler of event %q panicked: %v", event, r))
			}
		}()
		h(args[0])
		return nil
	})
	if _, err := call(target, "addEventListener", event, f); err != nil {
		f.Release()
		return fmt.Errorf("page: listen for %q: %w", event, err)
	}
	return o.add(func() {
		_, _ = call(target, "removeEventListener", event, f) // where that throws, the function does nothing
		f.Release()
	})
}

// own keeps f until the owner is released.
func (o *Owner) own(f js.Func) (js.Value, error) {
	return f.Value, o.add(f.Release)
}

func (o *Owner) add(release func()) error {
	o.mu.Lock()
	late := o.released
	if !late {
		o.release = append(o.release, release)
	}
	o.mu.Unlock()
	if late {
		release()
		return ErrOwnerReleased
	}
	return nil
}

// Release releases the functions. A second call does nothing.
func (o *Owner) Release() {
	o.mu.Lock()
	release := o.release
	o.release, o.released = nil, true
	o.mu.Unlock()
	for i := len(release) - 1; i >= 0; i-- {
		release[i]()
	}
}
