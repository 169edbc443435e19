package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// minPython is what the pinned packages of the test servers need; the gocomm wheel itself is content with less.
const minPython = "(3, 11)"

// findPython returns a Python that can create environments: $PYTHON, or the first of the usual names that is new enough.
func findPython(ctx context.Context) (string, error) {
	names := []string{"python3", "python3.13", "python3.12", "python3.11", "python"}
	named := os.Getenv("PYTHON")
	if named != "" {
		names = []string{named}
	}
	var found []string
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		// -I: neither the folder nor the user's settings take part.
		said, err := output(ctx, "", nil, path, "-I", "-c", "import sys; print(sys.version.split()[0], sys.version_info >= "+minPython+")")
		if err != nil {
			found = append(found, path+" (does not run)")
			continue
		}
		version, enough, _ := strings.Cut(said, " ")
		if enough != "True" {
			found = append(found, path+" ("+version+")")
			continue
		}
		if _, err := output(ctx, "", nil, path, "-I", "-c", "import venv, ensurepip"); err != nil {
			return "", fmt.Errorf("%s (%s) cannot create environments: install its venv module (Debian: `apt-get install python3-venv`)", path, version)
		}
		return path, nil
	}
	hint := "install Python 3.11 or newer (Debian: `apt-get install python3 python3-venv`), or set PYTHON to its path"
	switch {
	case len(found) > 0:
		return "", fmt.Errorf("found only %s, which is too old: %s", strings.Join(found, ", "), hint)
	case named != "":
		return "", fmt.Errorf("PYTHON names %s, which is not there: %s", named, hint)
	}
	return "", errors.New("no python3 found: " + hint)
}
