package layout

import (
	"go/ast"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What users import that there is on a page only. `go doc` does not see it, unless it is told the platform.
var pageOnly = []string{"view", "jsglue", "jsglue/options", "jsglue/page"}

// TestPageAPIIsInTheDoc has the comment of each such package, which `go doc` shows everywhere, name all that there is, as it is.
func TestPageAPIIsInTheDoc(t *testing.T) {
	for _, dir := range pageOnly {
		text, err := os.ReadFile(filepath.Join(root(t), dir, "doc.go"))
		require.NoError(t, err)
		doc := spaces.ReplaceAllString(strings.ReplaceAll(string(text), "\n//", "\n"), " ")
		has := func(node any, before string) {
			t.Helper()
			var b strings.Builder
			require.NoError(t, printer.Fprint(&b, token.NewFileSet(), node))
			require.Contains(t, doc, spaces.ReplaceAllString(before+b.String(), " "), "%s/doc.go does not have it", dir)
		}
		for _, file := range parsed(t, dir) {
			for _, decl := range file.Decls {
				switch d := decl.(type) {
				case *ast.FuncDecl:
					if d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiver(d))) {
						has(&ast.FuncDecl{Recv: d.Recv, Name: d.Name, Type: d.Type}, "")
					}
				case *ast.GenDecl:
					for _, spec := range d.Specs {
						switch s := spec.(type) {
						case *ast.TypeSpec:
							if !s.Name.IsExported() {
								continue
							}
							has(s.Name, "type ")
							of, _ := s.Type.(*ast.StructType)
							if of == nil {
								has(s.Type, s.Name.Name+" ")
								continue
							}
							for _, f := range of.Fields.List {
								for _, name := range f.Names {
									if name.IsExported() {
										has(f.Type, name.Name+" ")
									}
								}
							}
						case *ast.ValueSpec:
							for _, name := range s.Names {
								if name.IsExported() {
									has(name, "")
								}
							}
						}
					}
				}
			}
		}
	}
}

var spaces = regexp.MustCompile(`\s+`)

// receiver is the name of a method's type.
func receiver(d *ast.FuncDecl) string {
	typ := d.Recv.List[0].Type
	if p, ok := typ.(*ast.StarExpr); ok {
		typ = p.X
	}
	if id, ok := typ.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}
