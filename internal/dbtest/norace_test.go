//go:build !race

package dbtest_test

// underRace is whether the race detector looks on.
const underRace = false
