// Package layout holds the house to its rules: what may import what, and how
// long a file may be. It has tests only.
package layout

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "gocomm"

// A pkg is a package as go list describes it.
type pkg struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Deps       []string
	Error      *struct{ Err string }
}

// root is the folder of go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(dir, "go.mod"))
	return dir
}

// list runs go list for the platform.
func list(t *testing.T, goos, goarch string, args ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-e", "-json=ImportPath,Standard,Imports,Deps,Error"}, args...)...)
	cmd.Dir = root(t)
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0", "GOFLAGS=-mod=readonly")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "go list: %s", stderr.String())
	var pkgs []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else {
			require.NoError(t, err)
		}
		pkgs = append(pkgs, p)
	}
	require.NotEmpty(t, pkgs, "go list %v found nothing", args)
	return pkgs
}

// Each of these costs every program on a page some of its size. Packages in the
// standard library's internal folders are the runtime's own business.
var tooLarge = []string{"time", "context", "fmt", "log", "os", "encoding/json", "reflect", "crypto/rand", "runtime/debug"}

// What a program with widgets need not carry.
var tooLargeForWidgets = []string{"time", "context", "fmt", "log", "os", "encoding/json", "crypto/rand", "runtime/debug", module + "/commmgr"}

func TestWidgetsAreSmall(t *testing.T) {
	for _, name := range []string{"widget", "widget/core", "view"} {
		for _, p := range list(t, "js", "wasm", "-deps", module+"/"+name) {
			require.Nil(t, p.Error, p.ImportPath)
			require.NotContains(t, tooLargeForWidgets, p.ImportPath, "%s must not link it", name)
		}
	}
}

func TestCoreIsSmall(t *testing.T) {
	for _, p := range list(t, "js", "wasm", "-deps", module+"/commmgr") {
		require.Nil(t, p.Error, p.ImportPath)
		require.NotContains(t, tooLarge, p.ImportPath,
			"commmgr must not link it: see what imports it with GOOS=js GOARCH=wasm go list -deps -json ./commmgr")
	}
}

// A program on a page pays for encoding/json only where one of its types needs it.
func TestTypedDoesNotLinkJSON(t *testing.T) {
	for _, p := range list(t, "js", "wasm", "-deps", module+"/commmgr/typed", module+"/jsglue") {
		require.Nil(t, p.Error, p.ImportPath)
		require.NotContains(t, []string{"encoding/json", "fmt", "os", "log", "crypto/rand", "runtime/debug"}, p.ImportPath)
	}
}

// inside tells whether path is one of the packages at or below one of dirs.
func inside(path string, dirs ...string) bool {
	for _, dir := range dirs {
		if p := module + "/" + dir; path == p || strings.HasPrefix(path, p+"/") {
			return true
		}
	}
	return false
}

// core tells whether a package is one of those that every user of comms links.
func core(dep string) bool {
	return dep == module+"/commmgr" || inside(dep, "internal/seam", "internal/spin", "internal/panics")
}

// inward says which packages of the project a package may link. The longest
// matching name counts; one that is not named may link any.
var inward = map[string]func(dep string) bool{
	"commmgr":        func(dep string) bool { return inside(dep, "internal/seam", "internal/spin", "internal/panics") },
	"internal/seam":  func(string) bool { return false },
	"internal/layer": func(dep string) bool { return core(dep) || dep == module+"/internal/layer" },
	"commmgr/host":   core,
	"commmgr/typed": func(dep string) bool {
		return core(dep) || inside(dep, "internal/codec", "internal/layer", "internal/latest", "internal/lifetime")
	},
	"commmgr/reliable": func(dep string) bool { return core(dep) || inside(dep, "internal/codec", "internal/layer") },
	"commmgr/jsonmsg":  core,
	"commmgr/commmgrtest": func(dep string) bool {
		return core(dep) || inside(dep, "commmgr/host", "commmgr/jsonmsg", "commmgr/typed", "alltypes", "internal/codec", "internal/layer", "internal/latest", "internal/lifetime")
	},
	"internal/codec/codectest": func(string) bool { return true },
	"internal/codec":           func(string) bool { return false },
	"alltypes":                 func(dep string) bool { return dep == module+"/internal/codec" },
	"internal/latest":          func(dep string) bool { return core(dep) || dep == module+"/internal/layer" },
	"widget":                   func(dep string) bool { return inside(dep, "internal/codec", "internal/panics", "widget/host") },
	"widget/core": func(dep string) bool {
		return inside(dep, "widget", "internal/codec", "internal/panics") && !inside(dep, "widget/commhost")
	},
	"widget/host": func(dep string) bool { return dep == module+"/internal/codec" },
	"widget/commhost": func(dep string) bool {
		return core(dep) || inside(dep, "widget", "internal/codec", "internal/latest", "internal/layer")
	},
	"widget/widgettest": func(dep string) bool {
		return inside(dep, "commmgr", "widget", "alltypes", "internal/codec", "internal/seam", "internal/spin", "internal/panics", "internal/layer", "internal/latest", "internal/lifetime")
	},
	"widget/wctx": func(dep string) bool {
		return inside(dep, "widget", "internal/codec", "internal/panics", "internal/lifetime")
	},
	"view": func(dep string) bool {
		return inside(dep, "widget", "internal/codec", "internal/border", "internal/spin", "internal/panics") && !inside(dep, "widget/commhost")
	},
	"internal/border": func(dep string) bool { return dep == module+"/internal/spin" },
	"internal/spin":   func(string) bool { return false },
	"internal/panics": func(string) bool { return false },
	"view/viewtest": func(dep string) bool {
		return dep == module+"/internal/hosttest" || dep == module+"/internal/pagetest"
	},
	"jsglue": func(dep string) bool { return !inside(dep, "wasm", "e2e", "nbextension", "examples") },
	"e2e":    func(dep string) bool { return !inside(dep, "commmgr", "jsglue", "wasm", "widget", "view") },
}

