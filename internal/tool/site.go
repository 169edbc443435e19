package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// sitePins are the packages that build the site.
//
//go:embed site.txt
var sitePins string

// siteKernelPins are the packages of the Python that runs on the site's pages.
//
//go:embed sitekernel.txt
var siteKernelPins string

// siteFirst is the page that the site's address leads to.
const siteFirst = "lab/index.html?path=cookbook.ipynb"

// siteNotebooks are the site's notebooks, in the repository.
var siteNotebooks = []string{"examples/cookbook/cookbook.ipynb", "examples/counter/counter.ipynb", "examples/stream/site/stream.ipynb"}

const kernelExtension = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension"

// runSite makes dist/site, a JupyterLite with gocomm: static files that any file server gives out, below any path. Its Python runs on the page.
func runSite(ctx context.Context, root string, args []string) error {
	if len(args) > 0 && args[0] == "-headless" {
		if err := noArguments(args[1:]); err != nil {
			return err
		}
		return runSiteHeadless(ctx, root)
	}
	if err := noArguments(args); err != nil {
		return err
	}
	start := time.Now()
	env, err := ensureVenv(ctx, root, "site", sitePins, "about half a minute")
	if err != nil {
		return err
	}
	stage, err := os.MkdirTemp("", "gocomm-site-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(stage)
	lite := filepath.Join(stage, "lite")
	pyodide := filepath.Join(lite, "static", "pyodide") // where jupyterlite-pyodide-kernel looks for one
	if err := os.MkdirAll(pyodide, 0o755); err != nil {
		return err
	}
	if err := siteWheels(ctx, root, env, pyodide); err != nil {
		return err
	}
	if err := sitePyodide(ctx, root, pyodide); err != nil {
		return err
	}
	for _, notebook := range siteNotebooks {
		if err := copyInto(filepath.Join(lite, "files"), filepath.Join(root, notebook)); err != nil {
			return err
		}
	}
	if err := siteConfig(root, lite, pyodide); err != nil {
		return err
	}
	say("building JupyterLite ...")
	out := filepath.Join(stage, "out")
	_, err = output(ctx, lite, []string{"PYTHONPATH="}, filepath.Join(env, "bin", "python"), "-m", "jupyterlite_core", "build", "--output-dir", out)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "index.html"), []byte(siteIndex), 0o644); err != nil {
		return err
	}
	site := filepath.Join(root, "dist", "site")
	if err := errors.Join(os.RemoveAll(site), os.CopyFS(site, os.DirFS(out))); err != nil {
		return err
	}
	files, size, err := extent(site)
	if err != nil {
		return err
	}
	say("dist/site: %d files, %.1f MB in %s; any file server will do: python3 -m http.server --directory dist/site", files, float64(size)/1e6, took(start))
	return nil
}

// siteExamples are those of widgetExamples that need no library that the site's kernel lacks.
var siteExamples = widgetExamples[:2]

// siteWheels collects the Python packages of the site's kernel: pinned ones, the kernel's own, gocomm and its examples.
func siteWheels(ctx context.Context, root, env, to string) error {
	const examples = "dist/examples"
	if err := requireBuilt(root, filepath.Join("dist", "python", "pyproject.toml"), filepath.Join(examples, widgetExamples[0])); err != nil {
		return err
	}
	gocomm, err := buildWheel(ctx, root)
	if err != nil {
		return err
	}
	if err := copyInto(to, gocomm); err != nil {
		return err
	}
	packers, err := ensureVenv(ctx, root, "wheel", packPins, "about 10 s")
	if err != nil {
		return err
	}
	for _, name := range siteExamples {
		if _, err := packWheel(ctx, packers, filepath.Join(root, examples, name), to, func(string) error { return nil }); err != nil {
			return err
		}
	}
	own := filepath.Join(env, filepath.FromSlash(kernelExtension), "static", "pypi")
	for _, pattern := range []string{"ipykernel-*", "piplite-*", "pyodide_kernel-*", "widgetsnbextension-4.*"} {
		found, err := filepath.Glob(filepath.Join(own, pattern+".whl"))
		if err != nil {
			return err
		}
		if len(found) != 1 {
			return fmt.Errorf("%s has %d wheels %s, want one", own, len(found), pattern)
		}
		if err := copyInto(to, found[0]); err != nil {
			return err
		}
	}
	say("fetching the Python packages of its kernel ...")
	list := filepath.Join(filepath.Dir(to), "sitekernel.txt")
	if err := os.WriteFile(list, []byte(siteKernelPins), 0o644); err != nil {
		return err
	}
	defer os.Remove(list)
	_, err = output(ctx, "", []string{"PYTHONPATH="}, filepath.Join(env, "bin", "python"), "-m", "pip", "download",
		"--disable-pip-version-check", "--no-input", "--progress-bar=off", "--no-deps", "--only-binary=:all:",
		"--python-version=3.14", "--implementation=py", "--abi=none", "--platform=any", "-d", to, "-r", list)
	if err != nil {
		return pipError(err)
	}
	return nil
}

