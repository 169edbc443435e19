package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/internal/jupyter"
)

// TestPython runs the tests of the Python package, with the kernel of each host.
func TestPython(t *testing.T) {
	t.Parallel()
	sideBySide(t, jupyter.Hosts(), func(t *testing.T, name jupyter.Host) {
		python := filepath.Join(fixture.envs, string(name), "bin", "python")
		cmd := exec.CommandContext(t.Context(), python, "-W", "ignore", "-m", "unittest", "discover", "-v", "-s", "nbextension/tests")
		cmd.Dir = fixture.root
		cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "PYTHONPATH="+filepath.Join(fixture.root, "nbextension"),
			"IPYTHONDIR="+t.TempDir(), "JUPYTER_RUNTIME_DIR="+t.TempDir())
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Regexp(t, `Ran [1-9][0-9]* tests`, string(out))
	})
}
