//go:build !unix

package ws

import (
	"errors"
	"net"
)

// A rawWriter does not exist here: every write borrows a goroutine.
type rawWriter struct{}

func newRawWriter(net.Conn) *rawWriter { return nil }

func (*rawWriter) now([]byte) (int, error) { return 0, errors.ErrUnsupported }

func (*rawWriter) all([]byte) error { return errors.ErrUnsupported }
