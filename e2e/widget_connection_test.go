package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/internal/jupyter"
)

// aside opens another connection to the page's kernel, as another page would, and gives what runs code there.
func (p *paper) aside(t *testing.T) (run func(code string)) {
	t.Helper()
	id := p.python(t, `import re; print(re.search("kernel-(.+?).json", get_ipython().kernel.config["IPKernelApp"]["connection_file"])[1])`)
	p.do(t, fmt.Sprintf(`void (window.aside = new WebSocket("ws://" + location.host + "/api/kernels/%s/channels?session_id=%s"))`, id, asideSession))
	p.do(t, `void (aside.replies = 0, aside.onmessage = e => aside.replies += e.data.includes?.('"execute_reply"') ?? 0)`)
	require.NoError(t, p.Wait(`aside.readyState === 1`, soon))
	n := 0
	return func(code string) {
		p.do(t, fmt.Sprintf(`aside.send(JSON.stringify({
			channel: "shell", parent_header: {}, metadata: {}, buffers: [],
			header: { msg_id: crypto.randomUUID(), msg_type: "execute_request", session: "%s", username: "", version: "5.3", date: new Date().toISOString() },
			content: { code: %s, silent: false, store_history: false, user_expressions: {}, allow_stdin: false },
		}))`, asideSession, quoted(t, code)))
		n++
		require.NoError(t, p.Wait(fmt.Sprintf(`aside.replies === %d`, n), soon))
	}
}

// TestWidgetConnection sends more than the server takes: Go is told, and the connection stays. Then it loses the
// connection, and what the kernel says meanwhile: Go hears of that, and has the kernel's state.
func TestWidgetConnection(t *testing.T) {
	sideBySide(t, []jupyter.Host{jupyter.H1, jupyter.Lab}, func(t *testing.T, name jupyter.Host) {
		h := startWidgetHost(t, name)
		addProbe(t, h)
		proxy := newProxy(t, h)
		p := openPaperAt(t, h, proxy.through(h.NewNotebook(t, agreeing)))
		p.run(t, 0)
		require.NoError(t, p.Wait(p.in(0, "output")+`?.textContent === "0 "`, soon))
		p.python(t, `import time; answers = []
probe.on_msg(lambda _, content, buffers: answers.append(content))`)
		aside := p.aside(t)

		for order, op := range map[string]string{`{"op": "send big", "size": 12 << 20}`: "send", `{"op": "set big", "size": 9 << 20}`: "update"} {
			p.python(t, `answers.clear(); probe.send(`+order+`)`)
			p.pythonPrints(t, "1", `print(len(answers))`)
			answer := p.python(t, `print(answers[0]["error"], answers[0]["value"])`)
			require.Contains(t, answer, "widget: "+op+": ")
			require.Contains(t, answer, "bytes, more than the 8388608 of the setting maxSend; send it in parts, or raise maxSend and the server's websocket_max_message_size")
			require.Regexp(t, " 0$", answer, "Go's state is as before")
		}
		require.Equal(t, "0", p.python(t, `print(len(probe.bytes))`))
		p.python(t, `answers.clear(); probe.send({"op": "set big", "size": 7 << 20})`)
		p.pythonPrints(t, fmt.Sprint(7<<20), `print(len(probe.bytes))`)
		// The kernel is at work: the first one travels, and the others would do so together.
		p.python(t, `answers.clear()
for order in {"size": 5_000_000}, {"size": 5_000_000, "fields": ["frame"]}, {"size": 5_100_000}: probe.send({"op": "set big", **order})
time.sleep(1)`)
		p.pythonPrints(t, "3", `print(len(answers))`)
		require.Contains(t, p.python(t, `print([a.get("error") for a in answers])`), `[None, None, 'widget: update: the traits "frame", "bytes": the message has 10`)
		p.pythonPrints(t, "5000000 5000000", `print(len(probe.bytes), len(probe.frame))`)
		require.Equal(t, "[]", p.python(t, `print([a for a in answers if a.get("re") == "gap"])`), "the connection has been lost")

		proxy.cut(false)
		aside(`probe.value = 5`)
		proxy.mend()
		require.NoError(t, p.Wait(p.in(0, "output")+`.textContent === "5 "`, 10*time.Second))
		p.pythonPrints(t, "['gap']", `print([a["re"] for a in answers if a.get("re") == "gap"])`)
		require.NoError(t, p.Click(p.in(0, "button.count")))
		p.pythonPrints(t, "6", `print(probe.value)`)
	})
}
