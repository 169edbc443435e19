package core

import (
	"errors"
	"reflect"
	"strconv"
	"strings"

	"gocomm/widget"
)

// A control is about to be made for a field of [Interact]'s struct.
type control struct {
	name  string // of the field
	index []int
	make  func(i *interaction, ctx widget.Context, m widget.Manager) (widget.Ref, error)
}

// planControls says which controls there are to be for a struct.
func planControls(v reflect.Value) ([]control, error) {
	if v.Kind() != reflect.Struct {
		return nil, errors.New(v.Type().String() + " is no struct: its fields would be the parameters")
	}
	all, err := planFields(v, v.Type().Name(), nil)
	if err == nil && len(all) == 0 {
		err = errors.New(v.Type().String() + " has no fields for which there are controls: export them")
	}
	return all, err
}

func planFields(v reflect.Value, path string, index []int) ([]control, error) {
	var all []control
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Tag.Get("label") == "-" {
			continue
		}
		name, at := path+"."+f.Name, append(append([]int(nil), index...), i)
		if f.Type.Kind() == reflect.Struct {
			nested, err := planFields(v.Field(i), name, at)
			if err == nil && len(nested) == 0 {
				err = errors.New(name + noControl(f.Type))
			}
			if err != nil {
				return nil, err
			}
			all = append(all, nested...)
			continue
		}
		c, err := plan(v.Field(i), f, at)
		if err != nil {
			return nil, errors.New(name + err.Error())
		}
		c.name, c.index = name, at
		all = append(all, c)
	}
	return all, nil
}

func noControl(t reflect.Type) string {
	return " is a " + t.String() + ", for which there is no control: take a bool, int, float64, string, time.Duration or a struct of these, or give it the tag label:\"-\""
}

// plan plans the control of a field. An error's text follows the field's name.
func plan(v reflect.Value, f reflect.StructField, at []int) (c control, err error) {
	label := f.Tag.Get("label")
	if label == "" {
		label = f.Name
	}
	tags := ""
	switch k := v.Kind(); {
	case k == reflect.Bool:
		on := v.Bool()
		c.make = func(i *interaction, ctx widget.Context, m widget.Manager) (widget.Ref, error) {
			model, err := NewCheckbox(ctx, m, Checkbox{Value: on, Description: label})
			return follow(i, at, model, err, "value", func(v reflect.Value, s Checkbox) { v.SetBool(s.Value) })
		}
	case k == reflect.String:
		tags = "options"
		c.make, err = planText(v.String(), f.Tag, label, at)
	case k == reflect.Float32 || k == reflect.Float64:
		tags = "min max step"
		c.make, err = planFloat(v.Float(), f.Tag, label, at, func(v reflect.Value, x float64) { v.SetFloat(x) })
	case f.Type.PkgPath() == "time" && f.Type.Name() == "Duration":
		const second = 1e9 // package time is not imported
		tags, label = "min max step", label+" (s)"
		c.make, err = planFloat(float64(v.Int())/second, f.Tag, label, at, func(v reflect.Value, x float64) { v.SetInt(int64(x * second)) })
	case k >= reflect.Int && k <= reflect.Int64:
		tags = "min max step"
		c.make, err = planInt(v, f.Tag, label, at)
	default:
		return c, errors.New(noControl(f.Type))
	}
	for _, tag := range [...]string{"min", "max", "step", "options"} {
		if _, there := f.Tag.Lookup(tag); there && !has(tags, tag) && err == nil {
			err = errors.New(" has the tag " + tag + ", which a " + f.Type.String() + " does not take")
		}
	}
	return c, err
}

type makeControl = func(i *interaction, ctx widget.Context, m widget.Manager) (widget.Ref, error)

func planText(value string, tag reflect.StructTag, label string, at []int) (makeControl, error) {
	list, there := tag.Lookup("options")
	if !there {
		return func(i *interaction, ctx widget.Context, m widget.Manager) (widget.Ref, error) {
			model, err := NewText(ctx, m, Text{Value: value, Description: label})
			return follow(i, at, model, err, "value", func(v reflect.Value, s Text) { v.SetString(s.Value) })
		}, nil
	}
	dropdown := Dropdown{Options: strings.Split(list, ","), Description: label}
	if value != "" && !dropdown.Select(value) {
		return nil, errors.New(" is " + strconv.Quote(value) + ", which is none of its options: " + list)
	}
	return func(i *interaction, ctx widget.Context, m widget.Manager) (widget.Ref, error) {
		model, err := NewDropdown(ctx, m, dropdown)
		return follow(i, at, model, err, "index", func(v reflect.Value, s Dropdown) { v.SetString(s.Label()) })
	}, nil
}

func planInt(v reflect.Value, tag reflect.StructTag, label string, at []int) (makeControl, error) {
	value := int(v.Int())
	s := IntSlider{Value: value, Description: label}
	var err error
	s.Min, s.Max, s.Step, err = bounds(tag, value, 1, strconv.Atoi)
	if err == nil && (v.OverflowInt(int64(s.Min)) || v.OverflowInt(int64(s.Max))) {
		err = errors.New("'s bounds are beyond those of an " + v.Type().String())
	}
	set := func(to *IntSlider) { to.Min, to.Max, to.Value = s.Min, s.Max, within(s.Value, s.Min, s.Max) }
	return func(i *interaction, ctx widget.Context, m widget.Manager) (widget.Ref, error) {
		model, err := NewIntSlider(ctx, m, s, set)
		return follow(i, at, model, err, "value", func(v reflect.Value, s IntSlider) { v.SetInt(int64(s.Value)) })
	}, err
}

func planFloat(value float64, tag reflect.StructTag, label string, at []int, write func(reflect.Value, float64)) (makeControl, error) {
	s := FloatSlider{Value: value, Description: label}
	var err error
	s.Step = new(float64)
	s.Min, s.Max, *s.Step, err = bounds(tag, value, .1, func(text string) (float64, error) { return strconv.ParseFloat(text, 64) })
	set := func(to *FloatSlider) { to.Min, to.Max, to.Value = s.Min, s.Max, within(s.Value, s.Min, s.Max) }
	return func(i *interaction, ctx widget.Context, m widget.Manager) (widget.Ref, error) {
		model, err := NewFloatSlider(ctx, m, s, set)
		return follow(i, at, model, err, "value", func(v reflect.Value, s FloatSlider) { write(v, s.Value) })
	}, err
}

// bounds gives what the tags of a number say, or what ipywidgets' interact takes.
func bounds[T int | float64](tag reflect.StructTag, value, step T, parse func(string) (T, error)) (least, most, by T, err error) {
	read := func(name string, value *T) bool {
		text, there := tag.Lookup(name)
		if !there || err != nil {
			return there
		}
		if *value, err = parse(text); err != nil {
			err = errors.New(" has the tag " + name + ":" + strconv.Quote(text) + ", which is no number of its type")
		}
		return true
	}
	switch {
	case value > 0:
		least, most = -value, 3*value
	case value < 0:
		least, most = 3*value, -value
	default:
		most = 1
	}
	by = step
	hasLeast, hasMost := read("min", &least), read("max", &most)
	read("step", &by)
	switch {
	case err != nil:
	case hasLeast != hasMost:
		err = errors.New(" has one of the tags min and max: it needs both, or none")
	case !(least < most):
		err = errors.New("'s min is not less than its max")
	case !(by > 0):
		err = errors.New("'s step is not positive")
	}
	return least, most, by, err
}
