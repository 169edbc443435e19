package main

import (
	"errors"
	"fmt"

	"github.com/evanw/esbuild/pkg/api"
)

// bundle puts an ES module and those that it imports into one file. A notebook asks
// the server each time whether a file has changed, and learns of a module's imports
// only when the module is there: in one file, gocomm.js is ready in half the time.
func bundle(entry string) ([]byte, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{entry},
		Bundle:      true,
		Format:      api.FormatESModule,
		Target:      api.ES2022,
		Charset:     api.CharsetUTF8,
		LogLevel:    api.LogLevelSilent, // what there is to say is in the error
	})
	var errs []error
	for _, text := range api.FormatMessages(result.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage}) {
		errs = append(errs, errors.New(text))
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("%s: %w", entry, errors.Join(errs...))
	}
	return result.OutputFiles[0].Contents, nil
}
