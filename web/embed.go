// Package web carries the board: the static export of the Next.js app in this folder, embedded when it was built
// before the binary was.
package web

import (
	"embed"
	"io/fs"
)

// `all:` keeps Next's own folder, whose name starts with an underscore. dist/.keep is committed, so that a fresh clone
// compiles without Node.
//
//go:embed all:dist
var dist embed.FS

// Board returns the files of the board, index.html at the root. It reports false when the binary was built without
// them.
func Board() (fs.FS, bool) {
	board, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, false
	}
	if _, err := fs.Stat(board, "index.html"); err != nil {
		return nil, false
	}
	return board, true
}
