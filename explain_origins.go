package provision

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/source"
)

// formatOrigins says which source each field is from, and who says otherwise. Values
// are about the person, and not shown.
func (x *Explanation) formatOrigins(b *bytes.Buffer) {
	chosen := map[string]source.Origin{}
	for _, o := range x.Origins {
		if o.Chosen {
			chosen[o.Field] = o
		}
	}
	var fields []string
	for _, o := range x.Origins {
		if !slices.Contains(fields, o.Field) {
			fields = append(fields, o.Field)
		}
	}
	for _, field := range fields {
		from, ok := chosen[field]
		var others []string
		for _, o := range x.Origins {
			if o.Field == field && !o.Chosen && o.Value != from.Value {
				others = append(others, o.Source)
			}
		}
		switch {
		case ok && len(others) > 0:
			fmt.Fprintf(b, "%s  from %s; otherwise %s\n", printable(field), printable(from.Source), printable(strings.Join(others, ", ")))
		case ok:
			fmt.Fprintf(b, "%s  from %s\n", printable(field), printable(from.Source))
		default:
			fmt.Fprintf(b, "%s  not taken from %s\n", printable(field), printable(strings.Join(others, ", ")))
		}
	}
}
