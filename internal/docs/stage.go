package docs

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A section of the site's menu, with its documents in the repository. Documents in docs that no section has stand in the open one.
type section struct {
	title string
	pages []string
	open  bool
}

var sections = []section{
	{title: "Start in five minutes", pages: []string{"docs/start-notebook.md", "docs/start-go.md", "docs/start-page.md"}},
	{title: "Gallery", pages: []string{"docs/gallery.md"}},
	{title: "How to", pages: []string{"docs/widgets.md", "docs/cookbook.md", "docs/page.md", "docs/handlers.md", "docs/calls.md", "docs/reliable.md", "nbextension/README.md"}, open: true},
	{title: "Reference", pages: []string{"reference/go.md", "reference/js/index.md", "reference/python.md"}},
	{title: "What to rely on", pages: []string{"docs/guarantees.md", "docs/faults.md", "docs/contract.md", "docs/hosts.md", "docs/performance.md", "docs/bench.md"}},
	{title: "The project", pages: []string{"CHANGELOG.md", "RATIONALE.md", "CONTRIBUTING.md"}},
}

// A stage has the site's pages as Sphinx takes them. They stand as in the repository, but for README.md and the folder docs.
type stage struct {
	root, dir string
	done      map[string]bool // what of the repository has its page
	todo      []string
}

// Stage writes the site's pages into a folder: the documents of the menu and what they link to, with the sources; and the
// reference of Go packages. What others generate stands in reference already.
func Stage(root, dir, module string) error {
	s := &stage{root: root, dir: dir, done: map[string]bool{}}
	if err := s.goReference(module); err != nil {
		return err
	}
	menu, err := s.menu()
	if err != nil {
		return err
	}
	for len(s.todo) > 0 {
		next := s.todo[0]
		s.todo = s.todo[1:]
		if err := s.write(next, menu); err != nil {
			return fmt.Errorf("%s: %w", next, err)
		}
	}
	return nil
}

// menu is the table of contents, which stands at the end of the first page. What is in it gets its page.
func (s *stage) menu() (string, error) {
	s.page("README.md")
	rest, err := filepath.Glob(filepath.Join(s.root, "docs", "*.md"))
	if err != nil {
		return "", err
	}
	for i, p := range rest {
		rest[i] = "docs/" + filepath.Base(p)
	}
	for _, sec := range sections {
		rest = slices.DeleteFunc(rest, func(p string) bool { return slices.Contains(sec.pages, p) })
	}
	var b strings.Builder
	for _, sec := range sections {
		pages := sec.pages
		if sec.open {
			pages = slices.Concat(pages, rest)
		}
		fmt.Fprintf(&b, "\n```{toctree}\n:hidden:\n:caption: %s\n\n", sec.title)
		for _, p := range pages {
			b.WriteString(strings.TrimSuffix(staged(p), ".md") + "\n")
			if !strings.HasPrefix(p, "reference/") {
				s.page(p)
			}
		}
		b.WriteString("```\n")
	}
	return b.String(), nil
}

// staged is the page of a file of the repository, or of a folder.
func staged(file string) string {
	switch dir, name := path.Split(file); {
	case file == "README.md":
		return "index.md"
	case strings.HasPrefix(file, "docs/"), strings.HasPrefix(file, "reference/") && path.Ext(file) == ".md":
		return strings.TrimPrefix(file, "docs/")
	case name == "README.md":
		return strings.TrimSuffix(dir, "/") + ".md"
	case path.Ext(file) == ".md":
		return strings.ToLower(file)
	default:
		return "source/" + file + ".md"
	}
}

// page has a file of the repository, or a folder, get its page, whose name it returns.
func (s *stage) page(file string) string {
	to := staged(file)
	if info, err := os.Stat(filepath.Join(s.root, file)); err == nil && info.IsDir() {
		to = file + ".md"
		file = path.Join(file, "README.md")
	}
	if strings.HasSuffix(file, ".png") {
		to = strings.TrimPrefix(file, "docs/")
	}
	if !s.done[file] {
		s.done[file] = true
		s.todo = append(s.todo, file)
	}
	return to
}

func (s *stage) put(name, text string) error {
	file := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o644)
}

