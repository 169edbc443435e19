package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/internal/jupyter"
)

// A block is one of a document's, with what stands behind the three back quotes.
type block struct{ info, text string }

func blocks(t *testing.T, path string) (all []block) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	parts := strings.Split("\n"+string(text), "\n```")
	require.Equal(t, 1, len(parts)%2, "a block is not closed")
	for i := 1; i < len(parts); i += 2 {
		info, body, _ := strings.Cut(parts[i], "\n")
		all = append(all, block{info, body + "\n"})
	}
	return all
}

// TestTutorial does what docs/widgets.md says, in the order in which it is said, in an
// environment that has what the wheel needs. Each file that is written compiles, and the
// page shows what the text says.
func TestTutorial(t *testing.T) {
	t.Parallel()
	host_ := filepath.Join(fixture.envs, string(jupyter.H1))
	env, others := layer(t, host_), layer(t, host_)
	python := filepath.Join(env, "bin", "python")
	pack := filepath.Join(fixture.envs, "pack", "bin", "python")
	plain := withoutPackers(t)
	dir := t.TempDir() // where gocomm's repository would be
	copyFile(t, theWheel(t), filepath.Join(dir, "dist", filepath.Base(theWheel(t))))
	tutorial := &project{folder: filepath.Join(dir, "dice"), python: python}
	at := dir
	var page *paper
	var dev *process
	built := func() int { return strings.Count(dev.said(), "built in") }
	ran := map[string]int{}
	for _, b := range blocks(t, filepath.Join(fixture.root, "docs", "widgets.md")) {
		kind, file, isFile := strings.Cut(b.info, " ")
		ran[kind]++
		switch {
		case isFile:
			require.Eventually(t, func() bool { return built() > 0 }, 4*soon, 50*time.Millisecond, "the project as it is made: %s", dev.said)
			before := built()
			require.NoError(t, os.WriteFile(filepath.Join(tutorial.folder, file), []byte(b.text), 0o644))
			if kind == "go" {
				require.Eventually(t, func() bool { return built() > before || strings.Contains(dev.said(), ".go:") }, 4*soon, 50*time.Millisecond)
				require.NotContains(t, dev.said(), ".go:", "%s does not compile", file)
				tutorial.in(t, tutorial.folder, "go", "vet", "./...")
			}
			switch file {
			case "dice/__init__.py":
				page = tutorialPage(t, env, tutorial)
				page.run(t, 1) // after a heading
				page.shows(t, 1, "count is 1")
			case "dice.go", "main_js.go":
				page.shows(t, 1, "1 of 6")
			}
		case kind == "sh":
			for line := range strings.Lines(b.text) {
				switch line = strings.TrimSpace(line); {
				case line == "cd dice":
					at = tutorial.folder
				case strings.HasPrefix(line, "pip install"):
					in := env
					if strings.Contains(line, "dist/dice") {
						in = others
					}
					words := strings.Fields(strings.ReplaceAll(line, `"`, ""))
					// What the package index would give is there.
					tutorial.in(t, at, filepath.Join(in, "bin", "python"), append([]string{"-m", "pip", "--no-input", "--disable-pip-version-check", "install", "--no-index"}, words[2:]...)...)
				case line == "python -m gocomm dev":
					dev = tutorial.develop(t, nil, "--no-jupyter")
				case line == "python -m build": // its environment would be filled from the package index
					tutorial.in(t, at, pack, "-m", "build", "--no-isolation")
				default:
					command := strings.Fields(line)
					if command[0] == "python" {
						command[0] = python
					}
					tutorial.in(t, at, "env", append([]string{plain}, command...)...)
				}
			}
		case kind == "python":
			i := page.addCell(t, b.text)
			page.run(t, i)
			switch ran["python"] {
			case 2: // the class is the first one
				shown := page.in(i, ".gocomm-view button") + `.textContent`
				require.NoError(t, page.Wait(shown+` === "1 of 20"`, soon))
				page.python(t, `dice.value = 21`)
				require.NoError(t, page.Wait(shown+` === "21 of 20"`, soon))
				require.NoError(t, page.Click(page.in(i, ".gocomm-view button")))
				page.pythonPrints(t, "True", `print(1 <= dice.value <= 20)`)
			case 3:
				page.pythonPrints(t, "1", `print(len(heard))`)
			case 4:
				require.Equal(t, "{'rolled': 1000} 1000 True", page.output(t, i))
			}
		default:
			t.Fatalf("what is to be done with a block of %q?", b.info)
		}
	}
	require.Equal(t, map[string]int{"sh": 6, "go": 4, "python": 4}, ran)
	require.NotContains(t, dev.said(), "Traceback")
	require.Empty(t, page.Errors())

	// Installed, it needs neither its folder nor Go.
	h := tutorialHost(t, others, t.TempDir())
	installed := openPaper(t, h, "from dice import Dice\nDice(value=3)", "")
	installed.run(t, 0)
	require.NoError(t, installed.Wait(installed.in(0, ".gocomm-view button")+`.textContent === "3 of 6"`, soon))
}

func tutorialHost(t *testing.T, env, dir string) *host {
	t.Helper()
	server, err := jupyter.Start(context.Background(), jupyter.Config{Host: jupyter.Lab, Env: env, Dir: dir})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	return &host{Server: server, Name: jupyter.Lab}
}

// tutorialPage opens the project's notebook, when its program is built.
func tutorialPage(t *testing.T, env string, p *project) *paper {
	t.Helper()
	h := tutorialHost(t, env, p.folder)
	page := openPaperAt(t, h, h.NotebookURL("dice.ipynb"))
	return page
}
