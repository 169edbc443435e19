package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// A life is a notebook page whose kernels end, with comms of all kinds: of Go, of
// JavaScript, of a widget.
type life struct {
	*desk
	proxy *proxy
	ids   []string // of the comms that the kernel and the page have
	seen  int      // frames on the wire before the end
}

// openLife opens the page, behind a proxy.
func openLife(t *testing.T, h *host) *life {
	t.Helper()
	h.AddFile(t, "testdata/probe/probe.py")
	l := &life{proxy: newProxy(t, h)}
	l.desk = &desk{Page: newPage(t), host: h, manager: "replace"}
	l.load(t, l.proxy.through(h.NewNotebook(t, widgetImports+"\n%run probe.py", `s = IntSlider(value=3, description="lasts"); s`)))
	ready(t, l.Page, "probe.life")
	js, err := os.ReadFile("testdata/lifecycle/life.js")
	require.NoError(t, err)
	_, err = browse.Eval[browse.Void](l.Page, string(js))
	require.NoError(t, err)
	return l
}

// begin has comms opened on the kernel that is there.
func (l *life) begin(t *testing.T) {
	t.Helper()
	require.NoError(t, l.RunCellWait(0))
	l.run(t, 1)
	l.text(t, readout, 0, "3")
	opened := l.ask(t, `comms = [open_comm(to) for to in ["probe.life", "probe.life", "js.plain", "js.asked"]]`, `[c.comm_id for c in comms]`)
	require.NoError(t, json.Unmarshal([]byte(opened), &l.ids))
	for _, id := range l.ids[2:] {
		require.NoError(t, l.Wait(fmt.Sprintf(`%q in Jupyter.notebook.kernel.comm_manager.comms`, id), soon))
	}
	front, err := browse.Eval[[]string](l.Page, `life.begin()`)
	require.NoError(t, err)
	l.ids = append(l.ids, front...)
	l.has(t, `2`, `len(opened)`)
	l.seen = len(l.Wire())
}

// ended looks at what has become of the comms when the next kernel is there, and how
// many gaps were reported before.
func (l *life) ended(t *testing.T, gaps int) {
	t.Helper()
	require.NoError(t, l.Wait(`life.goEnds().length === 2`, soon))
	require.NoError(t, l.Wait(`life.settled()`, 2*soon))
	require.NoError(t, l.WaitKernelReady())
	got, err := browse.Eval[struct {
		Epochs, Gaps, Left int
		Go, Closes, Wrong  []string
		Overdue            bool
		Closed             [][]string
		Sends              map[string]string
		Told               map[string][]string
	}](l.Page, `life.ended()`)
	require.NoError(t, err)

	const gone = "its kernel was restarted, changed or shut down"
	require.Equal(t, 1, got.Epochs, "epochs")
	require.Len(t, got.Go, 2)
	for i, line := range got.Go {
		require.Contains(t, line, "ended: commmgr: "+gone+"; a late send: ")
		require.Contains(t, line, "the comm is closed: "+gone+"; open a new comm")
		require.True(t, slices.ContainsFunc(l.ids[:2], func(id string) bool { return strings.HasPrefix(line, "probe: life "+id) }), line)
		require.False(t, slices.Contains(got.Go[:i], line), "closed twice: %s", line)
	}
	require.False(t, got.Overdue, "a comm had not ended 1 s after the first sign of its kernel's end")
	require.Equal(t, [][]string{{"asked", gone}}, got.Closed, "on_close is for those who ask")
	// JavaScript's late sends throw nothing. The console has a line for each comm.
	const id = `returned "ID"`
	require.Equal(t, map[string]string{"plain": id, "asked": id, "front": id, "foreign": id}, got.Sends)
	require.Equal(t, []string{id, id, id, id}, got.Closes)
	said := func(target string) []string {
		return []string{"gocomm: comm_msg: comm ID (target " + target + "): " + gone + "; nothing is sent; open a new comm (this is said once for a comm)"}
	}
	require.Equal(t, map[string][]string{
		"plain": said("js.plain"), "asked": said("js.asked"), "front": said("py.target"), "foreign": said("py.target"),
	}, got.Told)
	require.Empty(t, got.Wrong, "sends while the kernel ends")
	require.Equal(t, gaps, got.Gaps, "an end is no gap")
	require.Zero(t, got.Left, "dead comms among the manager's")
	for _, f := range l.Wire()[l.seen:] {
		require.False(t, f.Direction == browse.Sent && slices.Contains(l.ids, f.CommID), "sent on a dead comm: %v", f)
	}
	l.text(t, readout, 0, "3") // the widget is still there
	kept, err := browse.Eval[bool](l.Page, `!!Jupyter.notebook.toJSON().cells[1].outputs[0].data["application/vnd.jupyter.widget-view+json"].model_id`)
	require.NoError(t, err)
	require.True(t, kept, "the widget's model_id in the notebook")
}

