package viewtest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A handler that waits for the end of its widget, or of its view, sees it at once, though
// what it holds up waits behind it.
func TestHandlersSeeTheEnd(t *testing.T) {
	for name, c := range map[string]struct{ op, end, says string }{
		"widget":         {"await the end", "w.end()", "widget: closed by this program"},
		"view":           {"await the view's end", "w.views[0].remove()", "view: the view has ended"},
		"view of widget": {"await the view's end", "w.end()", "view: the view has ended"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPage(t)
			said := p.run(`
				const w = await probe(), other = await probe();
				w.send({ op: "` + c.op + `" });
				for (let i = 0; i < 10; i++) await task();
				w.send({ op: "get" }); // waits behind it
				` + c.end + `;
				await until(() => globalThis.sawTheEnd, "the handler has seen the end", 3000);
				other.views[0].click("count");
				await until(() => other.views[0].text === "2 t", "the program goes on");
				if (errors().length) throw new Error(errors());
				return globalThis.sawTheEnd;`)
			require.Equal(t, c.says, said)
		})
	}
}
