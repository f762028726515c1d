//go:build !unix

package bench

import "net"

// enoughFiles has nothing to ask where there is no such limit.
func enoughFiles(int) error { return nil }

// narrow dials connections as they come: more has to be sent before they are full.
func narrow() *net.Dialer { return new(net.Dialer) }
