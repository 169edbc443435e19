// Command conformance is the client's side of package internal/conformance, for tests.
// Its orders are events of the page, and what it says is on the console.
package main

import (
	"syscall/js"

	"gocomm/commmgr"
	"gocomm/internal/conformance/front"
	"gocomm/jsglue"
	"gocomm/jsglue/page"
)

func main() {
	jsglue.Run(func(m *commmgr.Manager) error {
		f, err := front.New(m, func(line string) { jsglue.Log("conformance: "+line, nil) })
		if err != nil {
			return err
		}
		order, err := page.NewOwner().Func(func(args []js.Value) (any, error) { // for as long as the page lives
			var order string
			if err := page.Decode(args[0], &order); err != nil {
				return nil, err
			}
			return nil, f.Order(order)
		})
		js.Global().Set("conformanceOrder", order)
		return err
	})
}
