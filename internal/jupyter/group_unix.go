//go:build unix

package jupyter

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup gives the process a group of its own, so that Ctrl-C in a terminal reaches it through Stop only, and all of it can
// be ended at once.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	endWithParent(cmd.SysProcAttr)
}

// Errors mean that nothing of the group is left.
func terminateGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGTERM) }
func killGroup(p *os.Process)      { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }
