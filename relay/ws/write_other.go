//go:build !unix

package ws

import (
	"errors"
	"net"
	"syscall"
)

// rawConn has nothing to give here: every write borrows a goroutine.
func rawConn(net.Conn) syscall.RawConn { return nil }

func writeNow(syscall.RawConn, []byte) (int, error) { return 0, errors.ErrUnsupported }

func writeAll(syscall.RawConn, []byte) error { return errors.ErrUnsupported }
