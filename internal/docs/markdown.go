// Package docs reads the project's documents: its tests hold them to the repository, and `make docs` makes the site of them.
package docs

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// A Document is a Markdown file.
type Document struct {
	Text   string
	Blocks []Block
	Links  []Link
	// Anchors are those of its headings, as GitHub names them.
	Anchors []string
}

// A Block is fenced by three back quotes; its Info stands behind the first ones.
type Block struct {
	Info, Text string
	Line       int // of its first line of text, from 1
}

// A Link or picture has its target at Text[Start:End].
type Link struct {
	Target     string
	Line       int
	Start, End int
}

var (
	heading  = regexp.MustCompile(`^#{1,6}\s+(.*?)\s*#*\s*$`)
	codeSpan = regexp.MustCompile("`[^`]*`")
	link     = regexp.MustCompile(`\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)?)(?:\s+"[^"]*")?\)`)
	markup   = regexp.MustCompile("!?\\[([^\\]]*)\\]\\([^)]*\\)|[`*]")
)

// Parse reads a document. The project's documents indent no fences.
func Parse(text string) (*Document, error) {
	d := &Document{Text: text}
	seen := map[string]int{}
	var open *Block
	at, prose := 0, []byte(text) // without what is code, at the same places
	for n, line := range strings.SplitAfter(text, "\n") {
		start, bare := at, strings.TrimRight(line, "\n")
		at += len(line)
		switch {
		case open != nil && bare == "```":
			d.Blocks = append(d.Blocks, *open)
			open = nil
			blank(prose[start:at])
		case open != nil:
			open.Text += line
			blank(prose[start:at])
		case strings.HasPrefix(bare, "```"):
			open = &Block{Info: bare[3:], Line: n + 2}
			blank(prose[start:at])
		case heading.MatchString(bare):
			anchor := slug(heading.FindStringSubmatch(bare)[1])
			if k := seen[anchor]; k > 0 {
				d.Anchors = append(d.Anchors, fmt.Sprintf("%s-%d", anchor, k))
			} else {
				d.Anchors = append(d.Anchors, anchor)
			}
			seen[anchor]++
		}
	}
	if open != nil {
		return nil, fmt.Errorf("line %d: the block is not closed", open.Line-1)
	}
	for _, m := range codeSpan.FindAllIndex(prose, -1) {
		blank(prose[m[0]:m[1]])
	}
	for _, m := range link.FindAllSubmatchIndex(prose, -1) {
		d.Links = append(d.Links, Link{Target: text[m[2]:m[3]], Line: 1 + strings.Count(text[:m[2]], "\n"), Start: m[2], End: m[3]})
	}
	return d, nil
}

// blank leaves the lines of a text, so that places stay what they are.
func blank(text []byte) {
	for i := range text {
		if text[i] != '\n' {
			text[i] = ' '
		}
	}
}

// slug is the anchor that GitHub gives a heading.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, markup.ReplaceAllString(heading, "$1"))
}
