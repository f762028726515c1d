package operator

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// A door lets requests in by the name they came to, the page they came from, and the token they bring. The first two
// keep out web pages that have a browser on this machine do their work: a name of theirs may lead to 127.0.0.1.
type door struct {
	hosts []string          // in small letters
	token [sha256.Size]byte // of the token
	asks  bool              // whether there is one
}

func newDoor(token string, hosts []string) door {
	d := door{token: sha256.Sum256([]byte(token)), asks: token != ""}
	for _, host := range hosts {
		d.hosts = append(d.hosts, strings.ToLower(host))
	}
	return d
}

// refuses says why a request does not come in, with the status for it; 0 if it does.
func (d door) refuses(r *http.Request) (status int, say string) {
	if !d.knows(r.Host) {
		return http.StatusForbidden, "This listener is not reached by that name."
	}
	for _, origin := range r.Header.Values("Origin") {
		from, err := url.Parse(origin)
		if err != nil || (from.Scheme != "http" && from.Scheme != "https") || !d.knows(from.Host) {
			return http.StatusForbidden, "This listener is not for pages of that origin."
		}
	}
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		return http.StatusForbidden, "This listener is not for pages of other sites."
	}
	if d.asks && r.URL.Path != "/healthz" && !d.holds(r.Header.Get("Authorization")) {
		return http.StatusUnauthorized, "This needs the operator's token."
	}
	return 0, ""
}

// knows reports whether a host, with a port or without, is one of loopback's or among those that were allowed.
func (d door) knows(hostport string) bool {
	hostport = strings.ToLower(hostport)
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
	}
	if addr, err := netip.ParseAddr(host); err == nil && addr.IsLoopback() || host == "localhost" {
		return true
	}
	return host != "" && (slices.Contains(d.hosts, host) || slices.Contains(d.hosts, hostport))
}

// holds reports whether a header carries the token. How long that takes does not tell how close it was.
func (d door) holds(authorization string) bool {
	scheme, said, _ := strings.Cut(authorization, " ")
	sum := sha256.Sum256([]byte(strings.TrimSpace(said)))
	return subtle.ConstantTimeCompare(sum[:], d.token[:]) == 1 && strings.EqualFold(scheme, "Bearer")
}
