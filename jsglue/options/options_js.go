package options

import (
	"fmt"
	"syscall/js"

	"github.com/norunners/vert"

	"gocomm/jsglue"
	"gocomm/jsglue/page"
)

// Get puts the program's options into the struct that dst points to. Fields that they
// do not name stay as they are.
func Get(dst any) (err error) {
	text, err := jsglue.Options()
	if err != nil {
		return fmt.Errorf("options: %w", err)
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("options %s do not fit %T: %v", text, dst, r)
		}
	}()
	v := js.Global().Get("JSON").Call("parse", string(text)) // what has been JSON has no getters
	// vert fills a new struct, so what dst has already is put under the options.
	preset, err := page.Encode(dst)
	if err != nil {
		return err
	}
	v = js.Global().Get("Object").Call("assign", preset, v)
	if err := vert.ValueOf(v).AssignTo(dst); err != nil {
		return fmt.Errorf("options %s do not fit %T: %w", text, dst, err)
	}
	return nil
}
