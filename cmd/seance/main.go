// Command seance serves the game and is its admin's tool.
package main

import "os"

// version is set by the build.
var version = "dev"

func main() {
	os.Exit(execute(os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
}
