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
	program.m.DeliverGap(commmgr.Gap{
		Since: int64(since * border.Millisecond), Until: int64(until * border.Millisecond),
	})
	return answer(seq, codeOK)
}
