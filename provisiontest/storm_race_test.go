//go:build race

package provisiontest_test

// stormSeeds are few: the race detector makes each ten times as long.
const stormSeeds = 100