// TestKernelLife ends a page's kernels in all ways, and cuts its connection. Each step
// begins with the kernel that the one before has left.
func TestKernelLife(t *testing.T) {
	forHosts(t, withProbe, func(t *testing.T, h *host) {
		l := openLife(t, h)
		end := func(how func(t *testing.T), gaps int) func(t *testing.T) {
			return func(t *testing.T) {
				l.begin(t)
				how(t)
				l.ended(t, gaps)
			}
		}
		for _, step := range []struct {
			name string
			run  func(t *testing.T)
		}{
			{"restart", end(func(t *testing.T) { l.js(t, `kernel.restart()`) }, 0)},
			{"restart with messages waiting", end(l.restartWaiting, 0)},
			{"restart unheard, with messages waiting", end(l.restartUnheard, 1)},
			{"death", end(l.death, 0)},
			{"another kernel", end(func(t *testing.T) { l.js(t, `Jupyter.notebook.start_session(kernel.name)`) }, 0)},
			{"shutdown and start", end(l.shutdown, 0)},
			{"restart by another page", end(l.restartElsewhere, 0)},
			{"drop", func(t *testing.T) { l.drop(t, false) }},
			{"reset", func(t *testing.T) { l.drop(t, true) }},
			{"interrupt", l.interrupt},
		} {
			if !t.Run(step.name, step.run) {
				return
			}
		}
		require.Empty(t, l.errors())
	})
}

func quoted(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

func (l *life) js(t *testing.T, code string) {
	t.Helper()
	_, err := browse.Eval[browse.Void](l.Page, `(() => { const {kernel} = Jupyter.notebook; void `+code+` })()`)
	require.NoError(t, err)
}

// waiting is what the page sends while there is no connection: the executions are to
// arrive, in order, and what is sent on comms is not, where there is another kernel then.
const waiting = `
	kernel.execute("first = 1");
	for (const comm of Object.values(life.comms)) {
		comm.send("waits");
		comm.send("waits", undefined, undefined, [new Uint8Array(3)]);
		kernel.execute("first += 1");
	}
	kernel.comm_manager.new_comm("py.target", {waits: true});`

func (l *life) waited(t *testing.T) {
	t.Helper()
	l.proxy.mend()
	require.NoError(t, l.Wait(`Jupyter.notebook.kernel.is_connected()`, soon))
	require.NoError(t, l.WaitKernelReady())
	l.has(t, `[5, false]`, `[first, "seen" in globals()]`)
}

func (l *life) restartWaiting(t *testing.T) {
	// The kernel object would connect again in the middle of the restart, and lose what it has sent.
	l.js(t, `(kernel._schedule_reconnect = () => {})`)
	l.proxy.cut(false)
	require.NoError(t, l.Wait(`!Jupyter.notebook.kernel.is_connected()`, soon))
	l.js(t, `(() => {
		delete kernel._schedule_reconnect;`+waiting+`
		kernel.restart(() => { life.restarted = true; });
	})()`)
	require.NoError(t, l.Wait(`life.restarted`, soon)) // the old kernel would take what waits
	l.waited(t)
}

// restartUnheard: the page learns of the restart from the kernel to which it gets connected.
func (l *life) restartUnheard(t *testing.T) {
	l.proxy.cut(true)
	require.NoError(t, l.Wait(`!Jupyter.notebook.kernel.is_connected()`, soon))
	l.js(t, `(() => {`+waiting+`
		const done = () => { life.unheard = true; };
		require(["base/js/utils"], (utils) => utils.ajax(utils.url_path_join(kernel.kernel_url, "restart"), {type: "POST", success: done}));
	})()`)
	require.NoError(t, l.Wait(`life.unheard`, soon))
	l.waited(t)
}

func (l *life) death(t *testing.T) {
	l.js(t, `kernel.execute("import os; os.kill(os.getpid(), 9)")`)
	require.NoError(t, l.Click(`document.querySelector(".modal.in .btn")`)) // it will restart automatically
	require.NoError(t, l.Wait(`!document.querySelector(".modal.in, .modal-backdrop")`, soon))
}

func (l *life) shutdown(t *testing.T) {
	l.js(t, `Jupyter.notebook.session.delete(() => { life.gone = true; }, () => { life.gone = true; })`)
	require.NoError(t, l.Wait(`life.gone && life.closed.length && !Jupyter.notebook.kernel.is_connected()`, soon))
	l.js(t, `Jupyter.notebook.start_session(kernel.name)`)
}

func (l *life) restartElsewhere(t *testing.T) {
	other, err := l.NewTab()
	require.NoError(t, err)
	defer func() {
		dump(t, other)
		_, _ = browse.Eval[browse.Void](other, `void (window.onbeforeunload = null)`)
		_ = other.CloseTab()
	}()
	url, err := browse.Eval[string](l.Page, `location.href`)
	require.NoError(t, err)
	require.NoError(t, other.OpenNotebook(url))
	require.NoError(t, other.WaitKernelReady())
	require.NoError(t, other.RestartKernel())
	require.NoError(t, l.Wait(`life.closed.length`, soon))
}

// interrupt is no end.
func (l *life) interrupt(t *testing.T) {
	l.begin(t)
	i, err := l.AddCells("print('sleeps', flush=True)\ntime.sleep(60)")
	require.NoError(t, err)
	require.NoError(t, l.RunCell(i))
	require.NoError(t, l.WaitOutput(i, "sleeps", soon))
	l.js(t, `kernel.interrupt()`)
	require.NoError(t, l.WaitOutput(i, "KeyboardInterrupt", soon))
	require.NoError(t, l.WaitKernelReady()) // until then it aborts what is to be executed
	l.exec(t, `comms[1].send("still there"); comms[2].send("still there")`)
	l.has(t, `"still there"`, `got["probe.life"][-1] if got["probe.life"] else None`)
	require.NoError(t, l.Wait(`life.got[0] === "still there" && life.sends().plain.startsWith("returned") && !life.closed.length`, soon))
	l.works(t, 7)
}
