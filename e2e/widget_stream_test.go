package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// TestExampleStream runs the stream's notebook: while a million numbers go to the page
// again and again, cells run, the user moves in what is drawn, and the last frame is the same on both sides.
func TestExampleStream(t *testing.T) {
	cells := exampleCells(t, "stream")
	forWidgetHosts(t, func(t *testing.T, h *host) {
		addExample(t, h, "stream")
		p := openPaper(t, h, cells...)
		require.NoError(t, p.StopWire()) // of each frame, four megabytes
		p.run(t, 0)
		canvas := p.in(0, "canvas")
		require.NoError(t, p.Wait(canvas+`.clientWidth > 0`, soon))
		p.run(t, 1)
		drawn := p.in(0, "output") + `.textContent`
		require.NoError(t, p.Wait(drawn+`.includes("1000000 samples")`, soon))

		require.NoError(t, p.Wait(p.inked(0), soon))

		// The kernel is there for others while it streams, and the view obeys Python and the user.
		p.run(t, 2)
		require.Equal(t, "False", p.python(t, `print(task.done())`))
		p.pythonPrints(t, "0.25 0.5", `print(stream.start, stream.stop)`)
		require.NoError(t, p.Click(canvas))
		require.NoError(t, p.Press("+"))
		p.pythonPrints(t, "0.3125 0.4375", `print(stream.start, stream.stop)`)
		width, err := browse.Eval[float64](p.Page, canvas+`.clientWidth`)
		require.NoError(t, err)
		require.NoError(t, p.Drag(canvas, width/4, 0))
		p.pythonPrints(t, "True", `print(abs(stream.start - 0.28125) < 0.001)`)
		require.NoError(t, p.Press("0"))
		p.pythonPrints(t, "0.0 1.0", `print(stream.start, stream.stop)`)
		p.shoot(t, "stream")

		streamed := func() string { return p.python(t, `print(task.done())`) }
		require.Eventually(t, func() bool { return streamed() == "True" }, 4*soon, 100*time.Millisecond)
		p.pythonPrints(t, "True", `print(stream._flying == [])`)
		p.run(t, 3)
		p.pythonPrints(t, "True", `print(stream.same)`)
		p.run(t, 4)
		require.Contains(t, p.output(t, 4), "(True, 150, ")
		rate, err := browse.Eval[string](p.Page, drawn)
		require.NoError(t, err)
		t.Logf("%s; %s", p.output(t, 4), rate)

		// Twenty frames at once, faster than any page draws: those that wait are one, the last.
		p.python(t, `before = stream.shown
for n in range(20): stream.show(wave[n:n + length])`)
		p.pythonPrints(t, "True", `print(stream._flying == [] and stream._last == stream.made)`)
		require.Equal(t, "170 True", p.python(t, `print(stream.made, 1 <= stream.shown - before <= stream.AHEAD + 1)`))
		p.python(t, `stream.compare()`)
		p.pythonPrints(t, "True", `print(stream.same)`)

		// A view that comes later has the frame as well, and it is drawn.
		i := p.addCell(t, `stream`)
		p.run(t, i)
		require.NoError(t, p.Wait(p.inked(i), soon))
		require.Empty(t, p.Errors())
	})
}

// inked tells on the page whether something is drawn on a cell's canvas.
func (p *paper) inked(cell int) string {
	return `(() => {
		const canvas = ` + p.in(cell, "canvas") + `;
		return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(b => b);
	})()`
}
