package web

import (
	"io/fs"
	"os"
	"testing"
)

// What is on disk beside the package is what the binary carries: the board when it was built, nothing otherwise.
func TestBoardIsWhatWasBuilt(t *testing.T) {
	_, err := os.Stat("dist/index.html")
	built := err == nil

	board, ok := Board()
	if ok != built {
		t.Fatalf("Board() reports %v, and dist/index.html is there: %v", ok, built)
	}
	if !ok {
		return
	}
	for _, name := range []string{"index.html", "s.html", "404.html", "_next"} {
		if _, err := fs.Stat(board, name); err != nil {
			t.Errorf("the board lacks %s: %v", name, err)
		}
	}
}
