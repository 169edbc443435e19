package main

import "strings"

// notes are what the schema does not say of traits: units, mostly. A name without a model is for all.
var notes = map[string]string{
	"_options_labels":                      "Where Go has made the widget, they are Python's options, too. Where Python has, only Python changes them.",
	"SelectionSlider._options_labels":      "There is at least one. Where Go has made the widget, they are Python's options, too. Where Python has, only Python changes them.",
	"SelectionRangeSlider._options_labels": "There is at least one. Where Go has made the widget, they are Python's options, too. Where Python has, only Python changes them.",
	"Dropdown.index":                       first, "RadioButtons.index": first, "Select.index": first, "ToggleButtons.index": first,
	"_titles":                "By their indexes, as texts.",
	"_counter":               "How many uploads there were.",
	"_playing":               "Whether the control is currently playing.",
	"_repeat":                "Whether the control will repeat in a continuous loop.",
	"layout":                 "The widget's layout: where it is empty, a new one.",
	"style":                  "Where it is empty, a new one.",
	"children":               "See [Children].",
	"timestamp":              "In milliseconds since the page was loaded.",
	"description_width":      "A CSS length.",
	"font_size":              "A CSS length.",
	"IntRangeSlider.value":   "Default: the half in the middle.",
	"FloatRangeSlider.value": "Default: the half in the middle.",
	"DatePicker.step":        "Programs on a page import gocomm/alltypes for it.",
	"TimePicker.step":        "Programs on a page import gocomm/alltypes for it.",
	"Output.outputs":         "See [Output.Append].",
	"DatetimePicker.value":   "In UTC.",
	"DatetimePicker.min":     "In UTC.",
	"DatetimePicker.max":     "In UTC.",
	"Link.source":            "See [TraitRef].",
	"Link.target":            "See [TraitRef].",
	"DirectionalLink.source": "See [TraitRef].",
	"DirectionalLink.target": "See [TraitRef].",
}

const first = "Where it is nil when the widget is made, that of the first option: 0."

// sentence ends a text as a sentence does.
func sentence(s string) string {
	s = strings.TrimSpace(strings.Join(strings.Fields(s), " "))
	if s != "" && !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") {
		s += "."
	}
	return s
}

func join(a, b string) string { return strings.TrimSpace(a + " " + b) }

// comment writes a text in lines of a comment.
func comment(s string) string {
	const width = 100
	lines, line := []string{}, "//"
	for _, word := range strings.Fields(s) {
		if len(line)+1+len(word) > width {
			lines, line = append(lines, line), "//"
		}
		line += " " + word
	}
	return strings.Join(append(lines, line), "\n")
}

func article(name string) string {
	if strings.ContainsRune("AEIO", rune(name[0])) {
		return "an"
	}
	return "a"
}

// variable gives the name of a model's kind.
func variable(goName string) string { return "kind" + goName }

// module gives the name of a module's constant.
func module(name string) string {
	return map[string]string{"@jupyter-widgets/base": "base", "@jupyter-widgets/controls": "controls", "@jupyter-widgets/output": "output"}[name]
}

// snake gives the trait that a field's name stands for, as package internal/codec does.
func snake(name string) string {
	var b strings.Builder
	upper := func(i int) bool {
		return i >= 0 && i < len(name) && (name[i] >= 'A' && name[i] <= 'Z' || name[i] == '_')
	}
	for i := range len(name) {
		if name[i] >= 'A' && name[i] <= 'Z' {
			if i > 0 && !upper(i-1) || i > 0 && i+1 < len(name) && !upper(i+1) {
				b.WriteByte('_')
			}
			b.WriteByte(name[i] + 'a' - 'A')
		} else {
			b.WriteByte(name[i])
		}
	}
	return b.String()
}
