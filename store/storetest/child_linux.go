package storetest

import "syscall"

// endWithParent puts the server and its children into a group of their own and
// makes the kernel end the server with the test process, which may be killed
// before any cleanup.
func endWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
