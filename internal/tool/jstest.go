package main

import (
	"context"
	"path/filepath"
)

// runJstest runs the JavaScript tests of internal/js/test on pages of headless Chromium. They find dist served, with dist/web at
// the URL in GOCOMM_WEB (no slash at its end).
func runJstest(ctx context.Context, root string, args []string) error {
	if err := requireBuilt(root, filepath.Join("dist", "web")); err != nil {
		return err
	}
	tools, err := javaScriptTools(ctx, root)
	if err != nil {
		return err
	}
	chromium, err := findChromium(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	base, err := serveWeb(ctx, filepath.Join(root, "dist"))
	if err != nil {
		return err
	}
	say("JavaScript tests in Chromium")
	env := []string{"CHROME_PATH=" + chromium, "GOCOMM_WEB=" + base + "/web"}
	return stream(ctx, tools, env, "node", append([]string{"run.js"}, args...)...)
}
