package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

var errNoChromium = errors.New("no Chromium found")

func runChromium(ctx context.Context, root string, args []string) error {
	if slices.Equal(args, []string{"-shell"}) {
		path, err := headlessShell(ctx)
		if err == nil {
			fmt.Println(path)
			return nil
		}
		say("tests take a third longer in the whole Chromium: %v", err)
	} else if err := noArguments(args); err != nil {
		return err
	}
	path, err := findChromium(ctx)
	if errors.Is(err, errNoChromium) && aptUsable() {
		if err := installChromium(ctx); err != nil {
			return err
		}
		path, err = findChromium(ctx)
	}
	if err != nil {
		return err
	}
	fmt.Println(path)
	return nil
}

// headlessShell returns the path of $CHROMIUM, or of Chromium without windows: the same engine, for which a page takes a second of
// the processor's time less, since no window is made for it. It is installed where it is missing and Debian has it.
func headlessShell(ctx context.Context) (string, error) {
	if os.Getenv("CHROMIUM") != "" {
		return findChromium(ctx)
	}
	find := func() (string, error) { return firstThatRuns(ctx, "chromium-headless-shell", "chrome-headless-shell") }
	path, err := find()
	if errors.Is(err, errNoChromium) && aptUsable() {
		if err := aptInstall(ctx, "Chromium's headless shell", "chromium-headless-shell"); err != nil {
			return "", err
		}
		path, err = find()
	}
	// Debian's is a script that waits for the browser: whoever ends it would leave the browser at work.
	const started = "/usr/lib/chromium/chromium-headless-shell"
	if path == "/usr/bin/chromium-headless-shell" && browserRuns(ctx, started) == nil {
		path = started
	}
	return path, err
}

// findChromium returns the path of a browser that runs: $CHROMIUM, or the first of the usual names.
func findChromium(ctx context.Context) (string, error) {
	if named := os.Getenv("CHROMIUM"); named != "" {
		path, err := exec.LookPath(named)
		if err == nil {
			path, err = filepath.Abs(path)
		}
		if err == nil {
			err = browserRuns(ctx, path)
		}
		if err != nil {
			return "", fmt.Errorf("CHROMIUM names %s, which does not run: %w", named, err)
		}
		return path, nil
	}
	return firstThatRuns(ctx,
		"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
	)
}

func firstThatRuns(ctx context.Context, names ...string) (string, error) {
	var broken error
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		// A name alone proves nothing: Ubuntu's chromium-browser only says that it moved.
		if err := browserRuns(ctx, path); err != nil {
			broken = errors.Join(broken, err)
			continue
		}
		return path, nil
	}
	hint := "install Chromium (Debian: `apt-get install chromium`), or set CHROMIUM to the browser's path"
	if broken != nil {
		return "", fmt.Errorf("%w that runs: %s\n%w", errNoChromium, hint, broken)
	}
	return "", fmt.Errorf("%w: %s", errNoChromium, hint)
}

func browserRuns(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	_, err := output(ctx, "", nil, path, "--version")
	return err
}

func aptUsable() bool {
	if os.Geteuid() != 0 {
		return false
	}
	_, err := exec.LookPath("apt-get")
	return err == nil
}

func installChromium(ctx context.Context) error {
	if err := aptInstall(ctx, "Chromium", "chromium"); err != nil {
		return fmt.Errorf("%w\ninstall Chromium yourself, or set CHROMIUM to a browser's path", err)
	}
	return nil
}

// aptInstall installs a package of Debian's.
func aptInstall(ctx context.Context, what, name string) error {
	start := time.Now()
	say("installing %s with apt-get: about a minute, once", what)
	for _, args := range [][]string{{"update", "-q"}, {"install", "-q", "-y", "--no-install-recommends", name}} {
		say("  apt-get %s", args[0])
		if _, err := output(ctx, "", []string{"DEBIAN_FRONTEND=noninteractive"}, "apt-get", args...); err != nil {
			return err
		}
	}
	say("%s installed in %s", what, took(start))
	return nil
}
