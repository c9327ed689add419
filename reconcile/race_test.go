//go:build race

package reconcile_test

// rounds is how many random worlds each law is tried on: few where the race detector makes
// each ten times as long, because nothing here runs side by side.
const rounds = 200
