package main

import (
	"fmt"
	"slices"
	"strings"
)

// classes are the models whose Python class has another name than the model.
var classes = map[string]struct{ goName, python string }{
	"ControllerAxis":   {"ControllerAxis", "widget_controller.Axis"},
	"ControllerButton": {"ControllerButton", "widget_controller.Button"},
	"DOMWidget":        {"Media", "widget_media._Media"},
	"Datetime":         {"DatetimePicker", "DatetimePicker"},
	"NaiveDatetime":    {"NaiveDatetimePicker", "NaiveDatetimePicker"},
	"Time":             {"TimePicker", "TimePicker"},
}

// needsGocomm are the models whose Python classes need more than traits: gocomm's Python package makes them.
func (m *model) needsGocomm() bool {
	return m.selects() || m.goName == "Link" || m.goName == "DirectionalLink"
}

// selects tells whether the model has options.
func (m *model) selects() bool {
	return slices.ContainsFunc(m.traits, func(t *trait) bool { return t.name == "_options_labels" })
}

// goNames are the traits that Go calls otherwise.
var goNames = map[string]string{"_options_labels": "Options"}

// goTypes are the types of traits of which the schema does not say enough.
var goTypes = map[string]string{
	"ColorsInput.allowed_tags": "[]string", "ColorsInput.value": "[]string",
	"TagsInput.allowed_tags": "[]string", "TagsInput.value": "[]string",
	"IntsInput.allowed_tags": "[]int", "IntsInput.value": "[]int",
	"FloatsInput.allowed_tags": "[]float64", "FloatsInput.value": "[]float64",
	"FloatRangeSlider.value": "[2]float64", "IntRangeSlider.value": "[2]int", "SelectionRangeSlider.index": "[2]int",
	"Link.source": "[2]string", "Link.target": "[2]string", "DirectionalLink.source": "[2]string", "DirectionalLink.target": "[2]string",
	"FileUpload.value": "[]UploadedFile", "FileUpload.metadata": "[]UploadedMetadata", "FileUpload.data": "[][]byte",
	"Output.outputs":    "[]OutputItem",
	"DatePicker.step":   "any",
	"TimePicker.step":   "any",
	"Accordion._titles": "map[string]string", "Tab._titles": "map[string]string",
}

// dynamic are defaults that Python's class sets by itself: the schema has not got them.
var dynamic = map[string]string{
	"FileUpload.description": `"Upload"`,
	"IntRangeSlider.value":   "[0,0]", // these depend on the bounds
	"FloatRangeSlider.value": "[0,0]",
}

// An enum is a type of package core with the values that a trait may have.
type enum struct {
	name   string
	doc    string
	prefix string // of its constants
	values []string
}

var enums = []enum{
	{"Behavior", "A Behavior says how a slider is dragged.", "Behavior", list("drag-tap drag-snap tap drag snap")},
	{"Orientation", "An Orientation says which way a widget runs.", "Orientation", list("horizontal vertical")},
	{"PredefinedStyle", "A PredefinedStyle is a look of a button, bar or box, by what it means. The empty one is the plain look. Bars and boxes have no StylePrimary.", "Style", list("primary success info warning danger ")},
	{"Visibility", "A Visibility is a value of the CSS property visibility.", "Visibility", list("visible hidden inherit initial unset")},
	{"Overflow", "An Overflow is a value of the CSS properties overflow-x and overflow-y.", "Overflow", list("visible hidden scroll auto inherit initial unset")},
	{"ObjectFit", "An ObjectFit is a value of the CSS property object-fit.", "ObjectFit", list("contain cover fill scale-down none")},
	{"AlignContent", "An AlignContent is a value of the CSS property align-content.", "AlignContent", list("flex-start flex-end center space-between space-around space-evenly stretch inherit initial unset")},
	{"AlignItems", "An AlignItems is a value of the CSS property align-items.", "AlignItems", list("flex-start flex-end center baseline stretch inherit initial unset")},
	{"AlignSelf", "An AlignSelf is a value of the CSS property align-self.", "AlignSelf", list("auto flex-start flex-end center baseline stretch inherit initial unset")},
	{"JustifyContent", "A JustifyContent is a value of the CSS property justify-content.", "JustifyContent", list("flex-start flex-end center space-between space-around inherit initial unset")},
	{"JustifyItems", "A JustifyItems is a value of the CSS property justify-items.", "JustifyItems", list("flex-start flex-end center inherit initial unset")},
	{"GridAutoFlow", "A GridAutoFlow is a value of the CSS property grid-auto-flow.", "GridAutoFlow", strings.Split("column,row,row dense,column dense,inherit,initial,unset", ",")},
}

func list(s string) []string { return strings.Split(s, " ") }

// enumOf gives the type of a trait with the given values.
func enumOf(values []string) (string, error) {
	for _, e := range enums {
		if slices.Equal(e.values, values) || e.name == "PredefinedStyle" && slices.Equal(e.values[1:], values) {
			return e.name, nil
		}
	}
	return "", fmt.Errorf("there is no type for the values %q", values)
}

// goType gives the Go type of a trait, which is named with its model.
func goType(name string, k *kind) (string, error) {
	if t, ok := goTypes[name]; ok {
		return t, nil
	}
	if k.Enum != nil {
		return enumOf(k.Enum)
	}
	switch k.Type {
	case "string", "color":
		return "string", nil
	case "bool", "int":
		return k.Type.(string), nil
	case "float":
		return "float64", nil
	case "bytes":
		return "[]byte", nil
	case "Date", "Datetime":
		return k.Type.(string), nil
	case "Time":
		return "TimeOfDay", nil
	case "reference":
		return reference(name, k.Widget), nil
	case "array":
		if k.Items != nil {
			item, err := goType(name+"[]", k.Items)
			return "[]" + item, err
		}
	}
	return "", fmt.Errorf("there is no type for %v", k.Type)
}

// reference gives the type of a reference to a widget of a Python class.
func reference(name, class string) string {
	switch {
	case class == "Widget":
		return "widget.Ref"
	case strings.HasPrefix(name, "Controller.") && (class == "Axis" || class == "Button"):
		class = "Controller" + class
	}
	return "Ref[" + class + "]"
}

// initialisms are the words that Go writes in capitals.
var initialisms = map[string]string{"id": "ID", "html": "HTML"}

// camel gives Go's name of a trait, or of a value: flex-start is FlexStart.
func camel(name string) string {
	s := ""
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("_- ", r) }) {
		if up, ok := initialisms[word]; ok {
			s += up
		} else {
			s += strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return s
}
