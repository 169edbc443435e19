package core_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr/commmgrtest"
	"gocomm/widget"
	"gocomm/widget/commhost"
	"gocomm/widget/core"
	"gocomm/widget/host"
)

type params struct {
	Count  int `min:"0" max:"10"`
	Speed  float64
	Color  string `options:"red,green,blue"`
	Name   string `label:"called"`
	Loud   bool
	Wait   time.Duration `min:"0.5" max:"60" step:"0.5"`
	Place  struct{ X, Y int8 }
	hidden int
	Skip   chan int `label:"-"`
}

func TestInteract(t *testing.T) {
	p := open(t, "")
	kernel := map[string]*commmgrtest.Comm{}
	p.RegisterTarget(host.Ipywidgets, func(c *commmgrtest.Comm, msg commmgrtest.Message) {
		p.opens = append(p.opens, msg)
		kernel[stateOf(t, msg)["_model_name"].(string)] = c
	})
	calls := make(chan params, 10)
	box, err := core.Interact(nil, p, func(p params) { calls <- p }, func(p *params) {
		p.Speed, p.Name, p.Count, p.Place.Y, p.hidden = -2, "Go", 12, 3, 7
	})
	require.NoError(t, err)
	now := params{Count: 10, Speed: -2, Color: "red", Name: "Go", Wait: time.Second / 2, hidden: 7}
	now.Place.Y = 3
	require.Equal(t, now, <-calls, "at once")

	controls := []map[string]any{}
	names := []any{}
	for _, o := range p.opened() {
		if s := stateOf(t, o); s["description"] != nil {
			controls, names = append(controls, s), append(names, s["_model_name"])
		}
	}
	require.Equal(t, []any{"IntSliderModel", "FloatSliderModel", "DropdownModel", "TextModel", "CheckboxModel", "FloatSliderModel", "IntSliderModel", "IntSliderModel"}, names)
	require.Len(t, box.Get().Children, len(names))
	bounds := func(i int) []any {
		return []any{controls[i]["min"], controls[i]["max"], controls[i]["step"], controls[i]["value"]}
	}
	require.Equal(t, []any{0.0, 10.0, 1.0, 10.0}, bounds(0))
	require.Equal(t, []any{-6.0, 2.0, .1, -2.0}, bounds(1), "as in Python")
	require.Equal(t, []any{"red", "green", "blue"}, controls[2]["_options_labels"])
	require.Equal(t, []any{"called", "Go"}, []any{controls[3]["description"], controls[3]["value"]})
	require.Equal(t, []any{.5, 60.0, .5, .5}, bounds(5))
	require.Equal(t, "Wait (s)", controls[5]["description"])
	require.Equal(t, []any{0.0, 1.0, 1.0, 0.0}, bounds(6), "as in Python")
	require.Equal(t, []any{-3.0, 9.0, 1.0, 3.0}, bounds(7))

	kernel["CheckboxModel"].Send(map[string]any{"method": "update", "state": map[string]any{"value": true}})
	now.Loud = true
	require.Equal(t, now, <-calls)
	dropdown, err := widget.Resolve[core.Dropdown](nil, box, box.Get().Children[2])
	require.NoError(t, err)
	require.NoError(t, dropdown.Update(func(s *core.Dropdown) { s.Select("blue") }))
	now.Color = "blue"
	require.Equal(t, now, <-calls)
	kernel["FloatSliderModel"].Send(map[string]any{"method": "update", "state": map[string]any{"value": 1.5}})
	now.Wait = 1500 * time.Millisecond
	require.Equal(t, now, <-calls)

	require.NoError(t, box.CloseWidget())
	<-box.Done()
	p.Flush()
	kernel["CheckboxModel"].Send(map[string]any{"method": "update", "state": map[string]any{"value": false}})
	p.Flush()
	require.Empty(t, calls)
}

// TestInteractCallsOnceAtATime: the newest values win, and a panic ends one call.
func TestInteractCallsOnceAtATime(t *testing.T) {
	errs := make(chan error, 10)
	kernel := commmgrtest.New(t, nil)
	sliders := make(chan *commmgrtest.Comm, 1)
	kernel.RegisterTarget(host.Ipywidgets, func(c *commmgrtest.Comm, msg commmgrtest.Message) {
		if stateOf(t, msg)["_model_name"] == "IntSliderModel" {
			sliders <- c
		}
	})
	m, err := commhost.Register(kernel.Manager, commhost.Options{
		Open: func(*commhost.Host) error { return nil }, OnError: func(err error) { errs <- err },
	})
	require.NoError(t, err)
	begun, goOn := make(chan int), make(chan bool)
	_, err = core.Interact(nil, m, func(p struct {
		N int `min:"0" max:"1000"`
	}) {
		begun <- p.N
		if !<-goOn {
			panic(errors.New("not this one"))
		}
	})
	require.NoError(t, err)
	slider := <-sliders
	require.Equal(t, 0, <-begun)
	for n := range 200 {
		slider.Send(map[string]any{"method": "update", "state": map[string]any{"value": n}})
	}
	kernel.Flush()
	goOn <- false
	for n := <-begun; n != 199; n = <-begun { // a few at the most, since what was sent may still be on its way
		goOn <- true
	}
	var panicked *widget.PanicError
	err = <-errs
	require.ErrorAs(t, err, &panicked)
	require.ErrorContains(t, err, "core: interact: widget: panic: not this one")
	goOn <- true
	require.Empty(t, errs)
}

func TestInteractSaysWhatIsWrong(t *testing.T) {
	p := open(t, "")
	for want, err := range map[string]error{
		"core: interact: int is no struct":                                     interact(p, func(int) {}),
		"core: interact: struct {} has no fields for which there are controls": interact(p, func(struct{}) {}),
		"core: interact: T.Done is a chan int, for which there is no control: take a bool, int,": func() error {
			type T struct{ Done chan int }
			return interact(p, func(T) {})
		}(),
		".At is a time.Time, for which there is no control": interact(p, func(struct{ At time.Time }) {}),
		`.N has the tag min:"a", which is no number of its type`: interact(p, func(struct {
			N int `min:"a" max:"3"`
		}) {
		}),
		`.N has the tag step:"1.5", which is no number of its type`: interact(p, func(struct {
			N int `step:"1.5"`
		}) {
		}),
		".N has one of the tags min and max: it needs both, or none": interact(p, func(struct {
			N int `min:"1"`
		}) {
		}),
		".N's min is not less than its max": interact(p, func(struct {
			N float64 `min:"1" max:"1"`
		}) {
		}),
		".N's step is not positive": interact(p, func(struct {
			N float64 `step:"0"`
		}) {
		}),
		".N's bounds are beyond those of an int8": interact(p, func(struct {
			N int8 `min:"0" max:"128"`
		}) {
		}),
		".On has the tag max, which a bool does not take": interact(p, func(struct {
			On bool `max:"1"`
		}) {
		}),
		".N has the tag options, which a int does not take": interact(p, func(struct {
			N int `options:"1,2"`
		}) {
		}),
	} {
		require.ErrorContains(t, err, want)
	}
	_, err := core.Interact(nil, p, func(params) {}, func(p *params) { p.Color = "pink" })
	require.EqualError(t, err, `core: interact: params.Color is "pink", which is none of its options: red,green,blue`)
	require.Empty(t, p.opened(), "nothing is made then")
	p.Refuse(errors.New("no connection"))
	require.ErrorContains(t, interact(p, func(params) {}), "core: interact: params.Count: core: new IntSlider: ")
}

func interact[P any](p *page, f func(P)) error {
	_, err := core.Interact(nil, p, f)
	return err
}
