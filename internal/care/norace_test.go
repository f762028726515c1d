//go:build !race

package care_test

// sample is how many spellings one stands for: each is tried.
const sample = 1
