//go:build unix

package ws

import (
	"io"
	"net"
	"syscall"
)

// rawConn gives access to the descriptor of conn, or nil if conn writes through something else, such as TLS.
func rawConn(conn net.Conn) syscall.RawConn {
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return nil
	}
	return raw
}

// writeNow writes what the kernel takes without waiting. Taking nothing is no error.
func writeNow(raw syscall.RawConn, b []byte) (n int, err error) {
	if rawErr := raw.Write(func(fd uintptr) bool {
		n, err = write(fd, b)
		return true // done, whatever came of it: do not wait for the descriptor
	}); rawErr != nil {
		return 0, rawErr
	}
	if err == syscall.EAGAIN {
		return 0, nil
	}
	return n, err
}

// writeAll writes all of b, waiting for the kernel up to the connection's write deadline.
func writeAll(raw syscall.RawConn, b []byte) error {
	for len(b) > 0 {
		var n int
		var err error
		if rawErr := raw.Write(func(fd uintptr) bool {
			n, err = write(fd, b)
			return err != syscall.EAGAIN
		}); rawErr != nil {
			return rawErr
		}
		if err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

func write(fd uintptr, b []byte) (int, error) {
	for {
		n, err := syscall.Write(int(fd), b)
		switch {
		case err == syscall.EINTR:
			continue
		case err != nil:
			return 0, err
		case n == 0:
			return 0, io.ErrUnexpectedEOF
		}
		return n, nil
	}
}
