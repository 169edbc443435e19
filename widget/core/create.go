package core

import (
	"errors"
	"reflect"
	"strings"
	"unsafe"

	"gocomm/internal/codec"
	"gocomm/widget"
	"gocomm/widget/host"
)

// A kind is what is known of a model, but for its traits' types.
type kind struct {
	model, view        string
	module, viewModule module
	style, style7      string // the models of its style in ipywidgets 8 and 7, or ""
	layout             bool   // it has one
	bounded            bool   // its value, or both of a pair, are between its min and max
	only7, only8       string // traits that only one version has, separated by spaces
	new8               bool   // ipywidgets 7 does not have the model
	defaults           string // JSON: those that are not zero in Go
	defaults7          string // those that differ in ipywidgets 7
}

// A module is one of ipywidgets' front-end modules.
type module struct{ name, version7, version8 string }

var (
	base     = module{"@jupyter-widgets/base", "1.2.0", "2.0.0"}
	controls = module{"@jupyter-widgets/controls", "1.5.0", "2.0.0"}
	output   = module{"@jupyter-widgets/output", "1.0.0", "1.0.0"}
)

// create makes a widget. Each type has this function once: what does not depend on it is in draft.
func create[S any](ctx widget.Context, m widget.Manager, k *kind, s S, set []func(*S)) (*widget.Model[S], error) {
	d, err := begin(ctx, m, k, reflect.TypeFor[S](), unsafe.Pointer(&s))
	if err != nil {
		return nil, err
	}
	for _, f := range set {
		f(&s)
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
	ctx   widget.Context
	m     host.Manager
	k     *kind
	typ   *codec.Struct
	seven bool // the page and the kernel have ipywidgets 7
}

type failure struct {
	op  string
	err error
}

func (f *failure) Error() string { return "core: " + f.op + ": " + f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// fail names the model that is not made.
func (d *draft) fail(err error) error {
	return &failure{"new " + strings.TrimSuffix(d.k.model, "Model"), err}
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
	if err == nil && !strings.HasPrefix(version, "1.") && !strings.HasPrefix(version, "2.") {
		err = errors.New("ipywidgets' controls are of version " + version + "; versions 1 and 2, of ipywidgets 7 and 8, are known here")
	}
	d.seven = strings.HasPrefix(version, "1.")
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
		return d.typ.Read(codec.State{Traits: []byte(text)}, defaults, misfits, func(int) {})
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
	}
	v := reflect.NewAt(t, p).Elem()
	for i := range v.NumField() { // Python's lists and dictionaries are never None
		switch f := v.Field(i); {
		case f.Kind() == reflect.Slice && f.IsNil():
			f.Set(reflect.MakeSlice(f.Type(), 0, 0))
		case f.Kind() == reflect.Map && f.IsNil():
			f.Set(reflect.MakeMap(f.Type()))
		}
	}
	if d.k.bounded {
		bound(v)
	}
	return nil
}

// bound puts a value between min and max, as Python's constructor does. A pair that is zero becomes the half in the
// middle.
func bound(v reflect.Value) {
	var value, lo, hi reflect.Value
	for i := range v.NumField() {
		switch v.Type().Field(i).Name {
		case "Value":
			value = v.Field(i)
		case "Min":
			lo = v.Field(i)
		case "Max":
			hi = v.Field(i)
		}
	}
	least, most := number(lo), number(hi)
	if value.Kind() != reflect.Array {
		set(value, min(max(number(value), least), most))
		return
	}
	lower, upper := value.Index(0), value.Index(1)
	if number(lower) == 0 && number(upper) == 0 {
		set(lower, .75*least+.25*most)
		set(upper, .25*least+.75*most)
	}
	set(lower, min(max(number(lower), least), most))
	set(upper, min(max(number(upper), least), most))
}

func number(v reflect.Value) float64 {
	if v.CanInt() {
		return float64(v.Int())
	}
	return v.Float()
}

func set(v reflect.Value, x float64) {
	if v.CanInt() {
		v.SetInt(int64(x))
	} else {
		v.SetFloat(x)
	}
}

// make makes the widget of which the struct at p is the state, and what it is to have with it.
func (d *draft) make(p unsafe.Pointer, bind func(host.Host) error) error {
	traits := d.names(d.k.model, d.k.view, d.k.module, d.k.viewModule)
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
		if err != nil {
			return d.fail(err)
		}
		if string(e.JSON) == `""` { // what it refers to is new
			part := ""
			switch {
			case f.Name == "layout" && d.k.layout:
				part = "LayoutModel"
			case f.Name == "style":
				part = d.style()
			}
			if part != "" {
				if e.JSON, err = d.part(part); err != nil {
					return d.fail(err)
				}
			}
		}
		traits = append(traits, host.Trait{Name: f.Name, JSON: e.JSON, Buffers: e.Buffers, Paths: e.Paths})
	}
	if _, err := d.new(traits, bind); err != nil {
		return d.fail(err)
	}
	return nil
}

// has tells whether a name is among those in a text.
func has(names, name string) bool {
	for names != "" {
		var first string
		if first, names, _ = strings.Cut(names, " "); first == name {
			return true
		}
	}
	return false
}

func (d *draft) style() string {
	if d.seven {
		return d.k.style7
	}
	return d.k.style
}

// part makes a layout or a style, and gives the text that refers to it.
func (d *draft) part(model string) ([]byte, error) {
	m, v, view := controls, base, "StyleView"
	if model == "LayoutModel" {
		m, view = base, "LayoutView"
	}
	id, err := d.new(d.names(model, view, m, v), nil)
	return host.QuoteJSON(string(widget.RefTo(id))), err
}

func (d *draft) new(traits []host.Trait, bind func(host.Host) error) (string, error) {
	v, _ := host.Join(traits)
	return d.m.New(d.ctx, v, bind)
}

// names are the traits that say what a widget is.
func (d *draft) names(model, view string, m, v module) []host.Trait {
	viewName := []byte("null")
	if view != "" {
		viewName = host.QuoteJSON(view)
	}
	return []host.Trait{
		{Name: "_model_module", JSON: host.QuoteJSON(m.name)}, {Name: "_model_module_version", JSON: host.QuoteJSON(d.version(m))},
		{Name: "_model_name", JSON: host.QuoteJSON(model)},
		{Name: "_view_module", JSON: host.QuoteJSON(v.name)}, {Name: "_view_module_version", JSON: host.QuoteJSON(d.version(v))},
		{Name: "_view_name", JSON: viewName},
	}
}

func (d *draft) version(m module) string {
	if d.seven {
		return m.version7
	}
	return m.version8
}
