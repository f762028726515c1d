//go:build !race

package spirit_test

// sample is how many of the oracle's questions stand for one: each is asked.
const sample = 1
