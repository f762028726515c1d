package operator

import (
	"net"
	"net/http"
	"sync"
)

// fresh knows the connections on which nothing was ever asked: clients open some ahead, and http.Server.Shutdown waits
// 5 s for each of them.
type fresh struct {
	mu     sync.Mutex // guards what is below
	conns  map[net.Conn]bool
	closed bool
}

// state hears what becomes of a connection: an http.Server's ConnState.
func (f *fresh) state(conn net.Conn, state http.ConnState) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(f.conns, conn)
	case f.closed:
		_ = conn.Close() // whoever opened it has not said anything yet
	default:
		f.conns[conn] = true
	}
}

// close closes them, those that are still to come included.
func (f *fresh) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for conn := range f.conns {
		_ = conn.Close() // whoever opened it has not said anything yet
	}
}
