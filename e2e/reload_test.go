package e2e

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// reloading is withProbe on a server with gocomm's part in it, as the wheel has it.
var reloading = setup{
	name: "reloading", nbextensions: withProbe.nbextensions, enable: withProbe.enable,
	settings: fmt.Sprintf(`
import sys
sys.path.append(%q)
c.ServerApp.jpserver_extensions.update({"gocomm.server": True})
c.NotebookApp.nbserver_extensions.update({"gocomm.server": True})
`, pythonPackage),
}

// pythonPackage is the folder of the built Python package.
var pythonPackage, _ = filepath.Abs("../dist/python")

// TestReloadGoesOn loads pages again while a cell is at work.
func TestReloadGoesOn(t *testing.T) {
	forHosts(t, reloading, func(t *testing.T, h *host) {
		h.AddFile(t, "testdata/probe/probe.py")
		const lines = 250
		page := openNotebook(t, h, "%run probe.py", fmt.Sprintf(`
import time
for i in range(%d):
    print("line", i, flush=True)
    time.sleep(.03)
i`, lines))
		ready(t, page, "probe.life")
		require.NoError(t, page.RunCellWait(0))
		require.NoError(t, page.RunCell(1))
		for n := range 3 {
			require.NoError(t, page.WaitOutput(1, fmt.Sprint("line ", 10+45*n), soon))
			require.NoError(t, page.Reload())
			require.NoError(t, page.Wait(`Jupyter.notebook.get_cell(1).input_prompt_number === "*"`, soon))
			got, err := browse.Eval[string](page, `JSON.stringify([Jupyter.notebook.get_cell(1).input_prompt_number, Jupyter.notebook.get_cell(1).output_area.outputs.map(o => o.text.length), Jupyter.notebook.kernel.session_id])`)
			require.NoError(t, err)
			t.Log(got)
		}
		require.NoError(t, page.Wait(`Jupyter.notebook.get_cell(1).input_prompt_number > 0`, 20*time.Second))
		out, err := page.CellOutput(1)
		require.NoError(t, err)
		missing := []int{}
		for i := range lines {
			if !strings.Contains("\n"+out, "\n"+fmt.Sprintf("line %d\n", i)) {
				missing = append(missing, i)
			}
		}
		t.Log(missing, len(out))
		for _, m := range page.Console() {
			if strings.Contains(m.Text, "gocomm") {
				t.Log(m.Text)
			}
		}
	})
}
