package main

import (
	"context"
	"fmt"

	"gocomm/e2e/browse"
)

// runFirefox prints the path of a Firefox that runs, as the tests find it.
func runFirefox(ctx context.Context, root string, args []string) error {
	if err := noArguments(args); err != nil {
		return err
	}
	path, err := browse.FindFirefox()
	if err != nil && aptUsable() {
		if err := aptInstall(ctx, "Firefox", "firefox-esr"); err != nil {
			return fmt.Errorf("%w\ninstall Firefox yourself, or set FIREFOX to its path", err)
		}
		path, err = browse.FindFirefox()
	}
	if err == nil {
		err = browserRuns(ctx, path)
	}
	if err != nil {
		return err
	}
	fmt.Println(path)
	return nil
}
