package e2e

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// TestLabSettings changes gocomm's settings in the Settings Editor, with mouse and keyboard, and has them hold for the kernel that is
// chosen next.
func TestLabSettings(t *testing.T) {
	sideBySide(t, labHosts, func(t *testing.T, name jupyter.Host) {
		h := startShared(t, "settings-", name, labEnv(t)) // of its own: they are the server's
		page := openPaper(t, h, "import ipywidgets\nslider = ipywidgets.IntSlider(value=3)\nslider")
		labReady(t, page.Page)
		edit := settingsEditor(t, page)
		next := func() {
			t.Helper()
			_, err := browse.Eval[browse.Void](page.Page, `(async () => {
				window.former = `+labKernel+`;
				await jupyterapp.shell.currentWidget.sessionContext.changeKernel({name: 'python3'});
			})()`)
			require.NoError(t, err)
			require.NoError(t, page.Wait(labKernel+`?.connectionStatus === 'connected' && former !== `+labKernel, soon))
		}

		edit(func(editor *browse.Page, field func(string) string) {
			require.NoError(t, editor.Click(field("enabled")))
			settingsSaved(t, editor, `{enabled: false}`)
			if name == jupyter.Lab {
				require.NoError(t, editor.Screenshot(filepath.Join(fixture.root, "dist", "e2e", "settings-"+string(name)+".png")))
			}
		})
		require.True(t, eval[bool](t, page.Page, labHub+`.claims.has('my_comm_target')`), "what runs goes on")
		next()
		console(t, page.Page, "gocomm: is switched off in the Settings Editor")
		_, err := browse.Eval[browse.Void](page.Page, `void `+labKernel+`.registerCommTarget('of_lab', comm => { comm.send({stock: true}); })`)
		require.NoError(t, err)
		page.python(t, `from comm import create_comm
got, ended = [], []
of_lab, of_go = create_comm(target_name="of_lab"), create_comm(target_name="my_comm_target")
of_lab.on_msg(lambda m: got.append(m["content"]["data"]))
of_go.on_close(lambda m: ended.append(m["content"]["data"]))`)
		require.Eventually(t, func() bool { return page.python(t, "print(got, ended)") == "[{'stock': True}] [{}]" }, soon, 50*time.Millisecond, "Lab closes what has no target")
		page.run(t, 0)
		page.python(t, "slider.value = 7")
		require.NoError(t, page.Wait(page.in(0, ".widget-readout")+`?.textContent.trim() === '7'`, soon))
		require.True(t, eval[bool](t, page.Page, labKernelObject+` === undefined && !Object.hasOwn(`+labKernel+`, '_handleMessage')`))
		require.Contains(t, eval[string](t, page.Page, `(async () => {
			const {manager} = await globalThis[Symbol.for('gocomm.lab.1')].load();
			return manager(`+labKernel+`).then(() => '', e => e.message);
		})()`), "gocomm is switched off")

		edit(func(editor *browse.Page, field func(string) string) {
			require.NoError(t, editor.Click(field("enabled")))
			for _, set := range []struct{ name, to string }{{"maxSend", "100000"}, {"stallLimit", "300"}} {
				require.NoError(t, editor.Click(field(set.name)))
				require.NoError(t, editor.Press(kb.End+strings.Repeat(kb.Backspace, 10)+set.to))
			}
			settingsSaved(t, editor, `{enabled: true, maxSend: 100000, stallLimit: 300}`)
		})
		next()
		labReady(t, page.Page)
		require.Equal(t, "100000,300", eval[string](t, page.Page, `(() => {
			const {js} = [...`+labHub+`.programs].find(p => p.name === 'cookbook.wasm');
			return [js.maxSend, js.stallLimit].join();
		})()`))
		require.Contains(t, eval[string](t, page.Page, `(async () => {
			const {manager} = await globalThis[Symbol.for('gocomm.lab.1')].load();
			const ours = await manager(`+labKernel+`);
			ours.register_target('never', () => new Promise(() => {}));
			try { ours.new_comm('nobody', 'x'.repeat(100001)); return ''; } catch (e) { return e.message; }
		})()`), "more than the 100000 of the setting maxSend")
		page.python(t, "from comm import create_comm; never = create_comm(target_name='never')")
		console(t, page.Page, "(target never): its handler's promise has not settled for 0.3 s")

		// What is not readable, such as after an edit by hand, is as if it were not set.
		require.NoError(t, page.Respond("*/api/settings/gocomm:plugin*", 500, "application/json", []byte(`{"message": "Failed loading settings"}`)))
		next()
		console(t, page.Page, "gocomm: its settings could not be read", "Failed loading settings")
		labReady(t, page.Page)
	})
}

// settingsSaved waits until the server has these settings of gocomm: the editor saves them a while after the input.
func settingsSaved(t *testing.T, page *browse.Page, want string) {
	t.Helper()
	require.NoError(t, page.Wait(`(async () => {
		const {settings} = await jupyterapp.serviceManager.settings.fetch('gocomm:plugin');
		return Object.entries(`+want+`).every(([name, value]) => settings[name] === value);
	})()`, soon))
}

// settingsEditor gives a function that shows the Settings Editor with gocomm's: in JupyterLab beside the notebook, in Notebook 7 on a
// page of its own. field is the element of a setting.
func settingsEditor(t *testing.T, page *paper) func(use func(editor *browse.Page, field func(string) string)) {
	t.Helper()
	const open = `jupyterapp.commands.execute('settingeditor:open', {query: 'gocomm'}).then(() => {})`
	field := func(name string) string {
		return `document.getElementById('jp-SettingsEditor-gocomm:plugin_` + name + `')`
	}
	var tab *browse.Page
	return func(use func(*browse.Page, func(string) string)) {
		t.Helper()
		if page.host.Name == jupyter.Lab {
			notebook := eval[string](t, page.Page, `jupyterapp.shell.currentWidget.id`)
			_, err := browse.Eval[browse.Void](page.Page, open)
			require.NoError(t, err)
			use(page.Page, field)
			_, err = browse.Eval[browse.Void](page.Page, `void jupyterapp.shell.activateById(`+fmt.Sprintf("%q", notebook)+`)`)
			require.NoError(t, err)
			require.NoError(t, page.Wait(`jupyterapp.shell.currentWidget.id === `+fmt.Sprintf("%q", notebook), soon))
			return
		}
		if tab == nil {
			var err error
			tab, err = page.NewTab()
			require.NoError(t, err)
			t.Cleanup(func() { dump(t, tab); _ = tab.CloseTab() })
			require.NoError(t, tab.Navigate(page.host.URL()+"/tree"))
			require.NoError(t, tab.Wait(`jupyterapp.started.then(() => true)`, soon))
			_, err = browse.Eval[browse.Void](tab, open)
			require.NoError(t, err)
		}
		use(tab, field)
	}
}

// eval gives what an expression of JavaScript gives.
func eval[T any](t *testing.T, page *browse.Page, js string) T {
	t.Helper()
	v, err := browse.Eval[T](page, js)
	require.NoError(t, err)
	return v
}
