package main

import (
	"embed"
	"io"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source/csvsource"
)

//go:embed export/*.csv
var exports embed.FS

// hrExport is the file that the HR system leaves every morning. Its headings
// are recognised by themselves; it states no time zones, so we do.
func hrExport(today func() string) (*csvsource.Source, error) {
	return csvsource.New(csvsource.Config{
		Name: "hr-export",
		Open: func() (io.ReadCloser, error) { return exports.Open("export/" + today() + ".csv") },
		TimeZones: map[string]string{
			"Berlin":    "Europe/Berlin",
			"Lisbon":    "Europe/Lisbon",
			"London":    "Europe/London",
			"New York":  "America/New_York",
			"Singapore": "Asia/Singapore",
		},
	})
}

//go:embed rules.yaml
var companyRulesFile []byte

// companyRules says who has an account in the app, and what they may do there. What
// is wrong in the file is told with line and column.
func companyRules() (*rules.Set, error) {
	return rules.Build(rules.File("rules.yaml", companyRulesFile))
}
