package wctx_test

import (
	"context"
	"errors"
	"fmt"

	"gocomm/internal/bystander"
	"gocomm/widget/wctx"
	"gocomm/widget/widgettest"
)

// What a handler starts ends with the widget.
func ExampleOf() {
	t := new(bystander.TB)
	defer t.End()
	w := widgettest.New(t, map[string]any{})
	m := widgettest.Bind[struct{}](w)
	ctx := wctx.Of(m)
	w.Close()
	<-ctx.Done()
	fmt.Println(errors.Is(ctx.Err(), context.Canceled), ctx.Err())
	// Output: true commmgr: closed by the kernel
}
