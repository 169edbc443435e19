package browse

import (
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/runtime"
)

// Heap is the page's JavaScript heap in bytes, after a collection.
func (p *Page) Heap() (float64, error) {
	for range 2 { // what finalizers let go of goes with the second
		if _, err := call(p, heapprofiler.CollectGarbage, struct{}{}); err != nil {
			return 0, err
		}
	}
	usage, err := call(p, runtime.GetHeapUsage, struct{}{})
	return usage.UsedSize, err
}
