package core

import "gocomm/internal/codec"

// An OutputType is a kind of output.
type OutputType string

// The values of [OutputType].
const (
	OutputStream        OutputType = "stream"
	OutputDisplayData   OutputType = "display_data"
	OutputExecuteResult OutputType = "execute_result" // a cell's value
	OutputError         OutputType = "error"
)

// A StreamName is the name of a stream of text.
type StreamName string

// The values of [StreamName].
const (
	Stdout StreamName = "stdout"
	Stderr StreamName = "stderr"
)

// An OutputItem is one of the outputs in an [Output], as notebooks have them (nbformat 4, "Code cell outputs").
type OutputItem struct {
	OutputType OutputType
	// Of a stream.
	Name StreamName `json:",omitempty"`
	// Of a stream.
	Text string `json:",omitempty"`
	// Of what is displayed, or a cell's value: one or more forms of it, by their MIME types.
	Data map[string]JSON `json:",omitempty"`
	// Of what is displayed, or a cell's value: an object, which has more about the forms by their MIME types.
	Metadata JSON `json:",omitempty"`
	// Of a cell's value.
	ExecutionCount *int `json:",omitempty"`
	// Of an error: what kind of error it is.
	ErrorName string `json:"ename,omitempty"`
	// Of an error: its text.
	ErrorValue string `json:"evalue,omitempty"`
	// Of an error: the lines that are shown.
	Traceback []string `json:",omitempty"`
}

// Stream makes an output of text.
func Stream(name StreamName, text string) OutputItem {
	return OutputItem{OutputType: OutputStream, Name: name, Text: text}
}

// DisplayData makes an output of one or more forms of one thing, by their MIME types; the page shows the one that it likes best.
// Texts, such as HTML and SVG, are strings; pictures such as PNG are a []byte; those of MIME types that are JSON are values of
// any type. The error names the one that cannot be JSON.
func DisplayData(forms map[string]any) (OutputItem, error) {
	item := OutputItem{OutputType: OutputDisplayData, Data: map[string]JSON{}, Metadata: JSON{"{}"}}
	for mime, form := range forms {
		value, err := JSONOf(form)
		if err != nil {
			return OutputItem{}, &failure{op: "display " + mime, err: err}
		}
		item.Data[mime] = value
	}
	return item, nil
}

// ErrorOutput makes an output of an error, which is shown as Python's are. Without lines of a traceback its name and value are
// shown.
func ErrorOutput(name, value string, traceback ...string) OutputItem {
	if len(traceback) == 0 { // which is what pages show
		traceback = []string{name + ": " + value}
	}
	return OutputItem{OutputType: OutputError, ErrorName: name, ErrorValue: value, Traceback: traceback}
}

// Append adds outputs. A stream's text continues that of the same stream if it is the last output.
func (s *Output) Append(items ...OutputItem) {
	all := append([]OutputItem(nil), s.Outputs...) // other copies of the state have the old ones
	for _, item := range items {
		if n := len(all) - 1; item.OutputType == OutputStream && n >= 0 && all[n].OutputType == OutputStream && all[n].Name == item.Name {
			all[n].Text += item.Text
		} else {
			all = append(all, item)
		}
	}
	s.Outputs = all
}

// AppendStdout adds text, as append_stdout does in Python.
func (s *Output) AppendStdout(text string) { s.Append(Stream(Stdout, text)) }

// AppendStderr adds text that is about errors, as append_stderr does in Python.
func (s *Output) AppendStderr(text string) { s.Append(Stream(Stderr, text)) }

// AppendHTML adds HTML, which the page shows as it shows that of cells.
func (s *Output) AppendHTML(html string) {
	s.Append(OutputItem{OutputType: OutputDisplayData, Metadata: JSON{"{}"}, Data: map[string]JSON{"text/html": {codec.JSON(codec.AppendString(nil, html))}}})
}

// AppendError adds an error.
func (s *Output) AppendError(err error) { s.Append(ErrorOutput("Error", err.Error())) }

// Clear removes all outputs.
func (s *Output) Clear() { s.Outputs = []OutputItem{} }

// A JSON is a value of any kind, as JSON text. Its zero value is null.
type JSON struct{ text codec.JSON }

// JSONOf gives the JSON of a value, by the rules of package gocomm/commmgr/typed.
func JSONOf(v any) (JSON, error) {
	e, err := codec.EncodeAny(v, false)
	return JSON{codec.JSON(e.JSON)}, err
}

// String gives the text.
func (j JSON) String() string {
	if j.text == "" {
		return "null"
	}
	return string(j.text)
}

// Decode puts the value into what dst points to, by the rules of package gocomm/commmgr/typed.
func (j JSON) Decode(dst any) error { return codec.Unmarshal([]byte(j.String()), nil, dst) }
