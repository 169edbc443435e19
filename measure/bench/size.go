//go:build measure

package main

// sizeRows are about what a page has to fetch.
func (b *bench) sizeRows() []step {
	const (
		kilobyte = 1000
		second   = "size of the counter as the second program on a page"
	)
	size := func(name string, goal float64, ours program, packed func(program) []byte) step {
		return step{[]string{name}, func() ([]row, error) {
			in := func(p program) []float64 { return []float64{float64(len(packed(p))) / kilobyte} }
			s := samples{1, in(b.programs.empty), in(ours)}
			return []row{ratioRow(name, "KB", "empty Go program", goal, s)}, nil
		}}
	}
	return []step{
		size("size of the drop-in, gzip", 1.13, b.programs.dropIn, func(p program) []byte { return p.gzip }),
		size("size of the drop-in, brotli", 1.25, b.programs.dropIn, func(p program) []byte { return p.brotli }),
		size("size of a program with typed handlers, gzip", 1.5, b.programs.typed, func(p program) []byte { return p.gzip }),
		{[]string{second}, func() ([]row, error) {
			s := samples{1, []float64{float64(len(b.programs.dropIn.gzip)) / kilobyte}, []float64{float64(len(b.programs.counterDelta)) / kilobyte}}
			return []row{ratioRow(second, "KB", "the drop-in, which is the first", 0.6, s)}, nil
		}},
		size("the same, which also sends typed values", 1.5, b.programs.answers, func(p program) []byte { return p.gzip }),
	}
}
