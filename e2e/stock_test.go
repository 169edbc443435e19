package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// stockSeed is a server without gocomm that loads the cookbook's extension, as it is.
var stockSeed = setup{
	name: "stock-seed",
	nbextensions: func(t *testing.T) string {
		dir := filepath.Join(fixture.tmp, "seed-nbextension")
		source, err := os.ReadFile("testdata/seed/comm_extension.js")
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "comm_extension"), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "comm_extension", "main.js"), source, 0o644))
		return dir
	},
	enable: []string{"comm_extension/main"},
}

// TestStock is the control: the cookbook's two files, verbatim, on the stock
// manager. What it asserts of the wire is what gocomm has to do as well.
func TestStock(t *testing.T) {
	forHosts(t, stockSeed, func(t *testing.T, h *host) {
		h.AddFile(t, "testdata/seed/comm_module.py")
		page := newPage(t)
		// The extension needs a kernel when it loads, and stock pages are often
		// faster than their kernel: hold it back until there is one.
		release, err := page.Hold("*/comm_extension/main.js*")
		require.NoError(t, err)
		defer release()
		require.NoError(t, page.OpenNotebook(h.NewNotebook(t, `import comm_module`)))
		require.NoError(t, page.WaitKernelReady())
		release()
		require.NoError(t, page.Wait(`'my_comm_target' in Jupyter.notebook.kernel.comm_manager.targets`, 10*time.Second))
		require.NoError(t, page.RunCellWait(0))
		exchange(t, page)
		require.Empty(t, page.Errors())
	})
}

// exchange asserts the cookbook's conversation on the wire and on the console.
func exchange(t *testing.T, page *browse.Page) {
	t.Helper()
	comm := func(dir browse.Direction, msgType, id string) func(browse.Frame) bool {
		return func(f browse.Frame) bool {
			return f.Direction == dir && f.MsgType == msgType && (f.CommID == id || id == "" && f.TargetName == "my_comm_target")
		}
	}
	open, err := page.WaitWire(comm(browse.Received, "comm_open", ""), 10*time.Second)
	require.NoError(t, err)
	require.Equal(t, "iopub", open.Channel)
	require.JSONEq(t, `{"foo": 1}`, string(open.Data))

	sent, err := page.WaitWire(comm(browse.Sent, "comm_msg", open.CommID), 10*time.Second)
	require.NoError(t, err)
	require.Equal(t, "shell", sent.Channel)
	require.JSONEq(t, `{"foo": 0}`, string(sent.Data))

	echo, err := page.WaitWire(comm(browse.Received, "comm_msg", open.CommID), 10*time.Second)
	require.NoError(t, err)
	require.Equal(t, sent.MsgID, echo.ParentID)
	var whole struct {
		Header struct {
			MsgID string `json:"msg_id"`
		} `json:"header"`
		Content struct {
			CommID string          `json:"comm_id"`
			Data   json.RawMessage `json:"data"`
		} `json:"content"`
	}
	require.NoError(t, json.Unmarshal(echo.Data, &whole))
	require.Equal(t, sent.MsgID, whole.Header.MsgID)
	require.Equal(t, open.CommID, whole.Content.CommID)
	require.JSONEq(t, `{"foo": 0}`, string(whole.Content.Data))

	_, err = page.WaitConsole(func(m browse.Message) bool {
		return m.Level == "log" && strings.Contains(m.Text, `"data":{"foo":0}`)
	}, 10*time.Second)
	require.NoError(t, err)
}
