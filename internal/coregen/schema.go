package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

//go:embed schema/ipywidgets8.json
var schema8 []byte

//go:embed schema/ipywidgets7.json
var schema7 []byte

// A schemaModel is a model as a schema has it.
type schemaModel struct {
	Model      names
	View       names
	Attributes []*attribute
}

type names struct{ Module, Version, Name string }

// An attribute is a trait as a schema has it.
type attribute struct {
	Name      string
	Help      string
	Default   json.RawMessage
	AllowNone bool `json:"allow_none"`
	kind
}

// A kind says what a trait's values are.
type kind struct {
	Type   any // a string, or a list of them
	Enum   []string
	Items  *kind
	Widget string // of a reference: Python's class
}

// A model is one of the schemas', in both versions.
type model struct {
	goName     string
	python     string // the class
	name       string // "IntSliderModel"
	module     string
	view       string // or ""
	viewModule string
	style      [2]string // Go's name of the style's model, in each version; or ""
	layout     bool
	in         [2]bool // in which versions it is
	traits     []*trait
}

// A trait is one of a model's, in both versions.
type trait struct {
	name     string
	goName   string
	help     string
	in       [2]*attribute // by version; nil: it is not there
	optional bool          // a widget of the other version lacks it
	typ      string
	none     bool // it may be None
}

// The versions, as indexes.
const (
	seven = iota
	eight
)

var versions = [...]string{"ipywidgets 7", "ipywidgets 8"}

// models joins the schemas.
func models() ([]*model, error) {
	var all []*model
	byName := map[string]*model{}
	for version, text := range [...][]byte{seven: schema7, eight: schema8} {
		var list []schemaModel
		if err := json.Unmarshal(text, &list); err != nil {
			return nil, fmt.Errorf("the schema of %s: %w", versions[version], err)
		}
		for _, s := range list {
			m := byName[s.Model.Name]
			if m == nil {
				m = newModel(s)
				byName[m.name] = m
				all = append(all, m)
			}
			m.in[version] = true
			for _, a := range s.Attributes {
				if err := m.add(version, a); err != nil {
					return nil, fmt.Errorf("%s of %s: %w", m.name, versions[version], err)
				}
			}
		}
	}
	for _, m := range all {
		if err := m.finish(byName); err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
	}
	slices.SortFunc(all, func(a, b *model) int { return strings.Compare(a.goName, b.goName) })
	return all, nil
}

func newModel(s schemaModel) *model {
	name := strings.TrimSuffix(s.Model.Name, "Model")
	m := &model{goName: name, python: name, name: s.Model.Name, module: s.Model.Module, view: s.View.Name, viewModule: s.View.Module}
	if c, ok := classes[name]; ok {
		m.goName, m.python = c.goName, c.python
	}
	return m
}

// add adds a trait of one version.
func (m *model) add(version int, a *attribute) error {
	if strings.HasPrefix(a.Name, "_model_") || strings.HasPrefix(a.Name, "_view_") {
		return nil
	}
	if a.Name == "style" {
		m.style[version] = a.Widget
	}
	m.layout = m.layout || a.Name == "layout"
	i := slices.IndexFunc(m.traits, func(t *trait) bool { return t.name == a.Name })
	if i < 0 {
		i = len(m.traits)
		m.traits = append(m.traits, &trait{name: a.Name})
	}
	t := m.traits[i]
	t.in[version] = a
	if d, ok := dynamic[m.goName+"."+a.Name]; ok {
		a.Default = json.RawMessage(d)
	}
	t.none = t.none || a.AllowNone
	if version == eight || t.help == "" {
		t.help = a.Help
	}
	return nil
}

// finish decides on types and Go's names.
func (m *model) finish(byName map[string]*model) error {
	slices.SortStableFunc(m.traits, func(a, b *trait) int {
		return strings.Compare(strings.TrimLeft(a.name, "_"), strings.TrimLeft(b.name, "_"))
	})
	taken := map[string]bool{}
	for _, t := range m.traits {
		a := t.in[eight]
		if a == nil {
			a = t.in[seven]
		}
		var err error
		if t.typ, err = goType(m.goName+"."+t.name, &a.kind); err != nil {
			return fmt.Errorf("the trait %s: %w", t.name, err)
		}
		if t.none {
			t.typ = "*" + t.typ
		}
		t.optional = m.isOptional(t, byName)
	}
	for _, newer := range []bool{true, false} { // of two that Go would call the same, that of ipywidgets 7 gets another name
		for _, t := range m.traits {
			if (t.in[eight] != nil) != newer {
				continue
			}
			t.goName = goNames[t.name]
			if t.goName == "" {
				t.goName = camel(t.name)
			}
			if taken[t.goName] {
				t.goName += "7"
			}
			taken[t.goName] = true
		}
	}
	return nil
}

// isOptional tells whether a widget may lack the trait.
func (m *model) isOptional(t *trait, byName map[string]*model) bool {
	if m.in[seven] {
		return t.in[seven] == nil || t.in[eight] == nil
	}
	if !strings.HasSuffix(m.name, "StyleModel") {
		return false
	}
	base := byName["DescriptionStyleModel"] // is in its place in ipywidgets 7
	return !slices.ContainsFunc(base.traits, func(o *trait) bool { return o.name == t.name && o.in[seven] != nil })
}
