package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// layOutLabextensions makes dist/labextensions: gocomm's extension for JupyterLab 4 and Notebook 7, and the cookbook's program as one.
func layOutLabextensions(root, web string) (*tree, error) {
	t := &tree{dir: filepath.Join(root, "dist", "labextensions")}
	lab, err := bundle(filepath.Join(root, "web", "lab.js"))
	if err != nil {
		return nil, err
	}
	if err := t.write("gocomm/static/lab.js", lab); err != nil {
		return nil, err
	}
	// Where Lab's server looks for the settings of the plugin gocomm:plugin.
	if err := t.copy("gocomm/schemas/gocomm/plugin.json", filepath.Join(root, "nbextension", "lab", "settings.json")); err != nil {
		return nil, err
	}
	replace := strings.NewReplacer("$LAB_HASH", contentHash(lab))
	if err := t.labextension(root, "gocomm", "lab/entry.js", "The comm manager of Jupyter in Go, for JupyterLab 4 and Notebook 7", replace); err != nil {
		return nil, err
	}
	hashes := map[string]string{}
	for name, program := range map[string]string{"gocomm": "commmgr", "gocomm-cookbook": "cookbook"} {
		var both []byte
		for _, suffix := range []string{".wasm.gz", ".wasm.js"} {
			content, err := os.ReadFile(filepath.Join(web, program+suffix))
			if err != nil {
				return nil, err
			}
			if err := t.write(name+"/static/"+program+suffix, content); err != nil {
				return nil, err
			}
			both = append(both, content...)
		}
		hashes[program] = contentHash(both)
	}
	// As extension.py makes it of a user's program.
	replace = strings.NewReplacer("$NAME", "gocomm-cookbook", "$PROGRAMS", "cookbook.wasm?v="+hashes["cookbook"])
	if err := t.labextension(root, "gocomm-cookbook", "gocomm/extension/lab.js", "The comms cookbook's program in Go", replace); err != nil {
		return nil, err
	}
	return t, t.prune()
}

// labextension writes an extension that Lab finds without a build of its own: what the server reads, and the script that pages load.
func (t *tree) labextension(root, name, script, description string, replace *strings.Replacer) error {
	source, err := os.ReadFile(filepath.Join(root, "nbextension", script))
	if err != nil {
		return err
	}
	result := api.Transform(replace.Replace(string(source)), api.TransformOptions{
		Target: api.ES2020, Charset: api.CharsetUTF8, LogLevel: api.LogLevelSilent, MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
	})
	if len(result.Errors) > 0 {
		return fmt.Errorf("%s: %s", script, result.Errors[0].Text)
	}
	version, err := packageVersion(root)
	if err != nil {
		return err
	}
	// Named by its content: browsers keep these files.
	load := "static/remoteEntry." + contentHash(result.Code) + ".js"
	if err := t.write(name+"/"+load, result.Code); err != nil {
		return err
	}
	jupyterlab := map[string]any{"extension": true, "_build": map[string]string{"load": load, "extension": "./extension"}}
	if slices.Contains(t.written, name+"/schemas/"+name+"/plugin.json") {
		jupyterlab["schemaDir"] = "schemas"
	}
	for file, content := range map[string]any{
		"package.json": map[string]any{"name": name, "version": version, "description": description, "jupyterlab": jupyterlab},
		"install.json": map[string]string{
			"packageManager": "python", "packageName": name, "uninstallInstructions": "pip uninstall " + name,
		},
	} {
		text, err := json.MarshalIndent(content, "", "  ")
		if err != nil {
			return err
		}
		if err := t.write(name+"/"+file, append(text, '\n')); err != nil {
			return err
		}
	}
	return nil
}

func contentHash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:8])
}

var versionLine = regexp.MustCompile(`(?m)^__version__ = "(.+)"$`)

// packageVersion is the version of the Python package.
func packageVersion(root string) (string, error) {
	path := filepath.Join(root, "nbextension", "gocomm", "__init__.py")
	source, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	found := versionLine.FindSubmatch(source)
	if found == nil {
		return "", fmt.Errorf("%s has no __version__", path)
	}
	return string(found[1]), nil
}
