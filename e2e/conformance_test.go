package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/conformance"
)

// withPrograms serves gocomm, and three more programs as extensions of their own.
var withPrograms = setup{
	name: "programs",
	nbextensions: func(t *testing.T) string {
		dir := withProbe.nbextensions(t)
		copyFile(t, "testdata/conformance/main.js", filepath.Join(dir, "conformance", "main.js"))
		for _, name := range []string{"conformance.wasm.gz", "conformance.wasm.js"} {
			copyFile(t, filepath.Join(fixture.root, "dist", "web", name), filepath.Join(dir, "conformance", name))
		}
		return dir
	},
	enable: []string{"gocomm/main", "gocomm/cookbook", "probe/main", "conformance/main"},
}

// TestConformance runs the cases that hold commmgrtest's kernel, on a real one.
func TestConformance(t *testing.T) {
	forHosts(t, withPrograms, func(t *testing.T, h *host) {
		h.AddFile(t, "testdata/conformance/conformance.py")
		p := newProxy(t, h)
		page := newPage(t)
		d := &conformanceDriver{page: page, proxy: p, kernel: "Jupyter.notebook.kernel", restart: page.RestartKernel, reload: page.Reload}
		require.NoError(t, page.OpenNotebook(p.through(h.NewNotebook(t))))
		d.run(t)
	})
}

type conformanceDriver struct {
	page            *browse.Page
	proxy           *proxy
	kernel          string // an expression that gives the page's kernel object
	restart, reload func() error
	reconnect       func() error // nil: the kernel object tries often enough by itself
}

func (d *conformanceDriver) run(t *testing.T) {
	d.loaded(t)
	d.exec(t, `%run conformance.py`)
	conformance.Run(t, d)
}

func (d *conformanceDriver) loaded(t *testing.T) {
	t.Helper()
	require.NoError(t, d.page.WaitKernel(d.kernel))
	require.NoError(t, d.page.Wait(d.kernel+`[Symbol.for("gocomm.hub.2")].claims.has("conformance.frames") && typeof conformanceOrder === "function"`, soon))
}

// exec runs code in the kernel, in no cell, and gives what it prints.
func (d *conformanceDriver) exec(t *testing.T, code string) string {
	t.Helper()
	out, err := browse.Eval[string](d.page, `new Promise((done, failed) => {
		let out = "", error = "";
		`+d.kernel+`.execute(`+quoted(t, code)+`, {iopub: {
			output: m => { if (m.header.msg_type === "stream") out += m.content.text; if (m.header.msg_type === "error") error = m.content.traceback.join("\n"); },
			status: m => { if (m.content.execution_state === "idle") error ? failed(new Error(error)) : done(out); },
		}}, {silent: false, store_history: false});
	})`)
	require.NoError(t, err)
	return strings.TrimSpace(out)
}

// literal makes a Python expression of a value.
func literal(t *testing.T, v any) string {
	t.Helper()
	return "json.loads(" + quoted(t, quoted(t, v)) + ")"
}

func binary(buffers [][]byte) string {
	var list []string
	for _, b := range buffers {
		list = append(list, `base64.b64decode("`+base64.StdEncoding.EncodeToString(b)+`")`)
	}
	return "[" + strings.Join(list, ", ") + "]"
}

func (d *conformanceDriver) Open(t *testing.T, target string, data any, buffers ...[]byte) conformance.Comm {
	return kernelComm{d, d.exec(t, fmt.Sprintf(`do_open(%q, %s, %s)`, target, literal(t, data), binary(buffers)))}
}

func (d *conformanceDriver) Listen(t *testing.T, target string) {
	d.exec(t, fmt.Sprintf(`do_listen(%q)`, target))
}

func (d *conformanceDriver) Opened(t *testing.T, target string) (all []conformance.Comm) {
	var ids []string
	require.NoError(t, json.Unmarshal([]byte(d.exec(t, fmt.Sprintf(`print(json.dumps(opened[%q]))`, target))), &ids))
	for _, id := range ids {
		all = append(all, kernelComm{d, id})
	}
	return all
}

func (d *conformanceDriver) Said(*testing.T) (lines []string) {
	for _, m := range d.page.Console() {
		if line, ok := strings.CutPrefix(m.Text, "conformance: "); ok && m.Level == "log" {
			lines = append(lines, line)
		}
	}
	return lines
}

func (d *conformanceDriver) Restart(t *testing.T) {
	require.NoError(t, d.restart())
	require.NoError(t, d.page.WaitKernel(d.kernel))
	d.exec(t, `%run conformance.py`)
}

func (d *conformanceDriver) Reload(t *testing.T) {
	require.NoError(t, d.reload())
	d.loaded(t)
}

func (d *conformanceDriver) Drop(t *testing.T, meanwhile func()) {
	d.proxy.cut(false)
	require.NoError(t, d.page.Wait(`!`+d.kernel+`.is_connected()`, soon))
	meanwhile()
	d.proxy.mend()
	if d.reconnect != nil {
		require.NoError(t, d.reconnect())
	}
	require.NoError(t, d.page.Wait(d.kernel+`.is_connected()`, 2*soon))
	require.NoError(t, d.page.WaitKernel(d.kernel))
}

func (d *conformanceDriver) Order(t *testing.T, order string) {
	_, err := browse.EvalTimeout[bool](d.page, `conformanceOrder(`+quoted(t, order)+`).then(() => true)`, 15*time.Second)
	require.NoError(t, err)
}

type kernelComm struct {
	d  *conformanceDriver
	id string
}

func (c kernelComm) Send(t *testing.T, data any, buffers ...[]byte) {
	c.d.exec(t, fmt.Sprintf(`comms[%q].send(%s, buffers=%s)`, c.id, literal(t, data), binary(buffers)))
}

func (c kernelComm) Close(t *testing.T, data any) {
	c.d.exec(t, fmt.Sprintf(`comms[%q].close(%s)`, c.id, literal(t, data)))
}

func (c kernelComm) CloseAgain(t *testing.T) {
	c.d.exec(t, fmt.Sprintf(`do_close_again(%q)`, c.id))
}

func (c kernelComm) Received(t *testing.T) (all []conformance.Message) {
	require.NoError(t, json.Unmarshal([]byte(c.d.exec(t, fmt.Sprintf(`print(json.dumps(received[%q]))`, c.id))), &all))
	return all
}
