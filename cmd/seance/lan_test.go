package main

import (
	"net"
	"net/netip"
	"testing"
)

func TestChooseTheAddressInTheWiFi(t *testing.T) {
	const up = net.FlagUp | net.FlagBroadcast
	at := func(name string, flags net.Flags, addr string) link {
		return link{name, flags, netip.MustParseAddr(addr)}
	}
	for name, test := range map[string]struct {
		links []link
		want  string // empty for none
	}{
		"nothing":             {nil, ""},
		"itself alone":        {[]link{at("lo", net.FlagUp|net.FlagLoopback, "127.0.0.1")}, ""},
		"in the Wi-Fi":        {[]link{at("lo", net.FlagUp|net.FlagLoopback, "127.0.0.1"), at("wlan0", up, "192.168.1.20")}, "192.168.1.20"},
		"beside containers":   {[]link{at("docker0", up, "172.17.0.1"), at("eth0", up, "10.0.0.5")}, "10.0.0.5"},
		"beside a tunnel":     {[]link{at("tun0", net.FlagUp|net.FlagPointToPoint, "10.8.0.2"), at("en0", up, "192.168.1.20")}, "192.168.1.20"},
		"containers alone":    {[]link{at("docker0", up, "172.17.0.1")}, "172.17.0.1"},
		"unplugged":           {[]link{at("eth0", net.FlagBroadcast, "192.168.1.20")}, ""},
		"in the open":         {[]link{at("eth0", up, "203.0.113.9")}, ""},
		"with IPv6 before it": {[]link{at("eth0", up, "fe80::1"), at("eth0", up, "fd00::1"), at("eth0", up, "10.0.0.5")}, "10.0.0.5"},
		"two of them":         {[]link{at("eth0", up, "10.0.0.5"), at("wlan0", up, "192.168.1.20")}, "10.0.0.5"},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := choose(test.links)
			if ok != (test.want != "") || ok && got.String() != test.want {
				t.Errorf("%v %v, want %q", got, ok, test.want)
			}
		})
	}
}
