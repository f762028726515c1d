package api

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"rsc.io/qr"
)

// The picture shows the code of the join link, dark on light, with a margin of four all round.
func TestQR(t *testing.T) {
	h := open(t, func(o *Options) { o.PublicURL = "https://seance.example" })
	ann := h.begin("")
	for _, key := range []string{ann.Session.Code, strings.ToLower(ann.Session.Code), string(ann.Session.ID)} {
		status, header, body := h.send("GET", "/api/sessions/"+key+"/qr.svg", nil, "")
		if status != 200 || header.Get("Content-Type") != "image/svg+xml" || !strings.HasPrefix(header.Get("Content-Disposition"), "inline") {
			t.Fatalf("%s: %d %v", key, status, header)
		}
		want, err := qr.Encode("https://seance.example/s/"+ann.Session.Code, qr.M)
		if err != nil {
			t.Fatal(err)
		}
		dark := modules(t, body, want.Size+8)
		for y := range want.Size + 8 {
			for x := range want.Size + 8 {
				if got, want := dark[[2]int{x, y}], want.Black(x-4, y-4); got != want {
					t.Fatalf("module %d,%d dark: %v, want %v", x, y, got, want)
				}
			}
		}
		for _, word := range []string{"style", "script", "href", "onload"} {
			if strings.Contains(string(body), word) {
				t.Errorf("the picture has %q in it", word)
			}
		}
	}
	if got := h.ask("GET", qrRoute, "/api/sessions/RAVEN-000/qr.svg", "", ""); got.Status != 404 {
		t.Errorf("of no session: %d", got.Status)
	}
}

// modules reads a picture of the given side back: a light square, and rows of dark on it.
func modules(t *testing.T, svg []byte, side int) map[[2]int]bool {
	t.Helper()
	var picture struct {
		ViewBox string `xml:"viewBox,attr"`
		Paths   []struct {
			Fill string `xml:"fill,attr"`
			D    string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal(svg, &picture); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("0 0 %d %d", side, side); picture.ViewBox != want || len(picture.Paths) != 2 ||
		picture.Paths[0].Fill != "#f0e0bd" || picture.Paths[0].D != fmt.Sprintf("M0 0h%dv%dh-%dz", side, side, side) ||
		picture.Paths[1].Fill != "#150802" {
		t.Fatalf("picture %+v of side %d", picture, side)
	}
	dark := map[[2]int]bool{}
	for run := range strings.SplitSeq(strings.TrimPrefix(picture.Paths[1].D, "M"), "M") {
		var x, y, long, back int
		if n, err := fmt.Sscanf(run, "%d %dh%dv1h-%dz", &x, &y, &long, &back); n != 4 || back != long {
			t.Fatalf("%q is no row: %v", run, err)
		}
		for i := range long {
			dark[[2]int{x + i, y}] = true
		}
	}
	return dark
}