// write makes the page of a file, or of a folder that is named by its README.
func (s *stage) write(file, menu string) error {
	folder, text := "", ""
	if path.Base(file) == "README.md" && strings.HasPrefix(file, "examples/") {
		folder = path.Dir(file)
	}
	content, err := os.ReadFile(filepath.Join(s.root, file))
	switch {
	case folder != "" && err != nil:
		text = "# " + path.Base(folder) + "\n"
	case err != nil:
		return err
	case strings.HasSuffix(file, ".png"):
		return s.put(strings.TrimPrefix(file, "docs/"), string(content))
	case path.Ext(file) != ".md":
		return s.put(staged(file), source(file, string(content)))
	default:
		if text, err = s.relink(file, string(content)); err != nil {
			return err
		}
	}
	if folder != "" {
		files, err := s.files(folder)
		if err != nil {
			return err
		}
		text += files
	}
	if file == "README.md" {
		text += menu
	} else if !strings.Contains(menu, "\n"+strings.TrimSuffix(staged(file), ".md")+"\n") {
		text = "---\norphan: true\n---\n\n" + text
	}
	return s.put(staged(file), text)
}

// relink has a document's links go from page to page.
func (s *stage) relink(file, text string) (string, error) {
	d, err := Parse(text)
	if err != nil {
		return "", err
	}
	from := path.Dir(staged(file))
	for _, l := range slices.Backward(d.Links) {
		target, anchor, _ := strings.Cut(l.Target, "#")
		if target == "" || strings.Contains(target, ":") {
			continue
		}
		to := s.page(path.Join(path.Dir(file), target))
		to, err := filepath.Rel(from, to)
		if err != nil {
			return "", err
		}
		if to = filepath.ToSlash(to); anchor != "" {
			to += "#" + anchor
		}
		text = text[:l.Start] + to + text[l.End:]
	}
	return text, nil
}

// files lists what an example consists of.
func (s *stage) files(folder string) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## Its source\n\n")
	err := fs.WalkDir(os.DirFS(s.root), folder, func(file string, d fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"static", "dist", "__pycache__", "node_modules"}, d.Name())
		switch {
		case err != nil:
			return err
		case d.IsDir() && hidden:
			return fs.SkipDir
		case d.IsDir() || hidden || d.Name() == "README.md":
			return nil
		}
		up := strings.Repeat("../", strings.Count(folder, "/"))
		fmt.Fprintf(&b, "- [`%s`](%s%s)\n", strings.TrimPrefix(file, folder+"/"), up, s.page(file))
		return nil
	})
	return b.String(), err
}

var lexers = map[string]string{".go": "go", ".js": "javascript", ".ts": "typescript", ".py": "python", ".json": "json", ".toml": "toml", ".yaml": "yaml", ".html": "html"}

// source is the page of a file that is no document; a notebook's has its cells.
func source(file, text string) string {
	page := "---\norphan: true\n---\n\n# `" + file + "`\n\n"
	lexer := lexers[path.Ext(file)]
	if lexer == "" {
		lexer = "text"
	}
	var notebook struct {
		Cells []struct {
			Type   string   `json:"cell_type"`
			Source []string `json:"source"`
		}
	}
	if path.Ext(file) == ".ipynb" && json.Unmarshal([]byte(text), &notebook) == nil {
		for _, c := range notebook.Cells {
			if cell := strings.Join(c.Source, ""); c.Type == "code" {
				page += fenced("python", cell)
			} else {
				page += "#" + strings.ReplaceAll(cell, "\n#", "\n##") + "\n\n"
			}
		}
		return page
	}
	return page + fenced(lexer, text)
}

func fenced(lexer, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + lexer + "\n" + strings.TrimRight(text, "\n") + "\n" + fence + "\n\n"
}

// goReference writes the reference's pages of Go packages, and the list of them.
func (s *stage) goReference(module string) error {
	all, err := goReferences(s.root, module)
	if err != nil {
		return err
	}
	list, menu := "# Go packages\n\n| package | |\n|---|---|\n", "\n```{toctree}\n:hidden:\n\n"
	for _, p := range all {
		if err := s.put("reference/go/"+p.path+".md", p.text); err != nil {
			return err
		}
		list += fmt.Sprintf("| [%s](go/%s.md) | %s |\n", p.path, p.path, strings.ReplaceAll(p.synopsis, "|", `\|`))
		menu += "go/" + p.path + "\n"
	}
	return s.put("reference/go.md", list+menu+"```\n")
}
