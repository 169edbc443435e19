//go:build measure

package main

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// bundleLab makes a module of JupyterLab's kernel connection, as the folder lab pins
// it, if one of its rows is wanted.
func bundleLab(root, out string, wanted func(row string) bool) error {
	needed := false
	for _, r := range labRows {
		needed = needed || wanted(r.name)
	}
	if !needed {
		return nil
	}
	lab := filepath.Join(root, "measure", "bench", "lab")
	npm := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = lab
	if said, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci in %s: %w\n%s", lab, err, said)
	}
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(lab, "connect.js")},
		Outfile:     out,
		Bundle:      true,
		Write:       true,
		Format:      api.FormatESModule,
		Platform:    api.PlatformBrowser,
		Target:      api.ES2022,
		Define:      map[string]string{"process.env.NODE_ENV": `"production"`, "global": "globalThis"},
		LogLevel:    api.LogLevelSilent, // what there is to say is in the error
	})
	var errs []error
	for _, text := range api.FormatMessages(result.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage}) {
		errs = append(errs, errors.New(text))
	}
	return errors.Join(errs...)
}
