package jupyter

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Config says which server to start, and on what.
type Config struct {
	Host Host
	Env  string // the folder of the host's Python environment, such as ".envs/h1"
	Dir  string // the folder whose notebooks are served

	// Nbextensions is a folder whose sub-folders are offered as nbextensions; "" for those of the environment alone.
	Nbextensions string
	// Enable lists the nbextensions that notebooks load, such as "gocomm/main".
	Enable []string

	// Settings is Python that the server runs at its start, as it does its configuration file; "" for none.
	Settings string

	Port  int    // 0: a free one, chosen by the system
	Token string // "": anyone who reaches the port may use the server, which suits tests
}

// NoDelay are [Config.Settings] that turn Nagle's algorithm off on kernels' websockets: it adds some 40 ms to
// a round trip, which would hide the page's own time.
const NoDelay = `
try:
    from jupyter_server.services.kernels.websocket import KernelWebsocketHandler as Handler
except ImportError:
    from notebook.services.kernels.handlers import ZMQChannelsHandler as Handler  # of notebook 6.4

_open = Handler.open

def open(self, *args, **kwargs):
    self.set_nodelay(True)
    return _open(self, *args, **kwargs)

Handler.open = open
`

// layout is the installation that a Config resolves to, with absolute paths.
type layout struct {
	Config
	name       string // for errors
	executable string
	notebooks  string // URL path of the notebook pages
	ready      string // URL path that answers when the server is ready
	args       []string
	portFlag   string // what stands before the port, as the last argument
}

func (c Config) resolve() (*layout, error) {
	program, trait, dirFlag, notebooks, err := c.Host.program()
	if err != nil {
		return nil, err
	}
	l := &layout{Config: c, name: program, notebooks: notebooks, ready: "/api/status", portFlag: "--" + trait + ".port="}
	for _, p := range []struct {
		what string
		path *string
	}{{"Env", &l.Env}, {"Dir", &l.Dir}, {"Nbextensions", &l.Nbextensions}} {
		if *p.path == "" && p.what == "Nbextensions" {
			continue
		}
		if err := folder(p.path); err != nil {
			return nil, fmt.Errorf("jupyter: Config.%s: %w", p.what, err)
		}
	}
	l.executable = filepath.Join(l.Env, "bin", program)
	if _, err := os.Stat(l.executable); err != nil {
		return nil, fmt.Errorf("jupyter: %s is no environment of host %s: create it with `go run ./internal/tool venv %s` (%w)", l.Env, c.Host, c.Host.Env(), err)
	}
	set := func(name, value string) { l.args = append(l.args, "--"+trait+"."+name+"="+value) }
	set("open_browser", "False")
	set("ip", "127.0.0.1")
	set("port_retries", "0") // a taken port is our business: a server that moves on silently would not be found
	set("token", c.Token)
	set("password", "")
	set(dirFlag, l.Dir)
	if os.Geteuid() == 0 {
		set("allow_root", "True")
	}
	switch c.Host {
	case Lab:
		l.args = append(l.args, "--LabApp.expose_app_in_browser=True") // how a test gets at a page's notebook
	case Notebook7:
		l.args = append(l.args, "--JupyterNotebookApp.expose_app_in_browser=True")
	}
	return l, nil
}

// folder makes a path absolute, and checks that a folder is there.
func folder(path *string) error {
	if *path == "" {
		return errors.New("is missing")
	}
	abs, err := filepath.Abs(*path)
	if err != nil {
		return err
	}
	info, err := os.Stat(abs)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is not a folder", abs)
	}
	*path = abs
	return nil
}
