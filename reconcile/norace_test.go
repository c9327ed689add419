//go:build !race

package reconcile_test

// rounds is how many random worlds each law is tried on.
const rounds = 2000
