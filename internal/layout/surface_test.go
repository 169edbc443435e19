package layout

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// surface is what Go programmers see of package commmgr, without its errors. What a host
// needs belongs to commmgr/host, what layers on comms need to internal/layer.
var surface = strings.Fields(`
	Manager Manager.RegisterTarget Manager.RegisterComm Manager.Open Manager.Comm Manager.Comms Manager.Targets
	Manager.SetWatchdog Manager.Stats
	Target Target.Name Target.Unregister TargetOptions OpenFunc
	Comm Comm.ID Comm.TargetName Comm.OpenedHere Comm.Send Comm.Close Comm.End Comm.OnMsg Comm.OnClose Comm.OnGap
	Comm.OnOverflow Comm.Done Comm.Err Comm.Merge Comm.EachFrame Comm.SetLimits Comm.SetUnwatched Comm.Queue
	Message Message.JSON Message.Data Message.Metadata Message.NumBuffers Message.BufferLen Message.Buffers
	Message.Retain Message.Release Part Part.String Header ParentHeader Metadata Content Data
	Payload Callbacks CommOpen CommMsg CommClose
	Limits Overflow OverflowCloses OverflowTells QueueStats KeyFunc Latest ByField
	Gap Duration Millisecond Second DefaultWatchdog Stats
	OpError OpError.Error OpError.Unwrap PanicError PanicError.Error PanicError.Unwrap`)

func TestCommmgrShowsNoMore(t *testing.T) {
	shown := exported(t, "commmgr")
	require.Contains(t, shown, "Manager.Open")
	for _, name := range shown {
		if !strings.HasPrefix(name, "Err") {
			require.Contains(t, surface, name, "a new name in commmgr's API: is it for users?")
		}
	}
	for _, name := range surface {
		require.Contains(t, shown, name, "no longer there")
	}
}

// Types that are read and written by address are package codec's business.
func TestTypedExportsNoUnsafe(t *testing.T) {
	for _, file := range parsed(t, "commmgr/typed") {
		for _, imp := range file.Imports {
			require.NotEqual(t, `"unsafe"`, imp.Path.Value)
		}
	}
}

// parsed gives the files of a package but for its tests.
func parsed(t *testing.T, dir string) (files []*ast.File) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root(t), dir, "*.go"))
	require.NoError(t, err)
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		files = append(files, file)
	}
	require.NotEmpty(t, files)
	return files
}

// exported gives the exported names of a package, those of methods with their types.
func exported(t *testing.T, dir string) (names []string) {
	t.Helper()
	add := func(of string, id *ast.Ident) {
		if id.IsExported() {
			names = append(names, of+id.Name)
		}
	}
	for _, file := range parsed(t, dir) {
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				of := ""
				if d.Recv != nil {
					if !ast.IsExported(receiver(d)) {
						continue
					}
					of = receiver(d) + "."
				}
				add(of, d.Name)
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch s := spec.(type) {
					case *ast.TypeSpec:
						add("", s.Name)
					case *ast.ValueSpec:
						for _, id := range s.Names {
							add("", id)
						}
					}
				}
			}
		}
	}
	slices.Sort(names)
	return names
}
