package browse

import (
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"github.com/chromedp/cdproto/runtime"
)

// argsText joins the arguments of a console call. deep, when given, renders
// data objects in full; where it cannot, the browser's short preview stays.
func argsText(args []*runtime.RemoteObject, deep func(*runtime.RemoteObject) string) string {
	parts := make([]string, len(args))
	for i, a := range args {
		if deep != nil && isData(a) {
			parts[i] = deep(a)
		}
		if parts[i] == "" {
			parts[i] = objectText(a)
		}
	}
	return strings.Join(parts, " ")
}

// isData tells plain objects and arrays from class instances and functions.
func isData(o *runtime.RemoteObject) bool {
	return o.Type == "object" && o.ObjectID != "" &&
		(o.Subtype == "array" || o.Subtype == "" && o.ClassName == "Object")
}

// objectText renders one argument from what came with the event.
func objectText(o *runtime.RemoteObject) string {
	if o.Type == "string" {
		var s string
		if json.Unmarshal(o.Value, &s) == nil {
			return s
		}
	}
	switch {
	case o.Type == "undefined":
		return "undefined"
	case o.UnserializableValue != "":
		return string(o.UnserializableValue)
	case len(o.Value) > 0:
		return string(o.Value)
	case isData(o) && o.Preview != nil:
		return previewText(o.Preview)
	}
	return o.Description
}

// previewText renders a preview in the manner of JSON: it is cut where the browser cut it.
func previewText(p *runtime.ObjectPreview) string {
	array := p.Subtype == "array"
	var parts []string
	for _, prop := range p.Properties {
		v := prop.Value
		switch {
		case prop.ValuePreview != nil:
			v = previewText(prop.ValuePreview)
		case prop.Type == "string":
			v = quote(v)
		case prop.Type == "function":
			v = `"[function]"`
		}
		if !array {
			v = quote(prop.Name) + ":" + v
		}
		parts = append(parts, v)
	}
	if p.Overflow {
		parts = append(parts, "…")
	}
	s := strings.Join(parts, ",")
	if array {
		return "[" + s + "]"
	}
	return "{" + s + "}"
}

// exceptionText is the exception's own text and stack.
func exceptionText(d *runtime.ExceptionDetails) string {
	text := d.Text // "Uncaught" or "Uncaught (in promise)"
	if o := d.Exception; o != nil {
		text += " " + objectText(o) // an Error's description holds its stack
	}
	return unversioned(strings.TrimSpace(text))
}

// version is what classic pages append to the URLs of scripts, 128 digits long.
var version = regexp.MustCompile(`\?v=[0-9a-f]+`)

func unversioned(s string) string { return version.ReplaceAllString(s, "") }

func timeOf(ts runtime.Timestamp) time.Time {
	return time.UnixMicro(int64(float64(ts) * 1000))
}
