package browse

import (
	"fmt"
	"strings"
	"time"
)

// CellError tells that a cell ran and failed.
type CellError struct {
	Cell   int
	Status string // of the execute_reply: "error", "aborted"
	Name   string // the exception's class
	Value  string
}

func (e *CellError) Error() string {
	return fmt.Sprintf("browse: cell %d: %s %s: %s", e.Cell, e.Status, e.Name, e.Value)
}

// AddCells appends code cells and returns the index of the first one.
func (p *Page) AddCells(sources ...string) (int, error) {
	return Eval[int](p, `(() => {
		const first = Jupyter.notebook.ncells();
		for (const source of `+quote(sources)+`) Jupyter.notebook.insert_cell_at_bottom('code').set_text(source);
		return first;
	})()`)
}

// runJS defines run(i): it executes cell i and returns a promise of its reply's
// content, settled once the kernel is idle again and its outputs are in the
// notebook. It looks at the messages through the callbacks of the execution, as
// the events do not tell a reply from another.
const runJS = `const run = i => {
	const cell = Jupyter.notebook.get_cell(i);
	if (!cell) throw new Error('there is no cell ' + i + ' (the notebook has ' + Jupyter.notebook.ncells() + ')');
	if (cell.cell_type !== 'code') return Promise.resolve({status: 'ok'});
	cell.execute();
	const kernel = Jupyter.notebook.kernel;
	if (!kernel) throw new Error('cell ' + i + ' cannot run: the notebook has no kernel');
	if (!cell.last_msg_id) return Promise.resolve({status: 'ok'}); // an empty cell is not sent
	const callbacks = kernel.get_callbacks_for_msg(cell.last_msg_id);
	const reply = new Promise(done => {
		const stock = callbacks.shell.reply;
		callbacks.shell.reply = msg => { try { stock(msg) } finally { done(msg.content) } };
	});
	const idle = new Promise(done => {
		const stock = callbacks.iopub.status;
		callbacks.iopub.status = msg => { if (stock) stock(msg); if (msg.content.execution_state === 'idle') done() };
	});
	return Promise.all([reply, idle]).then(([content]) => content);
};
`

type reply struct {
	Status string `json:"status"`
	Name   string `json:"ename"`
	Value  string `json:"evalue"`
}

// RunCell executes cell i and returns at once.
func (p *Page) RunCell(i int) error {
	_, err := Eval[Void](p, fmt.Sprintf(`(() => { %s void run(%d) })()`, runJS, i))
	return err
}

// RunCellWait executes cell i and waits for its reply and until the kernel has
// gone idle. A cell that raises gives a *[CellError].
func (p *Page) RunCellWait(i int) error {
	return p.runWait(fmt.Sprintf(`[%d]`, i))
}

// RunAll executes all cells and returns at once.
func (p *Page) RunAll() error {
	_, err := Eval[Void](p, `void Jupyter.notebook.execute_all_cells()`)
	return err
}

// RunAllWait executes all cells at once, as the menu does, and waits for the
// last one. The first cell that failed gives a *[CellError].
func (p *Page) RunAllWait() error {
	return p.runWait(`Jupyter.notebook.get_cells().map((_, i) => i)`)
}

func (p *Page) runWait(cells string) error {
	// Aborted cells get replies too, so all of them settle.
	got, err := EvalTimeout[[]struct {
		Cell  int   `json:"cell"`
		Reply reply `json:"reply"`
	}](p, `(() => { `+runJS+` return Promise.all(`+cells+`.map(i => run(i).then(reply => ({cell: i, reply})))) })()`, 2*time.Minute)
	if err != nil {
		return err
	}
	for _, g := range got {
		if r := g.Reply; r.Status != "ok" {
			return &CellError{Cell: g.Cell, Status: r.Status, Name: r.Name, Value: r.Value}
		}
	}
	return nil
}

// CellOutput returns the text of a cell's outputs, from the notebook's model:
// streams, text/plain of results and displays, "Name: value" of errors.
func (p *Page) CellOutput(i int) (string, error) {
	parts, err := Eval[[]string](p, fmt.Sprintf(`(() => {
		const cell = Jupyter.notebook.get_cell(%d);
		if (!cell || !cell.output_area) throw new Error('cell %[1]d is not a code cell');
		const text = v => Array.isArray(v) ? v.join('') : v === undefined ? '' : String(v);
		return cell.output_area.outputs.map(o =>
			o.output_type === 'stream' ? text(o.text) :
			o.output_type === 'error' ? o.ename + ': ' + o.evalue + '\n' :
			text(o.data && o.data['text/plain']) + '\n');
	})()`, i))
	return strings.Join(parts, ""), err
}

// WaitOutput waits until the text of a cell's outputs contains a string.
func (p *Page) WaitOutput(i int, contains string, timeout time.Duration) error {
	deadline := time.Now().Add(timeout)
	for {
		out, err := p.CellOutput(i)
		if err != nil {
			return err
		}
		if strings.Contains(out, contains) {
			return nil
		}
		if time.Now().After(deadline) {
			return p.fail("cell %d did not print %q within %v; its output: %q", i, contains, timeout, out)
		}
		time.Sleep(25 * time.Millisecond)
	}
}
