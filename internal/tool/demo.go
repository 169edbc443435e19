package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"

	"gocomm/internal/jupyter"
)

const demoNotebook = "cookbook.ipynb"

func runDemo(ctx context.Context, root string, args []string) error {
	if len(args) > 0 && args[0] == "-headless" {
		if err := noArguments(args[1:]); err != nil {
			return err
		}
		return runHeadless(ctx, root)
	}
	if err := noArguments(args); err != nil {
		return err
	}
	config, err := demoConfig(ctx, root)
	if err != nil {
		return err
	}
	say("starting the classic Notebook ...")
	server, err := jupyter.Start(ctx, config)
	if errors.Is(err, jupyter.ErrPortTaken) {
		return fmt.Errorf("port %d is in use by another program: choose another one, as in `make demo PORT=%d`, or leave PORT out", config.Port, config.Port+1)
	}
	if err != nil {
		return err
	}
	defer server.Stop()
	url := server.NotebookURL(demoNotebook)
	say("\nThe cookbook's notebook, on %s:\n\n  %s\n", filepath.Join("dist", "demo"), url)
	if openPage(url) {
		say("It opens in your browser. Ctrl-C stops the server.")
	} else {
		say("Open that address in a browser. Ctrl-C stops the server.")
	}
	select {
	case <-ctx.Done():
		say("\nstopping the server and its kernels ...")
		return server.Stop()
	case <-server.Done():
		return fmt.Errorf("the server ended by itself; its last lines:\n%s", lastLines(server.LogTail(), 12))
	}
}

// demoConfig lays out what the demo serves. The token keeps other users of this machine out.
func demoConfig(ctx context.Context, root string) (jupyter.Config, error) {
	var none jupyter.Config
	port, err := demoPort()
	if err != nil {
		return none, err
	}
	if err := requireBuilt(root, filepath.Join("dist", "nbextension", "gocomm", "main.js")); err != nil {
		return none, err
	}
	pins, err := jupyter.H1.Pins()
	if err != nil {
		return none, err
	}
	env, err := ensureVenv(ctx, root, string(jupyter.H1), pins, hostDuration)
	if err != nil {
		return none, err
	}
	dir := filepath.Join(root, "dist", "demo")
	if err := copyExample(filepath.Join(root, "examples", "cookbook"), dir); err != nil {
		return none, err
	}
	return jupyter.Config{
		Host: jupyter.H1, Env: env, Dir: dir, Port: port, Token: rand.Text(),
		Nbextensions: filepath.Join(root, "dist", "nbextension"), Enable: []string{"gocomm/main", "gocomm/cookbook"},
	}, nil
}

func demoPort() (int, error) {
	text := os.Getenv("PORT")
	if text == "" {
		return 0, nil
	}
	port, err := strconv.Atoi(text)
	if err != nil || port < 1 || port > 65535 {
		return 0, fmt.Errorf("PORT=%s is no port: use a number from 1 to 65535", text)
	}
	return port, nil
}

// copyExample copies a folder for the user to work on. A file that is newer than its original stays: it may have been edited.
func copyExample(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		original, err := d.Info()
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		if copied, err := os.Stat(target); err == nil && copied.ModTime().After(original.ModTime()) {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		_, err = writeIfChanged(target, content)
		return err
	})
}

// openPage shows an address in the user's browser, where there is a screen.
func openPage(url string) bool {
	opener := "xdg-open"
	if runtime.GOOS == "darwin" {
		opener = "open"
	} else if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return false
	}
	c := exec.Command(opener, url)
	if err := c.Start(); err != nil {
		return false
	}
	go c.Wait() // reaps it; ends with the opener
	return true
}
