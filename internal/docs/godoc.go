package docs

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/doc"
	"go/doc/comment"
	"go/format"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// goTrees have the Go packages for users.
var goTrees = []string{"commmgr", "widget", "view", "jsglue", "alltypes"}

// A goReference is a package's page.
type goReference struct {
	path     string // below the module
	synopsis string
	text     string
}

// goReferences gives the pages of all Go packages for users. Headings have labels in MyST's form, by which pages link to each other.
func goReferences(root, module string) ([]goReference, error) {
	var found []*goPackage
	known := map[string]bool{}
	for _, tree := range goTrees {
		err := filepath.WalkDir(filepath.Join(root, tree), func(dir string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			if d.Name() == "testdata" {
				return fs.SkipDir
			}
			rel, err := filepath.Rel(root, dir)
			if err != nil {
				return err
			}
			p, err := readGo(dir, module, filepath.ToSlash(rel))
			if p != nil {
				known[p.ImportPath] = true
				found = append(found, p)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	var pages []goReference
	for _, p := range found {
		p.known = known
		text, err := p.page()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.ImportPath, err)
		}
		pages = append(pages, goReference{p.path, p.Synopsis(p.Doc), text})
	}
	return pages, nil
}

type goPackage struct {
	*doc.Package
	fset         *token.FileSet
	module, path string
	pageOnly     bool
	known        map[string]bool // packages that have a page
	bytes.Buffer
}

// readGo reads a package with its examples; one that has tests only is none. What there is on pages only is read as for a page.
func readGo(dir, module, path string) (*goPackage, error) {
	native, page := build.Default, build.Default
	native.CgoEnabled, page.CgoEnabled, page.GOOS, page.GOARCH = false, false, "js", "wasm"
	files, err := page.ImportDir(dir, 0)
	if err != nil {
		if none := new(build.NoGoError); errors.As(err, &none) {
			return nil, nil
		}
		return nil, err
	}
	p := &goPackage{fset: token.NewFileSet(), module: module, path: path}
	seen, err := native.ImportDir(dir, 0)
	if err != nil {
		return nil, err
	}
	p.pageOnly = len(files.GoFiles) > len(seen.GoFiles)
	var parsed []*ast.File
	for _, name := range slices.Concat(files.GoFiles, files.TestGoFiles, files.XTestGoFiles) {
		f, err := parser.ParseFile(p.fset, filepath.Join(dir, name), nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, f)
	}
	p.Package, err = doc.NewFromFiles(p.fset, parsed, module+"/"+path)
	if err != nil {
		return nil, err
	}
	if len(p.Consts)+len(p.Vars)+len(p.Types)+len(p.Funcs) == 0 && strings.HasSuffix(p.Name, "test") {
		return nil, nil
	}
	return p, nil
}

// label names a declaration among all pages.
func (p *goPackage) label(name string) string { return "go-" + p.ImportPath + "-" + name }

func (p *goPackage) page() (string, error) {
	fmt.Fprintf(p, "# %s\n\n```go\nimport %q\n```\n\n", p.path, p.ImportPath)
	if p.pageOnly {
		fmt.Fprintf(p, "For pages: `GOOS=js GOARCH=wasm go doc %s` shows all of it in a terminal.\n\n", p.ImportPath)
	}
	p.comment(p.Doc, 2)
	if err := p.examples(p.Examples); err != nil {
		return "", err
	}
	if err := p.values("Constants", 2, p.Consts); err != nil {
		return "", err
	}
	if err := p.values("Variables", 2, p.Vars); err != nil {
		return "", err
	}
	if err := p.funcs(2, p.Package.Funcs); err != nil {
		return "", err
	}
	for _, t := range p.Types {
		if err := p.entry(2, "type "+t.Name, t.Name, t.Decl, t.Doc, t.Examples); err != nil {
			return "", err
		}
		if err := p.values("", 3, slices.Concat(t.Consts, t.Vars)); err != nil {
			return "", err
		}
		if err := p.funcs(3, slices.Concat(t.Funcs, t.Methods)); err != nil {
			return "", err
		}
	}
	return p.String(), nil
}

func (p *goPackage) values(title string, level int, all []*doc.Value) error {
	if len(all) > 0 && title != "" {
		fmt.Fprintf(p, "%s %s\n\n", strings.Repeat("#", level), title)
	}
	for _, v := range all {
		for _, name := range v.Names {
			if token.IsExported(name) {
				fmt.Fprintf(p, "(%s)=\n", p.label(name))
			}
		}
		p.WriteString("\n")
		if err := p.code(v.Decl); err != nil {
			return err
		}
		p.comment(v.Doc, level+1)
	}
	return nil
}

func (p *goPackage) funcs(level int, all []*doc.Func) error {
	for _, f := range all {
		title, name := "func "+f.Name, f.Name
		if f.Recv != "" {
			title, name = fmt.Sprintf("func (%s) %s", f.Recv, f.Name), strings.Trim(f.Recv, "*")
			name, _, _ = strings.Cut(name, "[")
			name += "." + f.Name
		}
		if err := p.entry(level, title, name, f.Decl, f.Doc, f.Examples); err != nil {
			return err
		}
	}
	return nil
}

// entry is what there is of a function or a type.
func (p *goPackage) entry(level int, title, name string, decl ast.Node, about string, examples []*doc.Example) error {
	escaped := strings.NewReplacer("*", `\*`, "[", `\[`, "]", `\]`, "_", `\_`).Replace(title)
	fmt.Fprintf(p, "(%s)=\n%s %s\n\n", p.label(name), strings.Repeat("#", level), escaped)
	if err := p.code(decl); err != nil {
		return err
	}
	p.comment(about, level+1)
	return p.examples(examples)
}

func (p *goPackage) code(node any) error {
	p.WriteString("```go\n")
	if err := format.Node(&p.Buffer, p.fset, node); err != nil {
		return err
	}
	p.WriteString("\n```\n\n")
	return nil
}

// comment writes a documentation comment, whose headings are of the level.
func (p *goPackage) comment(text string, level int) {
	to := p.Printer()
	to.HeadingLevel = level
	to.HeadingID = func(*comment.Heading) string { return "" }
	to.DocLinkURL = func(l *comment.DocLink) string {
		path, name := l.ImportPath, l.Name
		if path == "" {
			path = p.ImportPath
		}
		if l.Recv != "" {
			name = l.Recv + "." + name
		}
		switch {
		case p.known[path] && name == "":
			up := strings.Repeat("../", strings.Count(p.path, "/"))
			return up + strings.TrimPrefix(path, p.module+"/") + ".md"
		case p.known[path]:
			return "#go-" + path + "-" + name
		}
		return l.DefaultURL("https://pkg.go.dev")
	}
	p.Write(to.Markdown(p.Parser().Parse(text)))
	p.WriteString("\n")
}

func (p *goPackage) examples(all []*doc.Example) error {
	for _, e := range all {
		title := "Example"
		if e.Suffix != "" {
			title += " (" + e.Suffix + ")"
		}
		fmt.Fprintf(p, "**%s**\n\n", title)
		if e.Doc != "" {
			p.comment(e.Doc, 6)
		}
		var code bytes.Buffer
		if err := format.Node(&code, p.fset, &printer.CommentedNode{Node: e.Code, Comments: e.Comments}); err != nil {
			return err
		}
		text := code.String()
		if _, is := e.Code.(*ast.BlockStmt); is {
			text = strings.TrimSuffix(strings.TrimPrefix(text, "{\n"), "}")
			text = strings.TrimRight(strings.ReplaceAll("\n"+text, "\n\t", "\n"), "\n ")
		}
		if at := strings.LastIndex(text, "// Output:"); at >= 0 && e.Output != "" {
			text = text[:at]
		}
		fmt.Fprintf(p, "```go\n%s\n```\n\n", strings.TrimSpace(text))
		if e.Output != "" {
			fmt.Fprintf(p, "It prints\n\n```text\n%s\n```\n\n", strings.TrimSpace(e.Output))
		}
	}
	return nil
}
