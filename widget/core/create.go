package core

import (
	"errors"
	"reflect"
	"unsafe"

	"gocomm/internal/codec"
	"gocomm/widget"
	"gocomm/widget/host"
)

// A kind is what is known of a model, but for its traits' types.
type kind struct {
	_                  [0]func() // not comparable: that takes code
	model, view        string
	module, viewModule module
	style, style7      string // the models of its style in ipywidgets 8 and 7, or ""
	layout             bool   // it has one
	only7, only8       string // traits that only one version has, separated by spaces
	new8               bool   // ipywidgets 7 does not have the model
	target             string // the comm target that makes it, where that is not ipywidgets'
	defaults           string // JSON: those that are not zero in Go
	defaults7          string // those that differ in ipywidgets 7
}

// A module is one of ipywidgets' front-end modules.
type module string

const (
	base     module = "@jupyter-widgets/base"
	controls module = "@jupyter-widgets/controls"
	output   module = "@jupyter-widgets/output"
)

// version gives the version that ipywidgets 7 or 8 has of a module.
func (m module) version(seven bool) string {
	switch {
	case m == output:
		return "1.0.0"
	case !seven:
		return "2.0.0"
	case m == base:
		return "1.2.0"
	}
	return "1.5.0"
}

// create makes a widget. Each type has this function once: what does not depend on it is in draft.
func create[S any](ctx widget.Context, m widget.Manager, k *kind, s S, set []func(*S)) (*widget.Model[S], error) {
	d, err := begin(ctx, m, k, reflect.TypeFor[S](), unsafe.Pointer(&s))
	if err != nil {
		return nil, err
	}
	if b, ok := any(&s).(interface{ bound() }); ok {
		b.bound()
	}
	for _, f := range set {
		f(&s)
	}
	if c, ok := any(&s).(interface{ check() error }); ok {
		if err := c.check(); err != nil {
			return nil, d.fail(err)
		}
	}
	var model *widget.Model[S]
	err = d.make(unsafe.Pointer(&s), func(h host.Host) (err error) {
		model, err = widget.BindIn[S](ctx, m, h)
		return err
	})
	return model, err
}

// A draft is a widget that is about to be made.
type draft struct {
	_     [0]func()
	ctx   widget.Context
	m     host.Manager
	k     *kind
	typ   *codec.Struct
	seven bool // the page and the kernel have ipywidgets 7
}

type failure struct {
	_   [0]func()
	op  string
	err error
}

