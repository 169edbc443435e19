package main

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"gocomm/internal/jupyter"
)

// packPins are the packages that build the wheel.
//
//go:embed wheel.txt
var packPins string

// projectPins are the packages that the tests pack a widget's project with, as a user does.
//
//go:embed pack.txt
var projectPins string

// packEnv is their environment's name.
const packEnv = "pack"

const hostDuration = "a minute or two"

func runVenv(ctx context.Context, root string, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("name the environments: %q, %q, %q, %q", jupyter.Hosts(), []jupyter.Host{jupyter.H1Libraries, jupyter.H2Libraries}, jupyter.Modules(), packEnv)
	}
	for _, name := range args {
		pins, err := projectPins, error(nil)
		if name != packEnv {
			pins, err = jupyter.Host(name).Pins()
		}
		if err != nil {
			return err
		}
		if _, err := ensureVenv(ctx, root, name, pins, hostDuration); err != nil {
			return err
		}
		if name == string(jupyter.Hub) {
			if err := hubProxy(ctx, root); err != nil {
				return err
			}
		}
	}
	return nil
}

// hubProxy installs JupyterHub's proxy, which is a program of Node's.
func hubProxy(ctx context.Context, root string) error {
	if err := errors.Join(needs["node"](ctx), needs["npm"](ctx)); err != nil {
		return err
	}
	return installNodeModules(ctx, filepath.Join(root, "internal", "jupyter", "proxy"), "JupyterHub's proxy: a few seconds")
}

// ensureVenv returns the folder of an environment that holds exactly the pins, and creates it when it does not.
func ensureVenv(ctx context.Context, root, name, pins, duration string) (string, error) {
	dir := filepath.Join(root, ".envs", name)
	// The path takes part: an environment's programs name the folder that they were installed in.
	sum := sha256.Sum256([]byte(dir + "\n" + pins))
	stamp, want := filepath.Join(dir, "gocomm.stamp"), hex.EncodeToString(sum[:])
	if have, err := os.ReadFile(stamp); err == nil && string(have) == want {
		// An update of the system's Python can leave an environment without its interpreter.
		if _, err := output(ctx, "", nil, filepath.Join(dir, "bin", "python"), "-I", "-c", ""); err == nil {
			return dir, nil
		}
	}
	python, err := findPython(ctx)
	if err != nil {
		return "", err
	}
	var noDeps []string
	if strings.HasSuffix(name, "-libraries") { // the host has the rest
		noDeps = []string{"--no-deps"}
	}
	start := time.Now()
	say("creating Python environment %s: %s, once", name, duration)
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	if err := createVenv(ctx, python, dir, pins, noDeps...); err != nil {
		return "", fmt.Errorf("creating Python environment %s: %w", name, err)
	}
	if err := os.WriteFile(stamp, []byte(want), 0o644); err != nil {
		return "", err
	}
	say("Python environment %s ready in %s", name, took(start))
	return dir, nil
}

func createVenv(ctx context.Context, python, dir, pins string, options ...string) error {
	if _, err := output(ctx, "", nil, python, "-I", "-m", "venv", dir); err != nil {
		return fmt.Errorf("%w\ninstall Python's venv module (Debian: `apt-get install python3-venv`)", err)
	}
	scratch, err := os.MkdirTemp("", "gocomm-pins-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	list := filepath.Join(scratch, "pins.txt")
	if err := os.WriteFile(list, []byte(pins), 0o644); err != nil {
		return err
	}
	args := append([]string{"-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar=off", "-r", list}, options...)
	_, err = output(ctx, "", []string{"PYTHONPATH="}, filepath.Join(dir, "bin", "python"), args...)
	if err == nil {
		return nil
	}
	return pipError(err)
}

// pipError shortens what pip said when it could not get the pinned packages.
func pipError(err error) error {
	if noNetwork.MatchString(err.Error()) {
		return errors.New("pip cannot reach the package index: check the network, the proxy, or pip's settings (PIP_INDEX_URL)\n" + lastLines(err.Error(), 3))
	}
	return errors.New("pip cannot install the pinned packages\n" + lastLines(strings.TrimSpace(err.Error()), 12))
}

var noNetwork = regexp.MustCompile(`(?i)connection (broken|refused|reset|aborted)|NewConnectionError|name resolution|Max retries exceeded|timed out|unreachable|from versions: none`)
