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
