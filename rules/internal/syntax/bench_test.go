package syntax_test

import (
	"testing"

	"github.com/provision-go/provision/rules/internal/syntax"
)

// typical are conditions and values as rule files have them, of about 60 bytes.
var typical = []string{
	`status == "active" and department == "Engineering"`,
	`status in ["active", "prehire"] and employment_type != "contractor"`,
	`status == "active" and department == "Finance" and level < 5`,
	`site startsWith "BER-" and status == "active"`,
	`status == "active" and "oncall" in groups and department == "Platform"`,
	`start_date - 14d <= as_of and not missing(manager)`,
	`department in ["Engineering", "Platform"] and (employment_type == "employee" or end_date > as_of)`,
	`slug(given_name) + "." + slug(family_name)`,
	`custom.badge == true or custom["cost centre"] contains "Zürich"`,
	`country not in ["US", "CA"] and hire_date >= date("2026-01-01")`,
}

// BenchmarkParse reads all of them in turn; ns/condition is the figure to watch.
func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		for _, text := range typical {
			if node, _ := syntax.Parse(text); node == nil {
				b.Fatal(text)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(typical)), "ns/condition")
}
