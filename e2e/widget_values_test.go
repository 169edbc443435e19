package e2e

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/internal/jupyter"
)

// TestWidgetValues has values that JSON or JavaScript does not have in traits: NaN and infinities are floats on both
// sides, and an integer beyond 2^53 is told as an error until the next value comes.
func TestWidgetValues(t *testing.T) {
	const class = agreeingClass + `
    float = traitlets.Float(0.0).tag(sync=True)
    floats = traitlets.List().tag(sync=True)
import math
nan, inf = math.nan, math.inf
`
	sideBySide(t, []jupyter.Host{jupyter.H1, jupyter.Lab}, func(t *testing.T, name jupyter.Host) {
		h := startWidgetHost(t, name)
		for _, suffix := range []string{".wasm.gz", ".wasm.js"} {
			copyFile(t, filepath.Join(fixture.root, "dist", "web", "widgetprobe"+suffix), filepath.Join(h.Dir(), "widgetprobe", "widgetprobe"+suffix))
		}
		p := openPaper(t, h, class+"probe = Probe(value=2**53 + 1)\nprobe", class+"first = Probe(float=inf, floats=[1.0, nan])\nfirst")
		shows := func(cell int, text string) {
			t.Helper()
			require.NoError(t, p.Wait(p.in(cell, "output")+`?.textContent === "`+text+`" && !`+p.in(cell, ".gocomm-error"), soon), text)
		}
		says := func(cell int, texts ...string) {
			t.Helper()
			for _, text := range texts {
				require.NoError(t, p.Wait(`!`+p.in(cell, "output")+` && `+p.in(cell, ".gocomm-error")+`?.textContent.includes('`+text+`')`, soon), text)
			}
		}
		const inexact = `"State.value" of type int: not exact in JavaScript, whose numbers have 53 bits: send it as a string`

		p.run(t, 0)
		says(0, "number 9007199254740992", inexact)
		p.python(t, `probe.value = 5`)
		shows(0, "5 ")
		p.python(t, `probe.value = 2**60 + 1; probe.text = "x"`)
		says(0, inexact)
		require.Equal(t, "1152921504606846977", p.python(t, `print(probe.value)`))
		p.python(t, `probe.value = 6`)
		shows(0, "6 x")
		require.NoError(t, p.Click(p.in(0, "button.large"))) // Go sends 2^60
		says(0, inexact)
		require.Equal(t, "6", p.python(t, `print(probe.value)`))
		p.python(t, `probe.value = 7`)
		shows(0, "7 x")
		require.NoError(t, p.Click(p.in(0, "button.count")))
		p.pythonPrints(t, "8", `print(probe.value)`)

		p.run(t, 1)
		shows(1, "0  +Inf 1 NaN")
		p.python(t, `first.floats = [1.0, 2.0]`)
		shows(1, "0  +Inf 1 2")
		p.python(t, `first.floats = [-inf, 2.0]; first.float = nan`)
		shows(1, "0  NaN -Inf 2")
		p.python(t, `first.floats = [1.0, "one"]`)
		says(1, `"State.floats" of type float64`)
		p.python(t, `first.floats = [0.5]; first.float = 0.0`)
		shows(1, "0  0.5")
		require.NoError(t, p.Click(p.in(1, "button.NaN"))) // Go sends them
		shows(1, "0  NaN 1 NaN +Inf")
		p.pythonPrints(t, "nan [1, nan, inf]", `print(first.float, first.floats)`)
	})
}
