package rules_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// A missing value blocks the account or leaves the attribute as it is, as the rules say.
func TestMissingValues(t *testing.T) {
	decide := func(a rules.Attribute) target.Desired {
		set := mustBuild(t, rules.Spec{Name: "acme", Targets: []rules.TargetSpec{{
			Target: "app", Account: rules.Everyone, Attributes: []rules.Attribute{a},
		}}})
		i := somebody()
		i.Department = source.Named("Legal")
		return set.Decide(rules.Person{Identity: i}, instant(t, "2026-03-01T00:00:00Z")).For("app")[0]
	}
	t.Run("no choice fits", func(t *testing.T) {
		d := decide(rules.Attribute{Set: "mail", IfMissing: rules.Block, Pick: []rules.Choice{
			{When: rules.Department.Is("Sales"), To: rules.WorkEmail},
		}})
		assert.Equal(t, target.Undecided, d.State)
	})
	t.Run("nothing is cleared", func(t *testing.T) {
		d := decide(rules.Attribute{Set: "mail", To: rules.Lower(rules.WorkEmail)})
		assert.Empty(t, d.Clear)
	})
}
