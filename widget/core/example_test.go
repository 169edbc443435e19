package core_test

import (
	"context"
	"fmt"

	"gocomm/commmgr/commmgrtest"
	"gocomm/internal/bystander"
	"gocomm/widget"
	"gocomm/widget/commhost"
	"gocomm/widget/core"
)

// A slider in a box: Go makes both, and hears of what the kernel does to them.
func Example() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	made := make(chan *commmgrtest.Comm, 10) // the kernel's sides
	k.RegisterTarget(commhost.Target, func(c *commmgrtest.Comm, _ commmgrtest.Message) { made <- c })
	m, err := commhost.Register(k.Manager, commhost.Options{Open: func(*commhost.Host) error { return nil }})
	if err != nil {
		fmt.Println(err)
		return
	}

	ctx := context.Background()
	slider, err := core.NewIntSlider(ctx, m, core.IntSlider{Min: 0, Max: 10, Description: "speed"})
	if err != nil {
		fmt.Println(err)
		return
	}
	box, err := core.NewVBox(ctx, m, core.VBox{Children: core.Children(slider)})
	fmt.Println(len(box.Get().Children), slider.Get().Step, err)

	values := make(chan int)
	slider.Observe(func(_, now core.IntSlider) { values <- now.Value }, "value")
	for c := range made {
		if c.ID == slider.ID() { // in Python: slider.value = 7
			c.Send(map[string]any{"method": "update", "state": map[string]any{"value": 7}})
			break
		}
	}
	fmt.Println(<-values)
	// Output:
	// 1 1 <nil>
	// 7
}

// A trait by its name, of a widget of any library.
func ExampleTraitOf() {
	t := new(bystander.TB)
	defer t.End()
	k := commmgrtest.New(t, nil)
	opened := make(chan string, 1)
	m, err := commhost.Register(k.Manager, commhost.Options{Open: func(h *commhost.Host) error { opened <- h.ID(); return nil }})
	if err != nil {
		fmt.Println(err)
		return
	}
	leaflet := k.Open(commhost.Target, map[string]any{"state": map[string]any{"zoom": 3}})
	leaflet.OnMsg(func(msg commmgrtest.Message) { // as Python answers: its traits are asked for
		leaflet.Reply(msg, map[string]any{"method": "update", "state": map[string]any{"zoom": 3, "center": []int{52, 10}}})
	})

	zoom, err := core.TraitOf[float64](nil, m, widget.RefTo(<-opened), "zoom")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer zoom.Close()
	fmt.Println(zoom.Get(), zoom.Set(4), zoom.Get())
	// Output: 3 <nil> 4
}
