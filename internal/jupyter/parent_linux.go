package jupyter

import "syscall"

// endWithParent has the system end the server when this process dies without calling Stop, such as a test run that timed out.
func endWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGTERM }
