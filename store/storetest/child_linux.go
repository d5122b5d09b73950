package storetest

import "syscall"

// endWithParent makes the kernel end the server with the test process, which
// may be killed before any cleanup.
func endWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
