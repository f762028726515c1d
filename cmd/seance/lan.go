package main

import (
	"cmp"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// lanAddress is this machine's address in its local network: a private one of an interface that is up, of a real one
// before one for virtual machines or a tunnel. It reports false if there is none. Nothing is opened, nothing is sent.
func lanAddress() (netip.Addr, bool) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return netip.Addr{}, false
	}
	var list []link
	for _, i := range interfaces {
		addrs, err := i.Addrs()
		if err != nil {
			continue // it has just gone
		}
		for _, a := range addrs {
			if network, ok := a.(*net.IPNet); ok {
				if addr, ok := netip.AddrFromSlice(network.IP); ok {
					list = append(list, link{i.Name, i.Flags, addr.Unmap()})
				}
			}
		}
	}
	return choose(list)
}

// A link is one address of an interface.
type link struct {
	name  string
	flags net.Flags
	addr  netip.Addr
}

// choose picks the address that others in the same Wi-Fi are likeliest to reach; of equals the first.
func choose(list []link) (netip.Addr, bool) {
	list = slices.DeleteFunc(slices.Clone(list), func(l link) bool {
		return l.flags&net.FlagUp == 0 || l.flags&net.FlagLoopback != 0 || !l.addr.Is4() || !l.addr.IsPrivate()
	})
	if len(list) == 0 {
		return netip.Addr{}, false
	}
	return slices.MinFunc(list, func(a, b link) int { return cmp.Compare(a.distance(), b.distance()) }).addr, true
}

// distance is how far friends' phones are likely to be from an interface.
func (l link) distance() int {
	switch {
	case l.flags&net.FlagPointToPoint != 0:
		return 2 // a tunnel to elsewhere
	case slices.ContainsFunc([]string{"docker", "br-", "veth", "virbr", "vmnet", "vbox", "vEthernet", "lxc", "cni", "podman"},
		func(prefix string) bool { return strings.HasPrefix(l.name, prefix) }):
		return 1 // inside this machine
	default:
		return 0
	}
}
