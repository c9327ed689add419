//go:build race

package provision_test

// underRace is whether the race detector looks on: each process takes ten times as long.
const underRace = true
