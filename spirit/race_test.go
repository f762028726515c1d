//go:build race

package spirit_test

// sample is how many of the oracle's questions stand for one: under the race detector everything takes ten times as
// long, and what it looks for is in none of them.
const sample = 20