func (f *failure) Error() string { return "core: " + f.op + ": " + f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// fail names the model that is not made.
//
//go:noinline
func (d *draft) fail(err error) error {
	return &failure{op: "new " + d.k.model[:len(d.k.model)-len("Model")], err: err}
}

// background is the Context that never ends.
type background struct{}

func (background) Done() <-chan struct{} { return nil }
func (background) Err() error            { return nil }

// begin fills the struct at p in with defaults.
func begin(ctx widget.Context, m widget.Manager, k *kind, t reflect.Type, p unsafe.Pointer) (*draft, error) {
	if ctx == nil {
		ctx = background{}
	}
	d := &draft{ctx: ctx, k: k}
	if ends, ok := m.(widget.Context); ok && ends.Err() != nil {
		return nil, d.fail(ends.Err())
	}
	d.m = m.Manager()
	version, err := d.m.Controls(ctx)
	d.seven = len(version) > 1 && version[:2] == "1."
	if err == nil && !d.seven && (len(version) < 2 || version[:2] != "2.") {
		err = errors.New("ipywidgets' controls are of version " + version + "; versions 1 and 2, of ipywidgets 7 and 8, are known here")
	}
	if err == nil && d.seven && k.new8 {
		err = errors.New("ipywidgets 7 has no such widget")
	}
	if err == nil {
		d.typ, err = codec.StructOf(t)
	}
	if err == nil {
		err = d.fill(t, p)
	}
	if err != nil {
		return nil, d.fail(err)
	}
	return d, nil
}

// fill gives the fields that are zero their defaults.
func (d *draft) fill(t reflect.Type, p unsafe.Pointer) error {
	zero, defaults := reflect.New(t).UnsafePointer(), reflect.New(t).UnsafePointer()
	misfits := make([]error, len(d.typ.Fields))
	read := func(text string) error {
		if text == "" {
			return nil
		}
		return d.typ.Read(codec.State{Traits: append([]byte(nil), text...)}, defaults, misfits, func(int) {})
	}
	err := read(d.k.defaults)
	if err == nil && d.seven {
		err = read(d.k.defaults7)
	}
	if err != nil {
		return err
	}
	for i := range d.typ.Fields {
		f := &d.typ.Fields[i]
		if f.Same(zero, p) {
			f.Copy(p, defaults)
		}
		f.NotNil(p) // Python's lists and dictionaries are never None
	}
	return nil
}

// within puts a value between bounds.
func within[T int | float64](value, least, most T) T {
	if value > most {
		value = most
	}
	if value < least {
		value = least
	}
	return value
}

// pairWithin puts both values of a pair between bounds. A pair that is zero becomes the half in the middle.
func pairWithin[T int | float64](pair *[2]T, least, most T) {
	if pair[0] == 0 && pair[1] == 0 {
		pair[0] = T(.75*float64(least) + .25*float64(most))
		pair[1] = T(.25*float64(least) + .75*float64(most))
	}
	pair[0], pair[1] = within(pair[0], least, most), within(pair[1], least, most)
}

// make makes the widget of which the struct at p is the state, and what it is to have with it.
func (d *draft) make(p unsafe.Pointer, bind func(host.Host) error) error {
	state, paths := d.names(d.k.model, d.k.view, d.k.module, d.k.viewModule), []byte(nil)
	var buffers [][]byte
	without := d.k.only7
	if d.seven {
		without = d.k.only8
	}
	for i := range d.typ.Fields {
		f := &d.typ.Fields[i]
		if has(without, f.Name) {
			continue
		}
		e, err := f.Encode(p)
		if part := d.part(f.Name); err == nil && part != "" && string(e.JSON) == `""` { // what it refers to is new
			e.JSON, err = d.newPart(part)
		}
		if err != nil {
			return d.fail(err)
		}
		state, paths = e.AppendTrait(f.Name, state, paths)
		buffers = append(buffers, e.Buffers...)
	}
	target := d.k.target
	if target == "" {
		target = host.Ipywidgets
	}
	_, err := d.new(target, state, paths, buffers, bind)
	if err != nil {
		err = d.fail(err)
	}
	return err
}

// has tells whether a name is among those in a text.
func has(names, name string) bool {
	for at := 0; at < len(names); {
		end := at
		for end < len(names) && names[end] != ' ' {
			end++
		}
		if names[at:end] == name {
			return true
		}
		at = end + 1
	}
	return false
}

// part gives the model of the layout or the style that a trait refers to, or "".
func (d *draft) part(trait string) string {
	switch {
	case trait == "layout" && d.k.layout:
		return "LayoutModel"
	case trait == "style" && d.seven:
		return d.k.style7
	case trait == "style":
		return d.k.style
	}
	return ""
}

// newPart makes a layout or a style, and gives the text that refers to it.
func (d *draft) newPart(model string) ([]byte, error) {
	m, view := controls, "StyleView"
	if model == "LayoutModel" {
		m, view = base, "LayoutView"
	}
	id, err := d.new(host.Ipywidgets, d.names(model, view, m, base), nil, nil, nil)
	return codec.AppendString(nil, string(widget.RefTo(id))), err
}

// new makes a widget. state and paths are those of a message, without their outer brackets.
func (d *draft) new(target string, state, paths []byte, buffers [][]byte, bind func(host.Host) error) (string, error) {
	v := host.Values{Buffers: host.Bytes(buffers)}
	v.Traits = append(append([]byte{'{'}, state...), '}')
	v.Paths = append(append([]byte{'['}, paths...), ']')
	return d.m.New(d.ctx, target, v, bind)
}

// names are the traits that say what a widget is. They have nothing that is to be escaped.
func (d *draft) names(model, view string, m, v module) []byte {
	if view != "" {
		view = `"` + view + `"`
	} else {
		view = "null"
	}
	text := []byte{}
	for _, s := range [...]string{
		`"_model_module":"`, string(m), `","_model_module_version":"`, m.version(d.seven), `","_model_name":"`, model,
		`","_view_module":"`, string(v), `","_view_module_version":"`, v.version(d.seven), `","_view_name":`, view,
	} {
		text = append(text, s...)
	}
	return text
}
