package core

import "gocomm/widget"

// NewMedia makes what is no widget of its own.
func NewMedia(ctx widget.Context, m widget.Manager, s Media, set ...func(*Media)) (*widget.Model[Media], error) {
	return create(ctx, m, &kindMedia, s, set)
}
