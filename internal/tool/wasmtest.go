package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// runWasmtest runs Go tests on a page of headless Chromium. The tests find dist served, with dist/web at the URL in GOCOMM_WEB,
// and the modules of internal/js/test at the one in GOCOMM_TEST (no slash at their ends).
func runWasmtest(ctx context.Context, root string, args []string) error {
	if len(args) == 0 {
		args = []string{"./jsglue/...", "./view/..."}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	chromium, base, err := chromiumAndDist(ctx, root)
	if err != nil {
		return err
	}
	modules, err := serveWeb(ctx, filepath.Join(root, "internal", "js", "test"))
	if err != nil {
		return err
	}
	served := []string{"GOCOMM_WEB=" + base + "/web", "GOCOMM_TEST=" + modules}
	scratch, err := os.MkdirTemp("", "gocomm-wasmtest-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	say("Go tests in Chromium: %s", strings.Join(args, " "))
	runner, err := buildRunner(ctx, root, scratch, chromium, served)
	if err != nil {
		return err
	}

	c := exec.CommandContext(ctx, "go", append([]string{"test", "-json", "-count=1", "-exec=" + quoted(runner)}, args...)...)
	c.Dir = root
	c.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	interrupt(c)
	c.Stderr = os.Stderr
	report, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	result, readErr := readTestEvents(report, os.Stderr)
	err = errors.Join(c.Wait(), readErr)
	switch {
	case result.failed > 0:
		return fmt.Errorf("%d tests failed, %d passed", result.failed, result.passed)
	case err != nil:
		return fmt.Errorf("go test: %w", err)
	case result.passed == 0:
		return fmt.Errorf("no test ran in %s (%d skipped): that proves nothing", strings.Join(args, " "), result.skipped)
	}
	say("%d tests passed in Chromium, %d skipped", result.passed, result.skipped)
	return nil
}

// buildRunner writes the program that `go test` hands each test binary to.
func buildRunner(ctx context.Context, root, scratch, chromium string, served []string) (string, error) {
	browsertest, err := buildTool(ctx, root, scratch, "github.com/agnivade/wasmbrowsertest")
	if err != nil {
		return "", err
	}
	goroot, err := output(ctx, root, nil, "go", "env", "GOROOT")
	if err != nil {
		return "", err
	}
	home := filepath.Join(scratch, "home") // for what Chromium keeps beside its profile
	bin := filepath.Join(scratch, "bin")
	for _, dir := range []string{home, bin} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return "", err
		}
	}
	flags := "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
	if os.Geteuid() == 0 {
		flags += " --no-sandbox" // Chromium refuses to run as root with it
	}
	// headless_shell is the first name that wasmbrowsertest looks for. `exec`: what it ends must be the browser itself.
	if err := script(filepath.Join(bin, "headless_shell"), "exec "+quoted(chromium)+" "+flags+` "$@"`); err != nil {
		return "", err
	}
	// wasmbrowsertest hands its whole environment to the test program, which dies beyond 8 KB of it.
	env := []string{"PATH=" + bin + ":/usr/local/bin:/usr/bin:/bin", "HOME=" + home, "TMPDIR=" + scratch, "GOROOT=" + goroot}
	line := "exec env -i"
	for _, v := range append(env, served...) {
		line += " " + quoted(v)
	}
	runner := filepath.Join(scratch, "runner")
	return runner, script(runner, line+" "+quoted(browsertest)+` "$@"`)
}

// buildTool builds a program that tools.mod pins: what those need is older than ours, or other, so they have a module file of their own.
func buildTool(ctx context.Context, root, dir, pkg string) (string, error) {
	out := filepath.Join(dir, path.Base(pkg))
	_, err := output(ctx, root, []string{"GOOS=", "GOARCH=", "GOFLAGS="}, "go", "build", "-buildvcs=false", "-modfile="+filepath.Join(root, "tools.mod"), "-o", out, pkg)
	return out, err
}

func script(path, line string) error {
	return os.WriteFile(path, []byte("#!/bin/sh\n"+line+"\n"), 0o755)
}

// quoted is for a shell and for go test -exec.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
