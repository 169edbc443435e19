package main

import (
	"context"
	"path/filepath"
)

// runReact makes dist/examples/react: the example as `npm run build` leaves it, with React as one ES module.
func runReact(ctx context.Context, root string, args []string) error {
	if err := noArguments(args); err != nil {
		return err
	}
	source := filepath.Join(root, "examples", "react")
	if err := installNodeModules(ctx, source, "React: a few seconds"); err != nil {
		return err
	}
	module, err := output(ctx, source, nil, "npm", "run", "--silent", "bundle")
	if err != nil {
		return err
	}
	t := &tree{dir: filepath.Join(root, "dist", "examples", "react")}
	if err := t.copyBelow("", source, "tasks/static/react.js"); err != nil {
		return err
	}
	if err := t.write("tasks/static/react.js", []byte(module+"\n")); err != nil {
		return err
	}
	say("dist/examples/react: %d files, %d changed; React has %d KB", len(t.written), t.changed, len(module)/1000)
	return t.prune()
}
