package browse

import (
	"fmt"
	"time"
)

// Pages of JupyterLab and Notebook 7. Their servers are started so that the page has its application as a global.

const labPanel = `jupyterapp.shell.currentWidget`

// OpenLab loads a notebook's page of JupyterLab or Notebook 7, and waits until its kernel answers.
func (p *Page) OpenLab(url string) error {
	if err := p.LoadNotebook(url); err != nil {
		return err
	}
	return p.waitLab()
}

// ReloadLab loads the page anew, leaving the kernel as it is, and waits as OpenLab does.
func (p *Page) ReloadLab() error {
	if _, err := Eval[Void](p, `void (window.__browseOldPage = true, window.onbeforeunload = null)`); err != nil {
		return err
	}
	if err := p.Navigate(p.url); err != nil {
		return err
	}
	if err := p.Wait(`!window.__browseOldPage`, loadTimeout); err != nil {
		return err
	}
	return p.waitLab()
}

func (p *Page) waitLab() error {
	return p.Wait(`(async () => {
	const context = `+labPanel+`.sessionContext;
	if (!context.isReady || !`+labPanel+`.content.model || context.session?.kernel?.connectionStatus !== 'connected') return false;
	return !!(await context.session.kernel.requestKernelInfo());
})()`, loadTimeout)
}

// RunLabCell executes cell i and waits for its reply.
func (p *Page) RunLabCell(i int) error {
	ok, err := EvalTimeout[bool](p, runLabCell(i), 2*time.Minute)
	if err != nil {
		return err
	}
	if !ok {
		out, _ := Eval[string](p, LabCell(i)+`.innerText`)
		return p.fail("cell %d failed: %s", i, short(out))
	}
	return nil
}

// StartLabCell executes cell i and returns at once.
func (p *Page) StartLabCell(i int) error {
	_, err := Eval[Void](p, `void `+runLabCell(i))
	return err
}

func runLabCell(i int) string {
	return fmt.Sprintf(`(async () => {
	const notebook = %s.content;
	notebook.activeCellIndex = %d;
	notebook.deselectAll();
	return await jupyterapp.commands.execute('notebook:run-cell');
})()`, labPanel, i)
}

// AddLabCell appends a code cell and returns its index.
func (p *Page) AddLabCell(source string) (int, error) {
	return Eval[int](p, `(() => {
	const notebook = `+labPanel+`.content, cells = notebook.model.sharedModel;
	const i = cells.cells.length;
	cells.insertCell(i, {cell_type: 'code', source: `+quote(source)+`});
	return i;
})()`)
}

// SaveLab saves the notebook.
func (p *Page) SaveLab() error {
	_, err := Eval[Void](p, labPanel+`.context.save().then(() => {})`)
	return err
}

// LabTheme changes the theme, such as to "JupyterLab Dark".
func (p *Page) LabTheme(name string) error {
	_, err := Eval[Void](p, `jupyterapp.commands.execute('apputils:change-theme', {theme: `+quote(name)+`}).then(() => {})`)
	if err != nil {
		return err
	}
	return p.Wait(`!document.querySelector('#jupyterlab-splash') && document.body.dataset.jpThemeName === `+quote(name), elementTimeout)
}

// LabCell gives the element of cell i, as JavaScript.
func LabCell(i int) string { return fmt.Sprintf(`%s.content.widgets[%d].node`, labPanel, i) }

// ClassicCell gives the element of cell i of a classic page, as JavaScript.
func ClassicCell(i int) string { return fmt.Sprintf(`Jupyter.notebook.get_cell(%d).element[0]`, i) }

// Python runs code in the kernel of any page's notebook, beside its cells, and returns what it printed.
func (p *Page) Python(code string) (string, error) {
	const js = `new Promise((done, failed) => {
	const code = %s;
	let text = '';
	const output = msg => {
		const c = msg.content;
		if (msg.header.msg_type === 'stream') text += c.text;
		if (msg.header.msg_type === 'error') failed(new Error(c.ename + ': ' + c.evalue));
	};
	if (window.jupyterapp) {
		const future = %s.sessionContext.session.kernel.requestExecute({code, store_history: false, stop_on_error: false});
		future.onIOPub = output;
		future.done.then(() => done(text), failed);
		return;
	}
	Jupyter.notebook.kernel.execute(code, {iopub: {output, status: msg => { if (msg.content.execution_state === 'idle') done(text) }}}, {silent: false, store_history: false, stop_on_error: false});
})`
	return EvalTimeout[string](p, fmt.Sprintf(js, quote(code), labPanel), 2*time.Minute)
}