// sitePyodide puts Python itself beside the wheels, and the lock by which it finds them.
func sitePyodide(ctx context.Context, root, to string) error {
	if err := errors.Join(needs["node"](ctx), needs["npm"](ctx)); err != nil {
		return err
	}
	dir := filepath.Join(root, "internal", "tool", "pyodide")
	if err := installNodeModules(ctx, dir, "pyodide, the Python of its kernel: a few seconds"); err != nil {
		return err
	}
	from := filepath.Join(dir, "node_modules", "pyodide")
	for _, name := range []string{"pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"} {
		if err := copyInto(to, filepath.Join(from, name)); err != nil {
			return err
		}
	}
	text, err := os.ReadFile(filepath.Join(from, "pyodide-lock.json"))
	if err != nil {
		return err
	}
	var lock struct{ Info json.RawMessage }
	if err := json.Unmarshal(text, &lock); err != nil {
		return fmt.Errorf("the lock of pyodide: %w", err)
	}
	return lockWheels(to, lock.Info)
}

// siteConfig writes what JupyterLite is told: which extensions pages have, and which packages the kernel starts with.
func siteConfig(root, lite, wheels string) error {
	extensions := []string{filepath.Join(root, "dist", "labextensions", "gocomm-cookbook")}
	for _, name := range []string{"gocomm", "anywidget", "jupyterlab_widgets"} {
		found, err := filepath.Glob(filepath.Join(wheels, name+"-*.whl"))
		if err != nil {
			return err
		}
		extensions = append(extensions, found...)
	}
	type object = map[string]any
	for file, content := range map[string]object{
		"jupyter_lite_config.json": {"LiteBuildConfig": object{
			"apps": []string{"lab", "notebooks", "tree"}, "no_sourcemaps": true, "no_unused_shared_packages": true, "federated_extensions": extensions,
		}},
		"jupyter-lite.json": {"jupyter-lite-schema-version": 0, "jupyter-config-data": object{
			"appName": "gocomm",
			// The page's application is a global, for the cookbook's cell in JavaScript.
			"exposeAppInBrowser": true,
			"litePluginSettings": object{"@jupyterlite/pyodide-kernel-extension:kernel": object{"loadPyodideOptions": object{
				"lockFileURL": "./static/pyodide/pyodide-lock.json",
				"packages":    []string{"micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython"},
			}}},
		}},
	} {
		text, err := json.MarshalIndent(content, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(lite, file), append(text, '\n'), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// siteIndex takes the place of JupyterLite's own page, which opens an empty Lab. Its other pages read their configuration from here, too.
var siteIndex = strings.ReplaceAll(`<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>gocomm</title>
<script id="jupyter-config-data" type="application/json" data-jupyter-lite-root=".">{}</script>
<meta http-equiv="refresh" content="0; url=FIRST">
<a href="FIRST">The comms cookbook, in Go</a>
</html>
`, "FIRST", siteFirst)

// copyInto copies a file into a folder.
func copyInto(dir, path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, filepath.Base(path)), content, 0o644)
}

// extent counts the files of a folder and their bytes.
func extent(dir string) (files int, size int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		files, size = files+1, size+info.Size()
		return nil
	})
	return files, size, err
}
