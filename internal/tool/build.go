package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// shipped are the programs that the nbextension carries; the others of wasm/ serve the tests.
var shipped = []string{"commmgr", "cookbook"}

// runBuild makes dist/web, which any page can be served from, dist/nbextension/gocomm and dist/labextensions, which a Jupyter
// server serves, dist/widgets and dist/examples, dist/python, which the wheel is packed from, and dist/npm.
func runBuild(ctx context.Context, root string, args []string) error {
	if err := noArguments(args); err != nil {
		return err
	}
	start := time.Now()
	if err := fenceOff(filepath.Join(root, "dist")); err != nil {
		return err
	}
	web := &tree{dir: filepath.Join(root, "dist", "web")}
	programs, err := buildPrograms(ctx, root, web)
	if err != nil {
		return err
	}
	if err := web.copyBelow("", filepath.Join(root, "web")); err != nil {
		return err
	}
	if err := web.prune(); err != nil {
		return err
	}
	say("dist/web: %d files, %d changed", len(web.written), web.changed)

	extension, err := layOutNbextension(root, web.dir, programs)
	if err != nil {
		return fmt.Errorf("dist/nbextension/gocomm: %w", err)
	}
	say("dist/nbextension/gocomm: %d files, %d changed", len(extension.written), extension.changed)
	lab, err := layOutLabextensions(root, web.dir)
	if err != nil {
		return fmt.Errorf("dist/labextensions: %w", err)
	}
	say("dist/labextensions: %d files, %d changed", len(lab.written), lab.changed)
	widgets, err := layOutWidgets(root, web.dir)
	if err != nil {
		return fmt.Errorf("dist/widgets: %w", err)
	}
	say("dist/widgets: %d files, %d changed", len(widgets.written), widgets.changed)
	for _, name := range widgetExamples {
		if err := layOutExample(root, name); err != nil {
			return fmt.Errorf("dist/examples/%s: %w", name, err)
		}
	}
	python, err := layOutPython(ctx, root)
	if err != nil {
		return fmt.Errorf("dist/python: %w", err)
	}
	say("dist/python: %d files, %d changed", len(python.written), python.changed)
	npm, err := layOutNpm(root, web.dir)
	if err != nil {
		return fmt.Errorf("dist/npm: %w", err)
	}
	say("dist/npm: %d files, %d changed", len(npm.written), npm.changed)
	say("built in %s", took(start))
	return nil
}

// fenceOff makes a folder a module of its own: Go's files in it are copies, and no packages of this module.
func fenceOff(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module dist\n"), 0o644)
}

// layOutWidgets makes dist/widgets, from which Python packages of widgets take what runs on the page: afm.js in one file, and
// the examples' programs.
func layOutWidgets(root, web string) (*tree, error) {
	t := &tree{dir: filepath.Join(root, "dist", "widgets")}
	afm, err := bundle(filepath.Join(root, "web", "afm.js"))
	if err != nil {
		return nil, err
	}
	if err := t.write("afm.js", afm); err != nil {
		return nil, err
	}
	for _, name := range widgetExamples {
		for _, suffix := range []string{".wasm", ".wasm.gz", ".wasm.js"} {
			if err := t.copy(name+suffix, filepath.Join(web, name+suffix)); err != nil {
				return nil, err
			}
		}
		if err := t.writeDelta(web, name); err != nil {
			return nil, err
		}
	}
	return t, t.prune()
}

func layOutNbextension(root, web string, programs []string) (*tree, error) {
	t := &tree{dir: filepath.Join(root, "dist", "nbextension", "gocomm")}
	source := filepath.Join(root, "nbextension")
	for _, pattern := range []string{"*.yaml", "README.md"} {
		if err := t.copyAll(source, pattern); err != nil {
			return nil, err
		}
	}
	main, err := mainAMD(root)
	if err != nil {
		return nil, err
	}
	if err := t.write("main.js", main); err != nil {
		return nil, err
	}
	// As extension.py makes it of a user's program.
	script, err := os.ReadFile(filepath.Join(source, "gocomm", "extension", "main.js"))
	if err != nil {
		return nil, err
	}
	named := strings.NewReplacer("$NAME", "gocomm/cookbook", "$PROGRAMS", "cookbook.wasm").Replace(string(script))
	if err := t.write("cookbook.js", []byte(named)); err != nil {
		return nil, err
	}
	gocomm, err := bundle(filepath.Join(root, "web", "gocomm.js"))
	if err != nil {
		return nil, err
	}
	if err := t.write("gocomm.js", gocomm); err != nil {
		return nil, err
	}
	for _, program := range shipped {
		if !slices.Contains(programs, program) {
			return nil, fmt.Errorf("the program wasm/%s is missing", program)
		}
		for _, suffix := range []string{".wasm.gz", ".wasm.js"} {
			if err := t.copy(program+suffix, filepath.Join(web, program+suffix)); err != nil {
				return nil, err
			}
		}
	}
	widget, err := bundle(filepath.Join(source, "gocomm", "page.js"))
	if err != nil {
		return nil, err
	}
	if err := t.write("widget.js", widget); err != nil {
		return nil, err
	}
	return t, t.prune()
}

// mainAMD makes one file of nbextension/main.js and the modules that it needs, which have names then: when a page is loaded
// again it must be there before Notebook connects to the kernel, and each request takes a turn of the server.
func mainAMD(root string) ([]byte, error) {
	source := filepath.Join(root, "nbextension")
	hook, err := bundleAMD(filepath.Join(root, "web", "comms", "early.js"))
	if err != nil {
		return nil, err
	}
	all, err := os.ReadFile(filepath.Join(source, "early.js"))
	if err != nil {
		return nil, err
	}
	all = append(all, named("hook", hook)...)
	for _, name := range []string{"outputs", "cells", "session"} {
		text, err := os.ReadFile(filepath.Join(source, name+".js"))
		if err != nil {
			return nil, err
		}
		all = append(all, named(name, text)...)
	}
	main, err := os.ReadFile(filepath.Join(source, "main.js"))
	return append(all, main...), err
}

// named gives an AMD module the name that it has for Notebook.
func named(name string, module []byte) []byte {
	return bytes.Replace(module, []byte("define("), []byte(`define("nbextensions/gocomm/`+name+`", `), 1)
}

// requireBuilt fails when a command needs what `build` makes, and it is not there.
func requireBuilt(root string, files ...string) error {
	for _, name := range files {
		if _, err := os.Stat(filepath.Join(root, name)); err != nil {
			return fmt.Errorf("%s is not built: run `make build` first", name)
		}
	}
	return nil
}
