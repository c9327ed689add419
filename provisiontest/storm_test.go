package provisiontest_test

import (
	"testing"

	"github.com/provision-go/provision/provisiontest"
)

// TestStorm storms the built-in company.
func TestStorm(t *testing.T) {
	provisiontest.Storm(t, provisiontest.StormConfig{Seeds: stormSeeds})
}
