package main

// sizeRows are about what a page has to fetch.
func (b *bench) sizeRows() []step {
	const kilobyte = 1000
	size := func(name string, packed func(program) []byte) step {
		return step{[]string{name}, func() ([]row, error) {
			in := func(p program) []float64 { return []float64{float64(len(packed(p))) / kilobyte} }
			s := samples{1, in(b.programs.empty), in(b.programs.dropIn)}
			return []row{ratioRow(name, "KB", "empty Go program", 1.25, s)}, nil
		}}
	}
	return []step{
		size("size of the drop-in, gzip", func(p program) []byte { return p.gzip }),
		size("size of the drop-in, brotli", func(p program) []byte { return p.brotli }),
	}
}
