package core_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr/commmgrtest"
	"gocomm/widget"
	"gocomm/widget/commhost"
	"gocomm/widget/core"
	"gocomm/widget/host"
)

// A made is a model of a widget that was made.
type made interface {
	ID() string
	Ref() widget.Ref
}

// A maker makes widgets of one model.
type maker struct {
	name  string
	seven bool // ipywidgets 7 has it
	make  func(m widget.Manager, f func(any)) (made, error)
}

// A page is a client of a kernel that records what it is told of widgets.
type page struct {
	*commmgrtest.Kernel
	*commhost.Widgets
	opens []commmgrtest.Message
}

func open(t *testing.T, controls string) *page {
	p := &page{Kernel: commmgrtest.New(t, nil)}
	made := func(c *commmgrtest.Comm, msg commmgrtest.Message) {
		p.opens = append(p.opens, msg)
		state := map[string]any{"description_width": "", "handle_color": nil} // the defaults of a style
		maps.Copy(state, stateOf(t, msg))
		c.OnMsg(func(m commmgrtest.Message) { // as ipywidgets answers
			if string(m.Data) == `{"method":"request_state"}` {
				c.Reply(m, map[string]any{"method": "update", "state": state})
			} else {
				maps.Copy(state, stateOf(t, m))
				c.Reply(m, map[string]any{"method": "echo_update", "state": stateOf(t, m)})
			}
		})
	}
	p.RegisterTarget(host.Ipywidgets, made)
	p.RegisterTarget(host.Gocomm, made)
	var err error
	p.Widgets, err = commhost.Register(p.Kernel.Manager, commhost.Options{Controls: controls, Open: func(*commhost.Host) error { return nil }})
	require.NoError(t, err)
	return p
}

func (p *page) Manager() host.Manager { return p.Widgets.Manager() }

// opened gives what was opened since the last call, in order.
func (p *page) opened() []commmgrtest.Message {
	p.Flush()
	opens := p.opens
	p.opens = nil
	return opens
}

// An ask has Python make a widget, and what it refers to.
type ask struct {
	Opens   []message `json:"opens"`
	Default bool      `json:"default"` // Python makes one of the class without arguments, too
}

type message struct {
	ID       string          `json:"id"`
	Target   string          `json:"target"`
	Data     json.RawMessage `json:"data"`
	Metadata json.RawMessage `json:"metadata"`
	Buffers  [][]byte        `json:"buffers"`
}

type values struct {
	State   map[string]any
	Paths   [][]any
	Buffers [][]byte
	Parts   map[string]string // the classes of the layout and the style
}

type answer struct {
	values
	Error   string
	Default values
}

// linked makes what a link links.
func linked(m widget.Manager) [2]string {
	slider, err := core.NewIntSlider(nil, m, core.IntSlider{})
	if err != nil {
		panic(err)
	}
	return [2]string{string(slider.Ref()), "value"}
}

// python has the ipywidgets of an environment answer.
func python(t *testing.T, env string, asks []ask) (answers []answer) {
	t.Helper()
	text, err := json.Marshal(asks)
	require.NoError(t, err)
	cmd := exec.Command(filepath.Join("..", "..", ".envs", env, "bin", "python"), "-W", "ignore", filepath.Join("testdata", "conformance.py"))
	cmd.Stdin = bytes.NewReader(text)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "dist/tool venv %s: %s", env, stderr.String())
	require.NoError(t, json.Unmarshal(out, &answers))
	require.Len(t, answers, len(asks))
	return answers
}

// varied changes all traits of a state to values that ipywidgets takes.
func varied(s any) {
	v := reflect.ValueOf(s).Elem()
	model := v.Type().Name()
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		switch {
		case slices.Contains(unvaried, name) || slices.Contains(unvaried, model+"."+name):
		case v.Field(i).Kind() == reflect.String && strings.HasPrefix(v.Field(i).Type().Name(), "Ref"):
		default:
			vary(v.Field(i))
		}
	}
}

