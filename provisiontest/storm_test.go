package provisiontest_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/provision-go/provision/provisiontest"
)

// TestStorm storms the built-in company.
func TestStorm(t *testing.T) {
	seeds, _ := strconv.Atoi(os.Getenv("PROVISION_STORM_SEEDS")) // 0: the default
	provisiontest.Storm(t, provisiontest.StormConfig{Seeds: seeds})
}
