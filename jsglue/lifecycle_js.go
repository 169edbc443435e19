//lint:file-ignore U1000 JavaScript calls the exports.

package jsglue

import (
	"gocomm/commmgr"
	"gocomm/internal/border"
)

// gocomm_gap tells of a time in which messages may have been lost, in milliseconds of
// the page's clock.
//
//go:wasmexport gocomm_gap
func gap(seq int32, since, until float64) int32 {
	program.d.DeliverGap(commmgr.Gap{
		Since: commmgr.Duration(since * border.Millisecond), Until: commmgr.Duration(until * border.Millisecond),
	})
	return border.Answer(seq)
}

// gocomm_adopt offers a comm to its target, which the page before this one had. One that its target
// takes up is bound when this returns.
//
//go:wasmexport gocomm_adopt
func adopt(seq, own int32, since, until float64, idLen, nameLen int32) int32 {
	id, target := names(idLen, nameLen)
	program.d.Adopt(id, target, own == 1, commmgr.Gap{
		Since: commmgr.Duration(since * border.Millisecond), Until: commmgr.Duration(until * border.Millisecond),
	})
	return border.Answer(seq)
}
