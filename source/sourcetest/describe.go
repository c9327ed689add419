package sourcetest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/provision-go/provision/source"
)

// Describe writes down who is in a snapshot: each person with every field that has a
// value, what the system itself said of status and employment, and the findings. Equal
// snapshots have equal texts. It is for golden files of a connector: what a system
// answered, and whom the connector makes of it.
func Describe(snapshot source.Snapshot) string {
	var out strings.Builder
	for i := range snapshot.All() {
		fmt.Fprintf(&out, "%s\n", i.ID)
		fields := source.Fields()
		for _, name := range slices.Sorted(maps.Keys(i.Custom)) {
			if field, ok := source.Field("custom." + name); ok {
				fields = append(fields, field)
			}
		}
		for _, field := range fields {
			if text := field.Text(i); text != "" && field.Name != "id" {
				line(&out, field.Name, text)
			}
		}
		line(&out, "words", fmt.Sprintf("%q, %q", i.StatusRaw, i.EmploymentTypeRaw))
		for n := range i.Employments {
			e := &i.Employments[n]
			line(&out, "employment", fmt.Sprintf("%s primary=%t %q %s %s, %s to %s, department %q, manager %q",
				e.ID, e.Primary, e.Title, e.Type, e.Status, e.Start, e.End, e.Department.Name, e.Manager.ID))
		}
	}
	for _, f := range snapshot.Findings() {
		fmt.Fprintf(&out, "%s %s %s: %s\n", f.Code, f.Identity, f.Field, f.Message)
	}
	return out.String()
}

func line(out *strings.Builder, name, text string) { fmt.Fprintf(out, "  %-18s  %s\n", name, text) }
