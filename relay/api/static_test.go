package api

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"
)

func TestBoardFiles(t *testing.T) {
	h := open(t)
	for path, test := range map[string]struct {
		status        int
		shows         string
		mime, caching string
	}{
		"/":                                    {200, "lobby", "text/html; charset=utf-8", "no-cache"},
		"/index.html":                          {200, "lobby", "text/html; charset=utf-8", "no-cache"},
		"/s/RAVEN-417":                         {200, "table", "text/html; charset=utf-8", "no-cache"},
		"/s/RAVEN-417?tv":                      {200, "table", "text/html; charset=utf-8", "no-cache"},
		"/s/RAVEN-417/x":                       {404, "lost", "text/html; charset=utf-8", "no-cache"},
		"/s/a..b":                              {404, "lost", "text/html; charset=utf-8", "no-cache"},
		"/404":                                 {404, "lost", "text/html; charset=utf-8", "no-cache"},
		"/.keep":                               {404, "lost", "text/html; charset=utf-8", "no-cache"},
		"/../house_test.go":                    {404, "lost", "text/html; charset=utf-8", "no-cache"},
		"/sw.js":                               {200, "self", "text/javascript; charset=utf-8", "no-cache"},
		"/_next/static/chunks/%5Ba%5Db.js":     {200, "console", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		"/_next/static/media/fell.woff2":       {200, "\x00", "font/woff2", "public, max-age=31536000, immutable"},
		"/_next/static/chunks/of-yesterday.js": {404, "lost", "text/html; charset=utf-8", "no-cache"},
	} {
		t.Run(path, func(t *testing.T) {
			h := &house{t: t, url: h.url}
			status, header, body := h.send("GET", path, nil, "", "Accept-Encoding", "identity")
			if status != test.status || !strings.Contains(string(body), test.shows) {
				t.Errorf("%d %q, want %d with %q", status, body, test.status, test.shows)
			}
			if got := header.Get("Content-Type"); got != test.mime {
				t.Errorf("Content-Type %q, want %q", got, test.mime)
			}
			if got := header.Get("Cache-Control"); got != test.caching {
				t.Errorf("Cache-Control %q, want %q", got, test.caching)
			}
		})
	}
}

func TestBoardIsNotSentTwice(t *testing.T) {
	h := open(t)
	_, header, _ := h.send("GET", "/", nil, "")
	etag := header.Get("ETag")
	if etag == "" {
		t.Fatal("no ETag")
	}
	for known, want := range map[string]int{etag: 304, `"other", ` + etag: 304, "*": 304, `"other"`: 200} {
		if status, header, body := h.send("GET", "/", nil, "", "If-None-Match", known); status != want || want == 304 && (len(body) > 0 || header.Get("ETag") != etag) {
			t.Errorf("If-None-Match %s: %d with %d bytes", known, status, len(body))
		}
	}
	if _, header, _ := h.send("GET", "/s/RAVEN-417", nil, ""); header.Get("ETag") == etag {
		t.Error("two pages with one ETag")
	}
	if status, header, body := h.send("HEAD", "/", nil, ""); status != 200 || len(body) > 0 || header.Get("ETag") != etag {
		t.Errorf("HEAD: %d with %d bytes", status, len(body))
	}
}

func TestBoardIsPacked(t *testing.T) {
	h := open(t)
	_, _, plain := h.send("GET", "/", nil, "", "Accept-Encoding", "identity")
	_, header, packed := h.send("GET", "/", nil, "", "Accept-Encoding", "br, gzip")
	if header.Get("Content-Encoding") != "gzip" || !strings.Contains(header.Get("Vary"), "Accept-Encoding") || len(packed) >= len(plain) {
		t.Fatalf("%d bytes of %d, %v", len(packed), len(plain), header)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if unpacked, err := io.ReadAll(r); err != nil || !bytes.Equal(unpacked, plain) {
		t.Errorf("unpacked to %d bytes: %v", len(unpacked), err)
	}
	if _, header, _ := h.send("GET", "/_next/static/media/fell.woff2", nil, "", "Accept-Encoding", "gzip"); header.Get("Content-Encoding") != "" {
		t.Error("a font is packed twice")
	}
}

func TestBoardNotBuilt(t *testing.T) {
	h := open(t, func(o *Options) { o.Board = nil })
	for _, path := range []string{"/", "/s/RAVEN-417"} {
		if status, _, body := h.send("GET", path, nil, ""); status != 503 || !strings.Contains(string(body), "make build") {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if status, _, _ := h.send("GET", "/nowhere", nil, ""); status != 404 {
		t.Errorf("elsewhere: %d", status)
	}
	h.begin("")
}
