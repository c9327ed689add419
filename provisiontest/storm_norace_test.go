//go:build !race

package provisiontest_test

// stormSeeds leaves the number to the storm.
const stormSeeds = 0
