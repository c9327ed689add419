package successfactors_test

import (
	"testing"
	"testing/synctest"
)

// bubble runs a test in which waits take no time.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	credentials() // made outside
	synctest.Test(t, f)
}
