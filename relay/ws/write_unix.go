//go:build unix

package ws

import (
	"errors"
	"io"
	"net"
	"syscall"
)

// A rawWriter writes to a connection's descriptor, waiting for it or not. One goroutine at a time.
type rawWriter struct {
	conn syscall.RawConn
	b    []byte // what is being written
	n    int    // how much of it the last write took
	err  error

	// The two ways to write, kept so that a write allocates nothing.
	once, whole func(fd uintptr) (done bool)
}

// newRawWriter gives access to the descriptor of conn, or nil if conn writes through something else, such as TLS.
func newRawWriter(conn net.Conn) *rawWriter {
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return nil
	}
	w := &rawWriter{conn: raw}
	w.once = func(fd uintptr) bool {
		w.write(fd)
		return true // whatever came of it: do not wait
	}
	w.whole = func(fd uintptr) bool {
		for len(w.b) > 0 {
			if w.write(fd); errors.Is(w.err, syscall.EAGAIN) {
				return false // again once the kernel takes more
			}
			if w.err != nil {
				break
			}
			w.b = w.b[w.n:]
		}
		return true
	}
	return w
}

// now writes what the kernel takes without waiting. Taking nothing is no error.
func (w *rawWriter) now(b []byte) (int, error) {
	w.b, w.err = b, nil
	defer w.release()
	if err := w.conn.Write(w.once); err != nil {
		return 0, err
	}
	if errors.Is(w.err, syscall.EAGAIN) {
		return 0, nil
	}
	return w.n, w.err
}

// all writes all of b, waiting for the kernel up to the connection's write deadline.
func (w *rawWriter) all(b []byte) error {
	w.b, w.err = b, nil
	defer w.release()
	if err := w.conn.Write(w.whole); err != nil {
		return err
	}
	return w.err
}

func (w *rawWriter) release() { w.b = nil }

// write calls write(2) once and sets n and err.
func (w *rawWriter) write(fd uintptr) {
	for {
		w.n, w.err = syscall.Write(int(fd), w.b)
		switch {
		case errors.Is(w.err, syscall.EINTR):
			continue
		case w.err != nil:
			w.n = 0
		case w.n == 0 && len(w.b) > 0:
			w.err = io.ErrUnexpectedEOF
		}
		return
	}
}
