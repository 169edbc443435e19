package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// aside opens another connection to the page's kernel, as another page would, and gives what runs code there.
func (p *paper) aside(t *testing.T) (run func(code string)) {
	t.Helper()
	id := p.python(t, `import re; print(re.search("kernel-(.+?).json", get_ipython().kernel.config["IPKernelApp"]["connection_file"])[1])`)
	p.do(t, fmt.Sprintf(`void (window.aside = new WebSocket("ws://" + location.host + "/api/kernels/%s/channels?session_id=%s"))`, id, asideSession))
	require.NoError(t, p.Wait(`aside.readyState === 1`, soon))
	return func(code string) {
		p.do(t, fmt.Sprintf(`aside.send(JSON.stringify({
			channel: "shell", parent_header: {}, metadata: {}, buffers: [],
			header: { msg_id: crypto.randomUUID(), msg_type: "execute_request", session: "%s", username: "", version: "5.3", date: new Date().toISOString() },
			content: { code: %s, silent: false, store_history: false, user_expressions: {}, allow_stdin: false },
		}))`, asideSession, quoted(t, code)))
	}
}

func TestWidgetGap(t *testing.T) {
	forWidgetHosts(t, func(t *testing.T, h *host) {
		addExample(t, h, "counter")
		proxy := newProxy(t, h)
		p := openPaperAt(t, h, proxy.through(h.NewNotebook(t, `from counter import Counter
counter = Counter(value=3)
counter`)))
		p.run(t, 0)
		p.counts(t, 0, 3)
		aside := p.aside(t)
		time.Sleep(time.Second)
		proxy.cut(false)
		aside(`counter.value = 5`)
		time.Sleep(2 * time.Second)
		proxy.mend()
		start := time.Now()
		p.counts(t, 0, 5)
		t.Logf("%v", time.Since(start))
	})
}
