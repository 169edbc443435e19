package jupyter

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Environ gives the environment for a command that starts a server itself, as a user's does. What Start gives a server of its own,
// its folders and settings, is put into the empty folder root; the command line of the server is the caller's.
func Environ(c Config, root string) ([]string, error) {
	l, err := c.resolve()
	if err != nil {
		return nil, err
	}
	return isolate(root, l)
}

// isolate fills an empty folder with what is the user's own elsewhere, and returns the environment that leads a server there.
func isolate(root string, l *layout) ([]string, error) {
	private := map[string]string{
		"JUPYTER_CONFIG_DIR":  filepath.Join(root, "config"),
		"JUPYTER_DATA_DIR":    filepath.Join(root, "data"),
		"JUPYTER_RUNTIME_DIR": filepath.Join(root, "runtime"),
		"IPYTHONDIR":          filepath.Join(root, "ipython"),
	}
	for _, dir := range private {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	if l.Nbextensions != "" {
		served := filepath.Join(private["JUPYTER_DATA_DIR"], "nbextensions")
		if err := os.CopyFS(served, os.DirFS(l.Nbextensions)); err != nil {
			return nil, fmt.Errorf("copying nbextensions: %w", err)
		}
	}
	if l.Settings != "" {
		for _, name := range []string{"jupyter_server_config.py", "jupyter_notebook_config.py"} {
			if err := os.WriteFile(filepath.Join(private["JUPYTER_CONFIG_DIR"], name), []byte(l.Settings), 0o600); err != nil {
				return nil, err
			}
		}
	}
	if len(l.Enable) > 0 {
		if err := enable(private["JUPYTER_CONFIG_DIR"], l.Enable); err != nil {
			return nil, fmt.Errorf("enabling nbextensions: %w", err)
		}
	}
	if l.Host == Lab || l.Host == Hub {
		if err := quiet(private["JUPYTER_CONFIG_DIR"]); err != nil {
			return nil, fmt.Errorf("settings of JupyterLab: %w", err)
		}
	}

	var env []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		// Settings of the user's own Jupyter or Python would reach into the server.
		if strings.HasPrefix(name, "JUPYTER") || name == "PYTHONPATH" || name == "PYTHONHOME" || name == "VIRTUAL_ENV" || name == "IPYTHONDIR" {
			continue
		}
		if name == "PATH" {
			v = "PATH=" + filepath.Join(l.Env, "bin") + string(os.PathListSeparator) + os.Getenv("PATH")
		}
		env = append(env, v)
	}
	for name, dir := range private {
		env = append(env, name+"="+dir)
	}
	return append(env, "VIRTUAL_ENV="+l.Env, "PYTHONUNBUFFERED=1"), nil
}

// enable writes the notebook section's list of nbextensions to load, as `jupyter nbextension enable` does.
func enable(configDir string, extensions []string) error {
	load := map[string]bool{}
	for _, name := range extensions {
		load[name] = true
	}
	text, err := json.MarshalIndent(map[string]any{"load_extensions": load}, "", "  ")
	if err != nil {
		return err
	}
	dir := filepath.Join(configDir, "nbconfig")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "notebook.json"), text, 0o600)
}

// quiet keeps JupyterLab from asking whether it may fetch news, which covers the page, and from looking for updates.
func quiet(configDir string) error {
	dir := filepath.Join(configDir, "lab", "user-settings", "@jupyterlab", "apputils-extension")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	text := []byte(`{"fetchNews": "false", "checkForUpdates": false}`)
	return os.WriteFile(filepath.Join(dir, "notification.jupyterlab-settings"), text, 0o600)
}
