//go:build !race

package provision_test

// underRace is whether the race detector looks on.
const underRace = false
