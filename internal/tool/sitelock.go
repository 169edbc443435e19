package main

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A lockedWheel is an entry of pyodide-lock.json, by which a page finds a package, checks it, and loads it when a cell imports it.
type lockedWheel struct {
	Name        string   `json:"name"`
	Version     string   `json:"version"`
	FileName    string   `json:"file_name"`
	InstallDir  string   `json:"install_dir"`
	SHA256      string   `json:"sha256"`
	PackageType string   `json:"package_type"`
	Imports     []string `json:"imports"`
	Depends     []string `json:"depends"`
	Unvendored  bool     `json:"unvendored_tests"`

	requires []requirement
}

// A requirement is one of a wheel's lines Requires-Dist.
type requirement struct {
	name   string
	extras []string // that it wants of the package
	extra  string   // it is there for this extra of its own package; "" for all
	marked bool     // it is for some Pythons and systems only
}

// lockWheels writes the lock of a folder of wheels beside them. info is what the lock of pyodide itself says of the Python.
func lockWheels(dir string, info json.RawMessage) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.whl"))
	if err != nil {
		return err
	}
	wheels := map[string]*lockedWheel{}
	for _, path := range files {
		w, err := readWheel(path)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		if other := wheels[w.Name]; other != nil {
			return fmt.Errorf("there are two wheels of %s: %s and %s", w.Name, other.FileName, w.FileName)
		}
		wheels[w.Name] = w
	}
	if err := resolve(wheels); err != nil {
		return err
	}
	text, err := json.MarshalIndent(map[string]any{"info": info, "packages": wheels}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "pyodide-lock.json"), append(text, '\n'), 0o644)
}

// resolve fills in what each wheel needs. All of that has to be among the wheels: pages ask nobody else.
func resolve(wheels map[string]*lockedWheel) error {
	wanted := wantedExtras(wheels)
	for _, name := range slices.Sorted(maps.Keys(wheels)) {
		w := wheels[name]
		for _, r := range w.requires {
			switch _, there := wheels[r.name]; {
			case r.extra != "" && !slices.Contains(wanted[name], r.extra):
			case there && !slices.Contains(w.Depends, r.name):
				w.Depends = append(w.Depends, r.name)
			case !there && !r.marked:
				return fmt.Errorf("%s needs %s, which the site does not have: name it in internal/tool/sitekernel.txt", w.FileName, r.name)
			}
		}
		slices.Sort(w.Depends)
	}
	return acyclic(wheels)
}

// wantedExtras are the extras that are asked for, by package. One may ask for others.
func wantedExtras(wheels map[string]*lockedWheel) map[string][]string {
	wanted := map[string][]string{}
	for more := true; more; {
		more = false
		for name, w := range wheels {
			for _, r := range w.requires {
				if r.extra != "" && !slices.Contains(wanted[name], r.extra) {
					continue
				}
				for _, extra := range r.extras {
					if !slices.Contains(wanted[r.name], extra) {
						wanted[r.name] = append(wanted[r.name], extra)
						more = true
					}
				}
			}
		}
	}
	return wanted
}

// acyclic makes sure that no package needs itself by way of others: pyodide would wait for ever.
func acyclic(wheels map[string]*lockedWheel) error {
	done := map[string]bool{}
	var visit func(name string, path []string) error
	visit = func(name string, path []string) error {
		if i := slices.Index(path, name); i >= 0 {
			return fmt.Errorf("packages need each other: %s", strings.Join(append(path[i:], name), ", "))
		}
		if done[name] {
			return nil
		}
		for _, next := range wheels[name].Depends {
			if err := visit(next, append(path, name)); err != nil {
				return err
			}
		}
		done[name] = true
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(wheels)) {
		if err := visit(name, nil); err != nil {
			return err
		}
	}
	return nil
}

func readWheel(path string) (*lockedWheel, error) {
	if !strings.HasSuffix(path, "-none-any.whl") {
		return nil, errors.New("is not pure Python, so that pages cannot load it")
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	w := &lockedWheel{
		FileName: filepath.Base(path), InstallDir: "site", SHA256: hex.EncodeToString(sum[:]), PackageType: "package",
		Imports: []string{}, Depends: []string{},
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	for _, f := range archive.File {
		dir, file, nested := strings.Cut(f.Name, "/")
		switch {
		case nested && file == "METADATA" && strings.HasSuffix(dir, ".dist-info"):
			if err := w.readMetadata(f); err != nil {
				return nil, err
			}
		case nested && file == "__init__.py":
			w.Imports = append(w.Imports, dir)
		case !nested && strings.HasSuffix(f.Name, ".py"):
			w.Imports = append(w.Imports, strings.TrimSuffix(f.Name, ".py"))
		}
	}
	if w.Name == "" || w.Version == "" {
		return nil, errors.New("has no METADATA with its name and version")
	}
	slices.Sort(w.Imports)
	return w, nil
}

// readMetadata reads the headers of a wheel's METADATA.
func (w *lockedWheel) readMetadata(f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			break // what follows is the description
		}
		switch key, value, _ := strings.Cut(line, ": "); key {
		case "Name":
			w.Name = normalName(value)
		case "Version":
			w.Version = value
		case "Requires-Dist":
			r, err := parseRequirement(value)
			if err != nil {
				return err
			}
			w.requires = append(w.requires, r)
		}
	}
	return nil
}

var (
	separators   = regexp.MustCompile(`[-_.]+`)
	requiresDist = regexp.MustCompile(`^([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?[^;]*(?:;(.*))?$`)
	extraMarker  = regexp.MustCompile(`\bextra\s*==\s*["']([^"']+)["']`)
)

// normalName is a package's name as PyPI compares it.
func normalName(name string) string {
	return strings.ToLower(separators.ReplaceAllString(name, "-"))
}

func parseRequirement(text string) (requirement, error) {
	part := requiresDist.FindStringSubmatch(text)
	if part == nil {
		return requirement{}, fmt.Errorf("Requires-Dist: %s: cannot be read", text)
	}
	r := requirement{name: normalName(part[1])}
	for extra := range strings.FieldsFuncSeq(part[2], func(c rune) bool { return c == ',' || c == ' ' }) {
		r.extras = append(r.extras, normalName(extra))
	}
	if found := extraMarker.FindStringSubmatch(part[3]); found != nil {
		r.extra = normalName(found[1])
	}
	r.marked = strings.Contains(extraMarker.ReplaceAllString(part[3], ""), "=") || strings.ContainsAny(part[3], "<>")
	return r, nil
}
