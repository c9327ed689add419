//go:build !race

package provisiontest_test

// stormSeeds leaves the number to the storm. stormTenants are storms with two tenants.
const (
	stormSeeds   = 0
	stormTenants = 200
)
