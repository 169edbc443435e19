package page_test

import (
	"fmt"
	"syscall/js"

	"gocomm/jsglue/page"
)

// An event of the page, of which two values are wanted.
func ExampleDecode() {
	event := js.Global().Get("MouseEvent").New("click", map[string]any{"clientX": 7})
	var click struct {
		Type string `js:"type"`
		X    int    `js:"clientX"`
	}
	if err := page.Decode(event, &click); err != nil {
		fmt.Println(err)
	}
	fmt.Println(click.Type, click.X)

	var wrong struct {
		Type int `js:"type"`
	}
	fmt.Println(page.Decode(event, &wrong))
	// Output:
	// click 7
	// page: decode into *struct { Type int "js:\"type\"" }: .type: a string does not fit into int
}

// A function of Go, which the page calls; what it gives is a promise there.
func ExampleOwner() {
	o := page.NewOwner() // page.OwnedBy(comm) releases it with the comm
	defer o.Release()
	v, err := o.Encode(map[string]any{
		"double": page.Func(func(args []js.Value) (any, error) { return 2 * args[0].Int(), nil }),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	doubled := make(chan js.Value)
	then, err := o.Encode(page.Func(func(args []js.Value) (any, error) { doubled <- args[0]; return nil, nil }))
	if err != nil {
		fmt.Println(err)
		return
	}
	v.Call("double", 21).Call("then", then)
	fmt.Println((<-doubled).Int())
	// Output: 42
}
