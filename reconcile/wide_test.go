package reconcile_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/internal/proof"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// One long name must not widen the rows of everybody else.
func TestFormatLongNames(t *testing.T) {
	long := strings.Repeat("ä", 1<<16)
	for name, c := range map[string]struct {
		label, key, want, not string
	}{
		"label":       {long, "E999", " " + strings.Repeat("ä", 63) + "…  E999 ", "ää…ä"},
		"key":         {"ana", long, "  " + strings.Repeat("ä", 63) + "…  ", strings.Repeat("ä", 64)},
		"64 fit":      {strings.Repeat("ä", 64), "E999", strings.Repeat("ä", 64) + "  E999", "…"},
		"65 do not":   {strings.Repeat("ä", 65), "E999", strings.Repeat("ä", 63) + "…  E999", strings.Repeat("ä", 64)},
		"not to show": {"\u202e" + long, "E999", `"\u202e` + strings.Repeat("ä", 56) + "…  E999", "\u202e"},
	} {
		t.Run(name, func(t *testing.T) {
			desired := []target.Desired{{Key: target.Key{Identity: c.key}, Label: c.label, State: target.Enabled, Phase: target.Active}}
			for i := range 50 {
				desired = append(desired, target.Desired{
					Key: target.Key{Identity: fmt.Sprintf("E%03d", i)}, Label: "bo", State: target.Enabled, Phase: target.Active,
				})
			}
			p := compute(t, reconcile.Input{
				Target: "app", Capabilities: able(), Owned: owning(), At: day,
				History: reconcile.History{Runs: 9, People: len(desired)},
				Scope:   reconcile.Whole(desired, proof.Complete{People: len(desired), Read: true}, collect(t, able(), nil, nil)),
			})
			text := p.String()
			assert.Contains(t, text, c.want)
			assert.NotContains(t, text, c.not)
			for line := range strings.Lines(text) {
				assert.Less(t, utf8.RuneCountInString(line), 200)
			}
		})
	}
}
