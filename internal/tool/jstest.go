package main

import (
	"context"
	"path/filepath"
)

// runJstest runs the JavaScript tests of internal/js/test on pages of headless Chromium. They find dist served, with dist/web at
// the URL in GOCOMM_WEB (no slash at its end).
func runJstest(ctx context.Context, root string, args []string) error {
	tools, err := javaScriptTools(ctx, root)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	chromium, base, err := chromiumAndDist(ctx, root)
	if err != nil {
		return err
	}
	say("JavaScript tests in Chromium")
	env := []string{"CHROME_PATH=" + chromium, "GOCOMM_WEB=" + base + "/web"}
	return stream(ctx, tools, env, "node", append([]string{"run.js"}, args...)...)
}

// chromiumAndDist gives what tests on a page need: Chromium's path, and the URL at which dist is served until ctx ends.
func chromiumAndDist(ctx context.Context, root string) (chromium, base string, err error) {
	if err = requireBuilt(root, filepath.Join("dist", "web")); err != nil {
		return "", "", err
	}
	if chromium, err = findChromium(ctx); err != nil {
		return "", "", err
	}
	base, err = serveWeb(ctx, filepath.Join(root, "dist"))
	return chromium, base, err
}
