package widget

import "gocomm/widget/host"

// A Context ends waiting, by the methods Done and Err of a context.Context, which is one. So are
// models and views: they end with their widget. A nil Context never ends. Package gocomm/widget/wctx
// makes a context.Context of a Context.
type Context = host.Context

// background is the Context that never ends.
type background struct{}

func (background) Done() <-chan struct{} { return nil }
func (background) Err() error            { return nil }

func orBackground(c Context) Context {
	if c == nil {
		return background{}
	}
	return c
}
