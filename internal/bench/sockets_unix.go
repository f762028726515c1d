//go:build unix

package bench

import (
	"fmt"
	"net"
	"syscall"
)

// spareFiles is what a program has open beside its connections, generously.
const spareFiles = 200

// enoughFiles refuses more connections than this program, and a server that it starts, may have open.
func enoughFiles(connections int) error {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return fmt.Errorf("how many files may be open: %w", err)
	}
	most := uint64(l.Cur) //nolint:unconvert // it has a sign on some systems
	if uint64(connections+spareFiles) > most {
		return fmt.Errorf("%d connections need %d open files, and only %d are allowed: raise it with ulimit -n, or ask for fewer",
			connections, connections+spareFiles, most)
	}
	return nil
}

// narrow dials connections for which the kernel takes little before they are read.
func narrow() *net.Dialer {
	return &net.Dialer{Control: func(_, _ string, c syscall.RawConn) (err error) {
		const window = 4 << 10
		if failed := c.Control(func(fd uintptr) {
			err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, window)
		}); failed != nil {
			return failed
		}
		return err
	}}
}
