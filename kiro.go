// Package kiro holds the steering documents that come with the house: the spirits to choose from when a host brings
// none of their own.
package kiro

import "embed"

// Documents are the séance documents of this repository, under .kiro/steering. What its other documents say is for
// those who build it, and stays out of the binary.
//
//go:embed .kiro/steering/spirit-*.md .kiro/steering/rules-*.md .kiro/steering/lore-*.md
var Documents embed.FS
