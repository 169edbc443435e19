package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// layOutPython makes dist/python, the project that the wheel is packed from: the package's Python, what a page loads,
// and gocomm's Go packages for programs of the user's.
func layOutPython(ctx context.Context, root string) (*tree, error) {
	t := &tree{dir: filepath.Join(root, "dist", "python")}
	source := filepath.Join(root, "nbextension")
	for _, name := range []string{"pyproject.toml", "README.md", "gocomm.json", "server.json"} {
		if err := t.copy(name, filepath.Join(source, name)); err != nil {
			return nil, err
		}
	}
	if err := t.copy("LICENSE", filepath.Join(root, "LICENSE")); err != nil {
		return nil, err
	}
	if err := t.copyBelow("gocomm/", filepath.Join(source, "gocomm"), "front.js", "page.js"); err != nil {
		return nil, err
	}
	front, err := minify(filepath.Join(source, "gocomm", "front.js"))
	if err != nil {
		return nil, err
	}
	if err := t.write("gocomm/front.js", front); err != nil {
		return nil, err
	}
	if err := t.write("gocomm/wasmexec.js", []byte(wasmExecTemplate)); err != nil {
		return nil, err
	}
	if err := t.copyBelow("gocomm/static/", filepath.Join(root, "dist", "nbextension", "gocomm")); err != nil {
		return nil, err
	}
	if err := t.copyBelow("labextension/", filepath.Join(root, "dist", "labextensions", "gocomm"), "static/commmgr.wasm.gz", "static/commmgr.wasm.js"); err != nil {
		return nil, err
	}
	for kind, example := range map[string]string{"widget": widgetExamples[0], "comm": commExample} {
		if err := t.copyExample("gocomm/template/"+kind+"/", root, example); err != nil {
			return nil, err
		}
	}
	if err := layOutGo(ctx, root, t); err != nil {
		return nil, fmt.Errorf("gocomm's Go packages: %w", err)
	}
	return t, t.prune()
}

// widgetExamples are the examples that are widgets' projects. The first one is the template of `python -m gocomm new`.
var widgetExamples = []string{"counter", "stream", "dashboard"}

// commExample is the example that is a comm program's project: the template of `python -m gocomm new --comm`.
const commExample = "greeter"

// layOutExample makes dist/examples/NAME: an example as `python -m gocomm build` leaves it, with its program in the Python package.
func layOutExample(root, name string) error {
	t := &tree{dir: filepath.Join(root, "dist", "examples", name)}
	if err := t.copyExample("", root, name); err != nil {
		return err
	}
	for _, suffix := range []string{".wasm.gz", ".wasm.delta", ".wasm.js"} {
		if err := t.copy(name+"/static/"+name+suffix, filepath.Join(root, "dist", "widgets", name+suffix)); err != nil {
			return err
		}
	}
	return t.prune()
}

// copyExample copies an example's sources; what was built among them, by one who works on it, stays behind.
func (t *tree) copyExample(to, root, name string) error {
	from := filepath.Join(root, "examples", name)
	files, err := filesBelow(from, "", ".")
	if err != nil {
		return err
	}
	for _, file := range files {
		if strings.HasPrefix(file, name+"/static/") || strings.HasPrefix(file, ".") || strings.Contains(file, "/.") {
			continue
		}
		if err := t.copy(to+file, filepath.Join(from, file)); err != nil {
			return err
		}
	}
	return nil
}

// copyBelow copies a folder and those below it, without some files; their names begin with prefix.
func (t *tree) copyBelow(prefix, from string, without ...string) error {
	files, err := filesBelow(from, "", ".")
	if err != nil {
		return err
	}
	for _, file := range files {
		if slices.Contains(without, file) {
			continue
		}
		if err := t.copy(prefix+file, filepath.Join(from, file)); err != nil {
			return err
		}
	}
	return nil
}

// minify shortens a module that travels with each widget.
func minify(path string) ([]byte, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	result := api.Transform(string(source), api.TransformOptions{
		Format: api.FormatESModule, Target: api.ES2022, Charset: api.CharsetUTF8, LogLevel: api.LogLevelSilent,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
	})
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("%s: %s", path, result.Errors[0].Text)
	}
	return result.Code, nil
}

// goPackages are what programs for the page, and their tests, import of gocomm.
var goPackages = []string{"./commmgr/...", "./jsglue", "./jsglue/options", "./jsglue/page", "./view/...", "./widget/...", "./cmd/shrink"}

// layOutGo writes a Go module with these packages, without their tests: gocomm has no public home that a proxy would know.
func layOutGo(ctx context.Context, root string, t *tree) error {
	const place = "gocomm/go/"
	var modules []string
	for _, platform := range [][]string{{"GOOS=js", "GOARCH=wasm"}, nil} {
		listed, err := output(ctx, root, platform, "go", append([]string{"list", "-e", "-deps", "-f",
			"{{with .Module}}{{.Path}} {{.Version}} {{end}}|{{.ImportPath}}|{{join .GoFiles \" \"}} {{join .IgnoredGoFiles \" \"}} {{join .EmbedFiles \" \"}}"}, goPackages...)...)
		if err != nil {
			return err
		}
		for line := range strings.Lines(listed) {
			part := strings.Split(strings.TrimSpace(line), "|")
			dir, ours := strings.CutPrefix(part[1], "gocomm/")
			switch module := strings.TrimSpace(part[0]); {
			case ours:
				for _, file := range strings.Fields(part[2]) {
					if strings.HasSuffix(file, "_test.go") || slices.Contains(t.written, place+dir+"/"+file) {
						continue
					}
					if err := t.copy(place+dir+"/"+file, filepath.Join(root, dir, file)); err != nil {
						return err
					}
				}
			case module != "" && !slices.Contains(modules, module):
				modules = append(modules, module)
			}
		}
	}
	slices.Sort(modules)
	mod := "module gocomm\n\ngo 1.26\n"
	for _, m := range modules {
		mod += "\nrequire " + m
	}
	if len(modules) > 0 {
		mod += "\n"
	}
	if err := t.write(place+"go.mod", []byte(mod)); err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return err
	}
	var kept strings.Builder
	for line := range strings.Lines(string(sums)) {
		for _, m := range modules {
			if strings.HasPrefix(line, m+" ") || strings.HasPrefix(line, m+"/go.mod ") {
				kept.WriteString(line)
			}
		}
	}
	if err := t.write(place+"go.sum", []byte(kept.String())); err != nil {
		return err
	}
	return t.copy(place+"LICENSE", filepath.Join(root, "LICENSE"))
}
