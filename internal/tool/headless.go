package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// runHeadless runs the demo's notebook in headless Chromium, prints the comm messages that travel, and checks that the cookbook's
// conversation was among them.
func runHeadless(ctx context.Context, root string) error {
	config, err := demoConfig(ctx, root)
	if err != nil {
		return err
	}
	if config.Dir, err = os.MkdirTemp("", "gocomm-demo-"); err != nil {
		return err
	}
	defer os.RemoveAll(config.Dir)
	content, err := os.ReadFile(filepath.Join(root, "examples", "cookbook", demoNotebook))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(config.Dir, demoNotebook), content, 0o644); err != nil {
		return err
	}
	say("starting the classic Notebook and Chromium ...")
	server, err := jupyter.Start(ctx, config)
	if err != nil {
		return err
	}
	defer server.Stop()
	browser, err := browse.Launch(ctx)
	if err != nil {
		return err
	}
	defer browser.Close()
	page, err := browser.NewPage()
	if err != nil {
		return err
	}
	defer page.Close()

	traffic, err := runNotebook(page, server.NotebookURL(demoNotebook))
	if err != nil {
		return err
	}
	return errors.Join(record(root, page, traffic), conversation(traffic))
}

// runNotebook runs all cells and returns the comm messages that they caused.
func runNotebook(page *browse.Page, url string) ([]entry, error) {
	if err := page.OpenNotebook(url); err != nil {
		return nil, err
	}
	if err := page.WaitKernelReady(); err != nil {
		return nil, err
	}
	if err := page.Wait(`'_hub' in Jupyter.notebook.kernel.comm_manager`, 15*time.Second); err != nil {
		return nil, fmt.Errorf("gocomm has not taken its place on the page: %w", err)
	}
	before := len(page.Wire())
	code, err := browse.Eval[[]int](page, `Jupyter.notebook.get_cells().map((c, i) => c.cell_type === 'code' ? i : -1).filter(i => i >= 0)`)
	if err != nil {
		return nil, err
	}
	var traffic []entry
	for n, i := range code {
		say("cell %d of %d", n+1, len(code))
		if err := page.RunCellWait(i); err != nil {
			return nil, err
		}
		all := entries(settled(page.Wire)[before:])
		printEntries(all[len(traffic):])
		traffic = all
	}
	return traffic, nil
}

func record(root string, page *browse.Page, traffic []entry) error {
	if err := saveTranscript(filepath.Join(root, "dist", "demo", "transcript.json"), traffic); err != nil {
		return err
	}
	height, err := browse.Eval[int64](page, `document.querySelector('#notebook-container').scrollHeight + 320`) // with the page's head
	if err != nil {
		return err
	}
	if err := page.Resize(1100, height); err != nil {
		return err
	}
	picture := filepath.Join(root, "dist", "demo", "notebook.png")
	if err := page.Screenshot(picture); err != nil {
		return err
	}
	say("%d comm messages: dist/demo/transcript.json; the page: dist/demo/notebook.png", len(traffic))
	return nil
}
