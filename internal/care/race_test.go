//go:build race

package care_test

// sample is how many spellings, and questions that fuzzing begins with, one stands for: under the race detector
// everything takes ten times as long, and it looks for nothing that one spelling has and another has not.
const sample = 5
