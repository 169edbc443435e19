package commhost_test

import (
	"context"
	"encoding/json"
	"fmt"

	"gocomm/commmgr/commmgrtest"
	"gocomm/internal/bystander"
	"gocomm/widget"
	"gocomm/widget/commhost"
)

// A program that takes up sliders, and leaves other widgets alone.
func ExampleRegister() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	type Slider struct{ Value int }
	values := make(chan int)
	_, err := commhost.Register(k.Manager, commhost.Options{Open: func(h *commhost.Host) error {
		if h.Text("_model_name") != "IntSliderModel" {
			return nil
		}
		m, err := widget.Bind[Slider](context.Background(), h)
		if err != nil {
			return err
		}
		m.Observe(func(_, now Slider) { values <- now.Value })
		return nil
	}})
	if err != nil {
		fmt.Println(err)
	}

	slider := k.Open(commhost.Target, map[string]any{"state": map[string]any{"_model_name": "IntSliderModel", "value": 1}})
	slider.Send(map[string]any{"method": "update", "state": map[string]any{"value": 2}})
	fmt.Println(<-values)
	// Output: 2
}

// A page that was loaded anew takes up the widgets that the kernel already has.
func ExampleWidgets_Recover() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	k.RegisterTarget(commhost.ControlTarget, func(c *commmgrtest.Comm, _ commmgrtest.Message) { // as ipywidgets has it
		c.OnMsg(func(commmgrtest.Message) {
			c.Send(map[string]any{"method": "update_states", "states": json.RawMessage(`{"model-1": {"state": {"value": 7}}}`)})
		})
	})

	widgets, err := commhost.Register(k.Manager, commhost.Options{Open: func(h *commhost.Host) error {
		m, err := widget.Bind[struct{ Value int }](context.Background(), h)
		if err != nil {
			return err
		}
		fmt.Println(h.ID(), m.Get().Value)
		return nil
	}})
	if err == nil {
		err = widgets.Recover(context.Background())
	}
	fmt.Println(err)
	// Output:
	// model-1 7
	// <nil>
}
