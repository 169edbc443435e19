package jupyter

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// A Module is a server that is started by its name as a Python module, such as marimo. The arguments are its own.
type Module struct {
	Host  Host
	Env   string   // the folder of its Python environment
	Dir   string   // where it runs
	Name  string   // as `python -m` takes it
	Args  []string // --port comes after them
	Ready string   // the URL path that it answers when it is ready, without a token

	// These are as those of [Config], for the notebook servers that it starts.
	Nbextensions string
	Enable       []string
	Settings     string
}

// Run starts a module, as [Start] starts a notebook server. [Server.NotebookURL] is not for it.
func Run(ctx context.Context, m Module) (*Server, error) {
	l := &layout{
		Config: Config{Host: m.Host, Env: m.Env, Dir: m.Dir, Nbextensions: m.Nbextensions, Enable: m.Enable, Settings: m.Settings},
		name:   m.Name,
		args:   append([]string{"-m", m.Name}, m.Args...), portFlag: "--port=", ready: m.Ready,
	}
	for _, path := range []*string{&l.Env, &l.Dir} {
		if err := folder(path); err != nil {
			return nil, fmt.Errorf("jupyter: running %s: %w", m.Name, err)
		}
	}
	l.executable = filepath.Join(l.Env, "bin", "python")
	if _, err := os.Stat(l.executable); err != nil {
		return nil, fmt.Errorf("jupyter: %s is no environment of host %s: create it with `go run ./internal/tool venv %[2]s` (%w)", l.Env, m.Host, err)
	}
	return l.run(ctx)
}
