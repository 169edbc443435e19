//go:build measure

package main

import "fmt"

// messageRows are about what happens between a Kernel object's two ends; page/rows.js
// has the work.
func (b *bench) messageRows() []step {
	const crowd = "cost per message at 10,000 live comms"
	return []step{
		b.againstStock("dispatch of a comm_msg to a JavaScript handler, awaited, 100 comms", 0.5, "dispatch"),
		b.againstStock("the kernel's whole receive path, text frame", 1, "text"),
		b.againstStock("the kernel's whole receive path, binary frame", 1, "binary"),
		b.againstStock("comm.send of a small message up to ws.send", 1, "send"),
		b.againstStock("open + close of a comm, by the page", 0.7, "openCloseHere"),
		b.againstStock("open + close of a comm, by the kernel", 0.7, "openClose"),
		{[]string{crowd}, func() ([]row, error) {
			s, err := b.samples(fmt.Sprintf("(await bench('rows')).crowd(100, 10000, %s)", b.settings()))
			return []row{ratioRow(crowd, "ns", "gocomm at 100 comms", 1.2, s)}, err
		}},
	}
}

// againstStock measures one of page/rows.js on both managers.
func (b *bench) againstStock(name string, goal float64, key string) step {
	return step{[]string{name}, func() ([]row, error) {
		s, err := b.samples(fmt.Sprintf("(await bench('rows')).against(%q, %s)", key, b.settings()))
		return []row{ratioRow(name, "ns", stock, goal, s)}, err
	}}
}
