// Package kiro holds the steering documents and hooks that come with the house: the spirits to choose from when a host
// brings none of their own, and what moves them.
package kiro

import "embed"

// Documents are the séance documents of this repository, under .kiro/steering. What its other documents say is for
// those who build it, and stays out of the binary.
//
//go:embed .kiro/steering/spirit-*.md .kiro/steering/rules-*.md .kiro/steering/lore-*.md
var Documents embed.FS

// Hooks are the hook files of the séance, under .kiro/hooks/seance.
//
//go:embed .kiro/hooks/seance/*.json
var Hooks embed.FS
