package main

import (
	"net"
	"net/netip"
)

// lanAddress is this machine's address in its local network: the one that packets to the world outside leave from, or
// else the first private one of an interface that is up. It reports false if there is none. Nothing is sent.
func lanAddress() (netip.Addr, bool) {
	// 192.0.2.1 is reserved for documentation (RFC 5737); "connecting" a UDP socket to it only asks for the route.
	if conn, err := net.Dial("udp4", "192.0.2.1:9"); err == nil {
		defer conn.Close()
		if at, ok := conn.LocalAddr().(*net.UDPAddr); ok {
			if addr := at.AddrPort().Addr().Unmap(); addr.IsPrivate() {
				return addr, true
			}
		}
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return netip.Addr{}, false
	}
	for _, a := range addrs {
		network, ok := a.(*net.IPNet)
		if !ok {
			continue
		}
		if addr, ok := netip.AddrFromSlice(network.IP); ok && addr.Unmap().Is4() && addr.Unmap().IsPrivate() {
			return addr.Unmap(), true
		}
	}
	return netip.Addr{}, false
}
