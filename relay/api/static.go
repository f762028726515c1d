package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// sitting is the address of a session's board: one page serves them all and reads the code from its own address.
var sitting = regexp.MustCompile(`^/s/[A-Za-z0-9-]+$`)

// A board is the static export of the web app, held in memory.
type board struct {
	files map[string]*file // by path below the root; nil if the board was not built
}

// A file is one file of the board, ready to be sent.
type file struct {
	body      []byte
	gzipped   func() []byte // nil if that makes nothing smaller; made when it is first asked for
	mime      string
	etag      string
	immutable bool
}

// loadBoard reads the files of the board; nil files mean that there is none.
func loadBoard(from fs.FS) (*board, error) {
	if from == nil {
		return &board{}, nil
	}
	b := &board{files: map[string]*file{}}
	err := fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == ".keep" {
			return err
		}
		body, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		b.files[name] = newFile(name, body)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	return b, nil
}

func newFile(name string, body []byte) *file {
	sum := sha256.Sum256(body)
	f := &file{
		body: body, mime: mimeOf(name), etag: `W/"` + hex.EncodeToString(sum[:12]) + `"`,
		immutable: strings.HasPrefix(name, "_next/static/"),
	}
	if text := strings.Contains(f.mime, "charset") || f.mime == "image/svg+xml"; text && len(body) > 1024 {
		f.gzipped = sync.OnceValue(func() []byte { return gzipped(body) })
	}
	return f
}

// mimes are the types of what an export holds; what the system says differs between machines.
var mimes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": "application/json; charset=utf-8", ".txt": "text/plain; charset=utf-8", ".map": "application/json; charset=utf-8",
	".webmanifest": "application/manifest+json; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png",
	".jpg": "image/jpeg", ".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon", ".woff2": "font/woff2",
	".woff": "font/woff", ".webm": "audio/webm", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".wav": "audio/wav",
}

func mimeOf(name string) string {
	ext := path.Ext(name)
	if known := mimes[ext]; known != "" {
		return known
	}
	if guess := mime.TypeByExtension(ext); guess != "" {
		return guess
	}
	return fiber.MIMEOctetStream
}

func gzipped(body []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = w.Write(body) // into memory: neither can fail
	_ = w.Close()
	return b.Bytes()
}

// find is the file that a page's address shows, nil if there is none.
func (b *board) find(address string) *file {
	name := strings.TrimPrefix(address, "/")
	switch {
	case address == "/":
		name = "index.html"
	case sitting.MatchString(address):
		name = "s.html"
	case name == "404" || name == "404.html":
		return nil
	}
	if f := b.files[name]; f != nil {
		return f
	}
	return b.files[name+".html"]
}

// serve sends the board's files and leaves every other request to the routes behind it.
func (b *board) serve(c *fiber.Ctx) error {
	if c.Method() != fiber.MethodGet && c.Method() != fiber.MethodHead {
		return c.Next()
	}
	address := string(c.Context().URI().Path()) // unescaped: some chunks have brackets in their names
	if f := b.find(address); f != nil {
		return f.send(c)
	}
	if b.files == nil && (address == "/" || sitting.MatchString(address)) {
		c.Type("html", "utf-8")
		c.Set(fiber.HeaderCacheControl, "no-store")
		return c.Status(fiber.StatusServiceUnavailable).SendString(unbuilt)
	}
	return c.Next()
}

// notFound sends the board's own page for addresses that lead nowhere.
func (b *board) notFound(c *fiber.Ctx) error {
	c.Status(fiber.StatusNotFound)
	if f := b.files["404.html"]; f != nil {
		c.Type("html", "utf-8")
		c.Set(fiber.HeaderCacheControl, "no-cache")
		return c.Send(f.body)
	}
	return c.SendString("There is nothing here.\n")
}

func (f *file) send(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, f.mime)
	c.Set(fiber.HeaderETag, f.etag)
	if f.immutable {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	} else {
		c.Set(fiber.HeaderCacheControl, "no-cache")
	}
	if f.gzipped != nil {
		c.Vary(fiber.HeaderAcceptEncoding)
	}
	if known := c.Get(fiber.HeaderIfNoneMatch); known == "*" || strings.Contains(known, strings.TrimPrefix(f.etag, "W/")) {
		return c.Status(fiber.StatusNotModified).Send(nil)
	}
	if f.gzipped != nil && c.Context().Request.Header.HasAcceptEncoding("gzip") {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(f.gzipped())
	}
	return c.Send(f.body)
}

const unbuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Séance</title>
<h1>The board is not built</h1>
<p>This binary was built without its board; the API and the WebSocket are there all the same.</p>
<p>With Node 20 and Go at hand, run <code>make build</code> in the project's folder and start <code>bin/seance serve</code> again.</p>
</html>
`
