//go:build !unix

package jupyter

import (
	"os"
	"os/exec"
)

// Elsewhere there are no process groups: the server is ended by force, and its kernels end by themselves when they miss it.
func ownGroup(*exec.Cmd) {}

func terminateGroup(p *os.Process) { _ = p.Kill() }
func killGroup(p *os.Process)      { _ = p.Kill() }
