//go:build race

package dbtest_test

// underRace is whether the race detector looks on: SQLite, which is Go here, takes thirty
// times as long.
const underRace = true
