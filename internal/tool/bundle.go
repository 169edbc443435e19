package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// bundle puts an ES module and those that it imports into one file. A notebook asks
// the server each time whether a file has changed, and learns of a module's imports
// only when the module is there: in one file, gocomm.js is ready in half the time.
func bundle(entry string) ([]byte, error) {
	return build(entry, api.BuildOptions{Format: api.FormatESModule})
}

// bundleAMD is bundle for classic Notebook's loader: the module's exports are the properties of an AMD module.
func bundleAMD(entry string) ([]byte, error) {
	return build(entry, api.BuildOptions{
		Format: api.FormatIIFE, GlobalName: "exported", MinifyWhitespace: true, MinifySyntax: true,
		Banner: map[string]string{"js": "define(function () {"}, Footer: map[string]string{"js": "return exported; });"},
	})
}

// bundleAll is bundle for several modules. What they share is in modules of its own, in the folder chunks: the modules are on
// one page together, and there is one of each class.
func bundleAll(dir string, names ...string) (map[string][]byte, error) {
	var entries []string
	for _, name := range names {
		entries = append(entries, filepath.Join(dir, name))
	}
	outputs, err := buildAll(api.BuildOptions{
		EntryPoints: entries, Format: api.FormatESModule, Splitting: true, Outdir: "/", AbsWorkingDir: dir, ChunkNames: "chunks/[hash]",
	})
	files := map[string][]byte{}
	for _, f := range outputs {
		files[strings.TrimPrefix(filepath.ToSlash(f.Path), "/")] = f.Contents
	}
	return files, err
}

func build(entry string, o api.BuildOptions) ([]byte, error) {
	o.EntryPoints = []string{entry}
	outputs, err := buildAll(o)
	if err != nil {
		return nil, err
	}
	return outputs[0].Contents, nil
}

func buildAll(o api.BuildOptions) ([]api.OutputFile, error) {
	o.Bundle = true
	o.Target = api.ES2022
	o.Charset = api.CharsetUTF8
	o.LogLevel = api.LogLevelSilent // what there is to say is in the error
	result := api.Build(o)
	var errs []error
	for _, text := range api.FormatMessages(result.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage}) {
		errs = append(errs, errors.New(text))
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("%s: %w", strings.Join(o.EntryPoints, ", "), errors.Join(errs...))
	}
	return result.OutputFiles, nil
}
