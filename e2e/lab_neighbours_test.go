package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// figure is a cell with a figure of ipympl's, whose comm carries pictures and what the mouse does.
const figure = `%matplotlib widget
import matplotlib.pyplot as plt
pressed = []
fig, ax = plt.subplots(num="neighbour")
line, = ax.plot([1, 2, 3])
fig.canvas.mpl_connect("button_press_event", lambda e: pressed.append(e.button))`

// TestLabNeighbours has what else there is in JupyterLab on a kernel with comms of Go's: ipympl, a console that is opened after the
// notebook or before it, a second view of the notebook, a second tab.
func TestLabNeighbours(t *testing.T) {
	t.Parallel()
	h := startLab(t, jupyter.Lab)
	page := openPaper(t, h, "from comm import create_comm\nimport ipywidgets\nslider = ipywidgets.IntSlider(value=3)\nslider", figure)
	labReady(t, page.Page)
	page.run(t, 0)
	page.run(t, 1)
	url := eval[string](t, page.Page, `location.href`)
	value := 3
	// all uses each part once; the comm of Go's has data of its own each time.
	all := func(when string) {
		t.Helper()
		page.python(t, `got = []; c = create_comm(target_name="my_comm_target", data="`+when+`"); c.on_msg(lambda m: got.append(m["content"]["data"]))`)
		require.Equal(t, 1, opened(t, page.Page, when))
		page.pythonPrints(t, `[{'foo': 0}]`, `print(got[:1])`)
		value++
		page.python(t, fmt.Sprintf(`slider.value = %d`, value))
		require.NoError(t, page.Wait(page.in(0, ".widget-readout")+fmt.Sprintf(`?.textContent.trim() === '%d'`, value), soon))
		canvas := page.in(1, ".jupyter-matplotlib-canvas-container canvas")
		require.NoError(t, page.Wait(canvas+`?.width > 0 && (window.picture = `+canvas+`.toDataURL()) !== ''`, soon))
		page.python(t, fmt.Sprintf(`line.set_ydata([1, %d, 3]); fig.canvas.draw()`, 1+2*(value%2)))
		require.NoError(t, page.Wait(canvas+`.toDataURL() !== picture`, soon))
		require.NoError(t, page.Click(page.in(1, ".jupyter-matplotlib-canvas-div")))
		page.pythonPrints(t, `[1]`, `print([int(b) for b in pressed]); pressed.clear() if pressed else None`)
	}
	all("alone")

	// A console on the notebook's kernel, which also opens a comm of Go's.
	_, err := browse.Eval[browse.Void](page.Page, `(async () => {
		window.notebook = jupyterapp.shell.currentWidget;
		window.panel = await jupyterapp.commands.execute('notebook:create-console', {activate: false});
		await panel.sessionContext.ready;
		await panel.console.inject("k = create_comm(target_name='my_comm_target', data='of the console'); print('in the ' + 'console')");
		jupyterapp.shell.activateById(notebook.id);
	})()`)
	require.NoError(t, err)
	require.NoError(t, page.Wait(`jupyterapp.shell.currentWidget === notebook && panel.node.textContent.includes('in the console')`, soon))
	require.True(t, eval[bool](t, page.Page, `(({session}) => session.kernel !== `+labKernel+` && session.kernel.id === `+labKernel+`.id)(panel.sessionContext)`))
	require.Equal(t, 1, opened(t, page.Page, "of the console"))
	all("with a console")

	// A second view of the notebook, which has the same connection, and goes again.
	_, err = browse.Eval[browse.Void](page.Page, `(async () => {
		await jupyterapp.commands.execute('docmanager:clone');
		window.view = jupyterapp.shell.currentWidget;
	})()`)
	require.NoError(t, err)
	require.NoError(t, page.Wait(`view !== notebook && view.content.widgets.length === 2 && view.sessionContext === notebook.sessionContext`, soon))
	_, err = browse.Eval[browse.Void](page.Page, `void jupyterapp.shell.activateById(notebook.id)`)
	require.NoError(t, err)
	require.NoError(t, page.Wait(`jupyterapp.shell.currentWidget === notebook`, soon))
	all("with a second view")
	_, err = browse.Eval[browse.Void](page.Page, `void (view.dispose(), panel.dispose())`)
	require.NoError(t, err)
	require.NoError(t, page.Wait(`view.isDisposed && jupyterapp.shell.currentWidget === notebook`, soon))
	all("after them")

	// A second tab has a program of its own; it goes again, too.
	tab, err := page.NewTab()
	require.NoError(t, err)
	defer func() { dump(t, tab) }()
	require.NoError(t, tab.OpenLab(url))
	labReady(t, tab)
	all("with a second tab")
	require.Equal(t, 1, opened(t, tab, "with a second tab"))
	_, err = browse.Eval[browse.Void](tab, `void (window.onbeforeunload = null)`)
	require.NoError(t, err)
	require.NoError(t, tab.CloseTab())
	all("after the tab")
	for _, m := range page.Console() {
		require.False(t, strings.HasPrefix(m.Text, "gocomm: "), m.Text)
		require.False(t, strings.HasPrefix(m.Text, "cookbook: closed"), m.Text)
	}

	// A console that has the kernel before the notebook has its comms: the notebook says so, and is as Lab makes it.
	_, err = browse.Eval[browse.Void](page.Page, `(async () => {
		window.panel = await jupyterapp.commands.execute('console:create', {path: '', kernelPreference: {name: 'python3'}, activate: false});
		await panel.sessionContext.ready;
		jupyterapp.shell.activateById(notebook.id);
		await notebook.sessionContext.changeKernel({id: panel.sessionContext.session.kernel.id});
	})()`)
	require.NoError(t, err)
	console(t, page.Page, "gocomm: ", "this connection has no comms")
	require.NoError(t, page.Wait(`jupyterapp.shell.currentWidget === notebook`, soon))
	require.Equal(t, "2", page.python(t, "print(1 + 1)"))
	said := 0
	for _, m := range page.Console() {
		if strings.Contains(m.Text, "this connection has no comms") {
			said++
		}
	}
	require.Equal(t, 1, said, "for all programs")
	// The way out that the console says.
	_, err = browse.Eval[browse.Void](page.Page, `void panel.dispose()`)
	require.NoError(t, err)
	page.reload(t)
	labReady(t, page.Page)
	page.run(t, 0)
	page.run(t, 1)
	all("after the console")
}

// opened waits for the cookbook's line of an open with these data, and gives how many there are.
func opened(t *testing.T, page *browse.Page, data string) (n int) {
	t.Helper()
	console(t, page, "cookbook: opened with", `"`+data+`"`)
	for _, m := range page.Console() {
		if strings.HasPrefix(m.Text, `cookbook: opened with "`+data+`"`) {
			n++
		}
	}
	return n
}
