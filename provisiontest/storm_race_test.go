//go:build race

package provisiontest_test

// stormSeeds and stormTenants are few: the race detector makes each ten times as long.
const (
	stormSeeds   = 100
	stormTenants = 10
)
