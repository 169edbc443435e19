package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gocomm/internal/docs"
)

// docsPins are the packages that make the site.
//
//go:embed docs.txt
var docsPins string

// runDocs makes dist/docs, a site of the documents and the reference that any server of files serves, from any folder.
func runDocs(ctx context.Context, root string, args []string) error {
	if err := noArguments(args); err != nil {
		return err
	}
	if err := errors.Join(needs["node"](ctx), needs["npm"](ctx)); err != nil {
		return err
	}
	env, err := ensureVenv(ctx, root, "docs", docsPins, "about 20 s")
	if err != nil {
		return err
	}
	node := filepath.Join(root, "internal", "docs", "node")
	if err := installNodeModules(ctx, node, "what writes the reference of JavaScript: a few seconds"); err != nil {
		return err
	}
	pages, err := os.MkdirTemp("", "gocomm-docs-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(pages)
	if err := os.CopyFS(pages, os.DirFS(filepath.Join(root, "internal", "docs", "site"))); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(pages, "reference"), 0o755); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(pages, "python.md"), filepath.Join(pages, "reference", "python.md")); err != nil {
		return err
	}
	if err := javaScriptReference(ctx, root, node, filepath.Join(pages, "reference")); err != nil {
		return err
	}
	if err := docs.Stage(root, pages, "gocomm"); err != nil {
		return err
	}
	site := filepath.Join(root, "dist", "docs")
	if err := os.RemoveAll(site); err != nil {
		return err
	}
	// A link that leads nowhere is an error. What Sphinx keeps for the next time stays out of the site.
	_, err = output(ctx, root, []string{"PYTHONPATH=" + filepath.Join(root, "nbextension"), "PYTHONDONTWRITEBYTECODE=1"}, filepath.Join(env, "bin", "python"),
		"-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "-d", filepath.Join(pages, ".doctrees"), pages, site)
	if err != nil {
		return errors.New(strings.ReplaceAll(err.Error(), pages, "…"))
	}
	for _, name := range []string{".buildinfo", "objects.inv"} {
		if err := os.Remove(filepath.Join(site, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	count, err := docs.CheckSite(os.DirFS(site))
	if err != nil {
		return err
	}
	say("dist/docs: %d pages", count)
	return nil
}

// javaScriptReference writes the folder js into a folder: a page for each module of web that has a contract, and the list of them.
func javaScriptReference(ctx context.Context, root, node, dir string) error {
	contracts, err := filepath.Glob(filepath.Join(root, "web", "*.d.ts"))
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "gocomm-typedoc-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	config, err := json.Marshal(map[string]any{
		"extends":         filepath.Join(root, "internal", "js", "tsconfig.json"),
		"compilerOptions": map[string]any{"skipLibCheck": true},
		"files":           contracts,
		"typedocOptions": map[string]any{
			"plugin": []string{filepath.Join(node, "node_modules", "typedoc-plugin-markdown", "dist", "index.js")}, "entryPoints": contracts, "out": filepath.Join(dir, "js"),
			"name": "JavaScript modules", "readme": "none", "sort": []string{"source-order"}, "disableSources": true,
			"treatWarningsAsErrors": true, "outputFileStrategy": "modules", "entryFileName": "index", "hideBreadcrumbs": true, "hidePageHeader": true,
			"parametersFormat": "table", "interfacePropertiesFormat": "table", "propertyMembersFormat": "table", "typeDeclarationFormat": "table",
			"tableColumnSettings": map[string]any{"hideInherited": true, "hideOverrides": true, "hideSources": true},
		},
	})
	if err != nil {
		return err
	}
	project := filepath.Join(scratch, "tsconfig.json")
	if err := os.WriteFile(project, config, 0o644); err != nil {
		return err
	}
	if _, err := output(ctx, root, nil, "node", filepath.Join(node, "node_modules", "typedoc", "bin", "typedoc"), "--tsconfig", project); err != nil {
		return err
	}
	index := filepath.Join(dir, "js", "index.md")
	list, err := os.ReadFile(index)
	if err != nil {
		return err
	}
	text := string(list) + "\n```{toctree}\n:hidden:\n\n"
	for _, c := range contracts {
		name := strings.TrimSuffix(filepath.Base(c), ".d.ts")
		text = strings.Replace(text, "["+name+"]", "["+name+".js]", 1) + name + "\n"
		page := filepath.Join(dir, "js", name+".md")
		about, err := os.ReadFile(page)
		if err != nil {
			return err
		}
		rest, found := strings.CutPrefix(string(about), "# "+name+"\n")
		if !found {
			return fmt.Errorf("%s does not begin with its name", page)
		}
		if err := os.WriteFile(page, []byte("# "+name+".js\n"+rest), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(index, []byte(text+"```\n"), 0o644)
}
