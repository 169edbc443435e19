//go:build measure

package main

// sizeRows are about what a page has to fetch.
func (b *bench) sizeRows() []step {
	const kilobyte = 1000
	size := func(name string, goal float64, ours program, packed func(program) []byte) step {
		return step{[]string{name}, func() ([]row, error) {
			in := func(p program) []float64 { return []float64{float64(len(packed(p))) / kilobyte} }
			s := samples{1, in(b.programs.empty), in(ours)}
			return []row{ratioRow(name, "KB", "empty Go program", goal, s)}, nil
		}}
	}
	return []step{
		size("size of the drop-in, gzip", 1.25, b.programs.dropIn, func(p program) []byte { return p.gzip }),
		size("size of the drop-in, brotli", 1.25, b.programs.dropIn, func(p program) []byte { return p.brotli }),
		size("size of a program with typed handlers, gzip", 1.5, b.programs.typed, func(p program) []byte { return p.gzip }),
		size("the same, which also sends typed values", 1.5, b.programs.answers, func(p program) []byte { return p.gzip }),
	}
}