func ruleFor(path string) (name string, ok func(dep string) bool) {
	for n, f := range inward {
		if inside(path, n) && len(n) > len(name) {
			name, ok = n, f
		}
	}
	return name, ok
}

func TestImportsPointInward(t *testing.T) {
	seen := map[string]bool{}
	for _, platform := range [][2]string{{"js", "wasm"}, {"linux", "amd64"}} {
		for _, p := range list(t, platform[0], platform[1], "./...") {
			name, ok := ruleFor(p.ImportPath)
			if ok == nil {
				continue
			}
			seen[name] = true
			for _, dep := range p.Deps {
				if !strings.HasPrefix(dep, module+"/") {
					continue
				}
				require.True(t, ok(dep), "%s must not import %s (%s)", p.ImportPath, dep, platform[0])
			}
		}
	}
	for _, name := range []string{"commmgr", "commmgr/typed", "commmgr/jsonmsg", "commmgr/commmgrtest", "internal/codec", "widget", "widget/commhost", "view"} {
		require.True(t, seen[name], "go list has not seen %s", name)
	}
}

// files calls f with each file of the project, tracked or not, with its path
// from the root. Folders of built and fetched things are left out.
func files(t *testing.T, f func(path string)) {
	t.Helper()
	dir := root(t)
	n := 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) { // gone since its folder was read
				return nil
			}
			return err
		}
		if d.IsDir() {
			if slices.Contains([]string{"dist", ".envs", ".git", "node_modules", "__pycache__"}, d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		n++
		f(filepath.ToSlash(rel))
		return nil
	}))
	require.NotZero(t, n)
}

func TestOnlyJSFilesImportSyscallJS(t *testing.T) {
	files(t, func(path string) {
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_js.go") || strings.HasSuffix(path, "_js_test.go") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root(t), path), nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, imp := range file.Imports {
			name, err := strconv.Unquote(imp.Path.Value)
			require.NoError(t, err)
			require.NotEqual(t, "syscall/js", name, "%s: only *_js.go files import syscall/js", path)
		}
	})
}

// What measures is no part of what users build: it has a build tag of its own.
func TestMeasureIsTagged(t *testing.T) {
	files(t, func(path string) {
		if filepath.Ext(path) != ".go" || !strings.HasPrefix(path, "measure/") {
			return
		}
		text, err := os.ReadFile(filepath.Join(root(t), path))
		require.NoError(t, err)
		require.True(t, bytes.HasPrefix(text, []byte("//go:build measure")), "%s has no `//go:build measure`", path)
	})
}

func TestFilesAreShort(t *testing.T) {
	const most = 400
	files(t, func(path string) {
		if !slices.Contains([]string{".go", ".js", ".py"}, filepath.Ext(path)) {
			return
		}
		text, err := os.ReadFile(filepath.Join(root(t), path))
		require.NoError(t, err)
		require.LessOrEqual(t, bytes.Count(text, []byte("\n")), most, "%s is too long: one concept per file", path)
	})
}
