package rules_test

import "os"

// storm is how many samples a property is tried with: PROVISION_STORM=1 takes
// twenty times as many.
func storm(n int) int {
	if os.Getenv("PROVISION_STORM") != "" {
		return n * 20
	}
	return n
}
