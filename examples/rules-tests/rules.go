package main

import (
	_ "embed"

	"github.com/provision-go/provision/rules"
)

//go:embed rules.yaml
var rulesFile []byte

// companyRules is what the tests are about. What is wrong in the file is told with
// line and column.
func companyRules() (*rules.Set, error) {
	return rules.Build(rules.File("rules.yaml", rulesFile))
}
