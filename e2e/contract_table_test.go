package e2e

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/internal/jupyter"
)

var update = flag.Bool("update", false, "write docs/contract.md from what the tests have seen")

// An outcome is what a check has shown on a page.
type outcome string

const (
	kept   outcome = "kept"
	defect outcome = "defect"
	better outcome = "better"
	fails  outcome = "fails"
)

type column struct {
	host    jupyter.Host
	manager string
}

// outcomes are what was seen.
type outcomes struct {
	mu   sync.Mutex
	seen map[place]outcome
}

// A place in the table: the number of the check, and the column.
type place struct {
	check int
	column
}

func (o *outcomes) add(i int, c column, seen outcome) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seen[place{i, c}] = seen
}

var contractColumns = []column{{jupyter.H1, "stock"}, {jupyter.H2, "stock"}, {jupyter.H1, "gocomm"}, {jupyter.H2, "gocomm"}}

const contractHead = `# The contract with classic Notebook's scripts

This table lists what scripts on a notebook's page expect of ` + "`kernel.comm_manager`" + `, and where the stock comm
manager does not do it. Each line is a check that ran on real notebook pages, with the stock manager as
the control, and with gocomm in its place. H1 is nbclassic with ipywidgets 8, H2 is Notebook 6.4 with
ipywidgets 7. ` + "`go test ./e2e -run TestContract -update`" + ` writes this file; without ` + "`-update`" + ` the test
fails when the results differ.

*kept*: as expected. *defect*: not as expected. *better*: as expected, where the stock manager has a
defect.

| item | what is expected | stock H1 | stock H2 | gocomm H1 | gocomm H2 | the defect |
|---|---|---|---|---|---|---|
`

func (o *outcomes) table() string {
	var b strings.Builder
	b.WriteString(contractHead)
	for i, c := range contract() {
		fmt.Fprintf(&b, "| %s | %s |", c.item, strings.ReplaceAll(c.title, "|", "\\|"))
		for _, column := range contractColumns {
			fmt.Fprintf(&b, " %s |", o.seen[place{i, column}])
		}
		fmt.Fprintf(&b, " %s |\n", c.defect)
	}
	return b.String()
}

// write compares docs/contract.md with the outcome, or writes it.
func (o *outcomes) write(t *testing.T) {
	t.Helper()
	for i := range contract() {
		for _, c := range contractColumns {
			if _, ran := o.seen[place{i, c}]; !ran {
				t.Log("docs/contract.md is not looked at: only some of the checks were run")
				return
			}
		}
	}
	path := filepath.Join(fixture.root, "docs", "contract.md")
	if *update {
		require.False(t, t.Failed(), "docs/contract.md is not written: checks have failed")
		require.NoError(t, os.WriteFile(path, []byte(o.table()), 0o644))
		return
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err, "write it with `go test ./e2e -run TestContract -update`")
	require.Equal(t, string(text), o.table(), "docs/contract.md is not what was seen: look at the difference, and write it anew with `go test ./e2e -run TestContract -update`")
}
