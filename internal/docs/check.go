package docs

import (
	"errors"
	"fmt"
	"html"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

var (
	attribute = regexp.MustCompile(`\s(id|href|src|action)="([^"]*)"`)
	resource  = regexp.MustCompile(`<(?:script|img|link|iframe|source)\b[^>]*\s(?:src|href)="((?:https?:)?//[^"]*)"`)
	styleURL  = regexp.MustCompile(`url\(\s*["']?((?:https?:)?//[^)"']+)|@import`)
)

// CheckSite follows each link of a site to a page and a place in it, and gives the number of pages. It finds what the site
// would take from elsewhere, and what holds only at the top of a server.
func CheckSite(site fs.FS) (pages int, err error) {
	ids, links := map[string][]string{}, map[string][]string{}
	var bad []error
	err = fs.WalkDir(site, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		ids[file] = nil
		kind := path.Ext(file)
		if kind != ".html" && kind != ".css" {
			return nil
		}
		text, err := fs.ReadFile(site, file)
		if err != nil {
			return err
		}
		if kind == ".css" {
			for _, m := range styleURL.FindAll(text, -1) {
				bad = append(bad, fmt.Errorf("%s: %s is of another origin", file, m))
			}
			return nil
		}
		pages++
		for _, m := range resource.FindAllSubmatch(text, -1) {
			bad = append(bad, fmt.Errorf("%s: %s is of another origin", file, m[1]))
		}
		for _, m := range attribute.FindAllSubmatch(text, -1) {
			value := html.UnescapeString(string(m[2]))
			if string(m[1]) == "id" {
				ids[file] = append(ids[file], value)
			} else {
				links[file] = append(links[file], value)
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for from, all := range links {
		for _, l := range all {
			u, err := url.Parse(l)
			if err != nil || strings.HasPrefix(l, "/") {
				bad = append(bad, fmt.Errorf("%s: %s leads nowhere below a folder", from, l))
				continue
			}
			if u.Scheme != "" || l == "" || l == "#" {
				continue
			}
			to := from
			if u.Path != "" {
				to = path.Join(path.Dir(from), u.Path)
			}
			anchors, there := ids[to]
			if !there {
				bad = append(bad, fmt.Errorf("%s: there is no %s", from, to))
			} else if u.Fragment != "" && path.Ext(to) == ".html" && !slices.Contains(anchors, u.Fragment) {
				bad = append(bad, fmt.Errorf("%s: %s has no #%s", from, to, u.Fragment))
			}
		}
	}
	slices.SortFunc(bad, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return pages, errors.Join(bad...)
}
