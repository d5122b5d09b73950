//go:build unix && !linux

package storetest

import "syscall"

// endWithParent puts the server and its children into a group of their own. A
// test process that is killed leaves them behind, unlike on Linux.
func endWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