// unvaried are traits whose values depend on others, or are checked.
var unvaried = []string{"ReadoutFormat", "IntsInput.Format", "FloatsInput.Format", "SelectedIndex", "FloatLogSlider.Min", "Children", "AllowedTags", "Axes", "Buttons", "Titles", "Options", "Source", "Target"}

// vary changes a value.
func vary(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Float64:
		v.SetFloat(v.Float() + .5)
	case reflect.String:
		v.SetString(map[string]string{
			"string": "red", "Behavior": "snap", "Orientation": "vertical", "PredefinedStyle": "warning", "Visibility": "hidden",
			"ObjectFit": "cover", "GridAutoFlow": "row", "Overflow": "auto",
		}[v.Type().Name()])
		if v.String() == "" { // the others of Layout
			v.SetString("flex-end")
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		vary(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			vary(v.Field(i))
		}
		if year := v.FieldByName("Year"); year.IsValid() {
			year.SetInt(2026)
		}
	case reflect.Array:
		for i := range v.Len() {
			vary(v.Index(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		if item, ok := v.Index(0).Addr().Interface().(*core.OutputItem); ok {
			*item = core.Stream(core.Stdout, "red")
		} else {
			vary(v.Index(0))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("0"), reflect.ValueOf("red"))
	case reflect.Interface:
		v.Set(reflect.ValueOf("any"))
	case reflect.Uint8:
		v.SetUint(7)
	}
}

// TestPythonHasTheStateThatWasMade: for each model, what Go makes is what ipywidgets' own serializers then say that
// it is; and what Go makes without any values is what Python makes without arguments.
func TestPythonHasTheStateThatWasMade(t *testing.T) {
	for env, version := range map[string]string{"h1": "2.0.0", "h2": "1.5.0"} {
		t.Run(env, func(t *testing.T) {
			t.Parallel()
			require.Len(t, makers, 69)
			p := open(t, version)
			var asks []ask
			var names []string
			for _, m := range makers {
				if version == "1.5.0" && !m.seven {
					_, err := m.make(p, func(any) {})
					require.ErrorContains(t, err, "ipywidgets 7 has no such widget", m.name)
					require.Empty(t, p.opened())
					continue
				}
				for _, f := range []func(any){func(any) {}, varied} {
					w, err := m.make(p, f)
					require.NoError(t, err, m.name)
					a := ask{Default: len(asks)%2 == 0}
					for _, o := range p.opened() {
						a.Opens = append(a.Opens, message{o.CommID, o.TargetName, o.Data, o.Metadata, o.Buffers})
					}
					require.NotEmpty(t, a.Opens)
					require.Equal(t, w.ID(), a.Opens[len(a.Opens)-1].ID)
					asks, names = append(asks, a), append(names, m.name)
				}
			}
			answers := python(t, env, asks)
			for i, a := range answers {
				require.Empty(t, a.Error, "%s: %s", names[i], asks[i].Opens[len(asks[i].Opens)-1].Data)
				open := asks[i].Opens[len(asks[i].Opens)-1]
				var data struct {
					State       map[string]any
					BufferPaths [][]any `json:"buffer_paths"`
				}
				require.NoError(t, json.Unmarshal(open.Data, &data))
				require.Equal(t, data.State, a.State, names[i])
				require.ElementsMatch(t, data.BufferPaths, a.Paths, names[i])
				require.ElementsMatch(t, open.Buffers, a.Buffers, names[i])
				if !asks[i].Default {
					continue
				}
				require.Equal(t, a.Default.Parts, a.Parts, names[i])
				for _, part := range []string{"layout", "style"} {
					delete(a.State, part)
					delete(a.Default.State, part)
				}
				require.Equal(t, a.Default.State, a.State, "%s: the defaults", names[i])
			}
		})
	}
}
