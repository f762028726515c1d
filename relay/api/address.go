package api

import (
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// proxies are the networks whose word about the client's address is taken.
type proxies []netip.Prefix

func (p proxies) trusts(a netip.Addr) bool {
	for _, network := range p {
		if network.Contains(a) {
			return true
		}
	}
	return false
}

// client is the address a request comes from. Every trusted proxy adds the address it was called from to the end of
// X-Forwarded-For, so the list is read from its end and the first that is no proxy of ours counts: what stands before
// it is whatever the client wrote there.
func (p proxies) client(remote netip.Addr, forwarded string) netip.Addr {
	remote = remote.Unmap()
	hops := strings.Split(forwarded, ",")
	for i := len(hops) - 1; i >= 0 && p.trusts(remote); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		remote = hop.Unmap().WithZone("")
	}
	return remote
}

// bucket is the name under which a client is counted. One home has a whole /64 of IPv6, so that is one client.
func bucket(a netip.Addr) string {
	if a.Is6() {
		if home, err := a.Prefix(64); err == nil {
			return home.String()
		}
	}
	return a.String()
}

// address names the client of c for the limits.
func (s *Server) address(c *fiber.Ctx) string {
	remote, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	return bucket(s.proxies.client(remote, strings.Join(c.GetReqHeaders()[fiber.HeaderXForwardedFor], ",")))
}
