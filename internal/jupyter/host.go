package jupyter

import (
	_ "embed"
	"fmt"
)

// Host names a kind of notebook server, and the set of Python packages that it is made of.
type Host string

const (
	// H1 is the classic Notebook of today: nbclassic on jupyter_server, with ipykernel 7 and ipywidgets 8.
	H1 Host = "h1"
	// H2 is the classic Notebook as it was: notebook 6.4 with its own server, ipykernel 6 and ipywidgets 7.
	H2 Host = "h2"
	// Lab is JupyterLab 4, and Notebook7 Notebook 7: both from H1's environment.
	Lab       Host = "lab"
	Notebook7 Host = "notebook7"
	// H1Libraries and H2Libraries are no hosts: their environments have libraries of widgets to be used beside H1's and H2's
	// packages, and nothing else.
	H1Libraries Host = "h1-libraries"
	H2Libraries Host = "h2-libraries"
	// Marimo, Voila and Hub (JupyterHub) are started with [Run], and have environments of their own.
	Marimo Host = "marimo"
	Voila  Host = "voila"
	Hub    Host = "hub"
)

var (
	//go:embed h1.txt
	h1Pins string
	//go:embed h2.txt
	h2Pins string
	//go:embed h1-libraries.txt
	h1LibrariesPins string
	//go:embed h2-libraries.txt
	h2LibrariesPins string
	//go:embed marimo.txt
	marimoPins string
	//go:embed voila.txt
	voilaPins string
	//go:embed hub.txt
	hubPins string
)

// Hosts lists the hosts with classic pages, in the order in which tests run them. Each has a Python environment of its own.
func Hosts() []Host { return []Host{H1, H2} }

// Modules lists the hosts that [Run] starts.
func Modules() []Host { return []Host{Marimo, Voila, Hub} }

// Pins is the host's requirements file: each package that its Python environment holds, with its version.
func (h Host) Pins() (string, error) {
	switch h {
	case H1, Lab, Notebook7:
		return h1Pins, nil
	case H2:
		return h2Pins, nil
	case H1Libraries:
		return h1LibrariesPins, nil
	case H2Libraries:
		return h2LibrariesPins, nil
	case Marimo:
		return marimoPins, nil
	case Voila:
		return voilaPins, nil
	case Hub:
		return hubPins, nil
	}
	return "", h.unknown()
}

// Libraries is the environment of the libraries of widgets that are used beside the host's packages.
func (h Host) Libraries() Host { return h.Env() + "-libraries" }

// Env is the host whose environment this one runs in.
func (h Host) Env() Host {
	if h == Lab || h == Notebook7 {
		return H1
	}
	return h
}

func (h Host) unknown() error {
	return fmt.Errorf("jupyter: unknown host %q: want one of %q", string(h), append(append(Hosts(), Lab, Notebook7), Modules()...))
}

// program is the server's executable in the environment; trait is the application whose settings its command line takes.
func (h Host) program() (program, trait, dirFlag, notebooks string, err error) {
	switch h {
	case H1:
		return "jupyter-nbclassic", "ServerApp", "root_dir", "/nbclassic/notebooks/", nil
	case H2:
		return "jupyter-notebook", "NotebookApp", "notebook_dir", "/notebooks/", nil
	case Lab:
		return "jupyter-lab", "ServerApp", "root_dir", "/lab/tree/", nil
	case Notebook7:
		return "jupyter-notebook", "ServerApp", "root_dir", "/notebooks/", nil
	}
	return "", "", "", "", h.unknown()
}
