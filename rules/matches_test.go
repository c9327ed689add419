package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// Matches says what the conditions say, also of what is denied, excepted or beaten.
func TestMatches(t *testing.T) {
	set := built(t, `
rules: v1
name: acme
account: {app: 'country == "DE"', far: everyone}
lifecycle: {far: {clock: UTC}}
tables:
  t: {in: [department], first: true, rows: [[Sales, 'app/role:a'], [any, 'app/role:b']]}
grants:
  - {id: denied, when: department == "Sales", give: [app/group:x]}
  - {id: from, when: job_title == "Clerk", give_from: t}
  - {id: day, when: 'as_of >= date("2026-03-02")', give: [far/group:y]}
pick:
  - id: one
    choices:
      - {give: 'app/licence:pro', when: everyone, rank: 2}
      - {give: 'app/licence:basic', when: department == "Sales", rank: 1}
never:
  - {id: no, when: everyone, take: [app/group:x]}
`)
	type line struct {
		rules.Match
		outcome rules.Truth
	}
	ask := func(d *rules.Decider, i *source.Identity, at time.Time) []line {
		var out []line
		for m, outcome := range d.Matches(rules.Person{Identity: i}, at) {
			out = append(out, line{m, outcome})
		}
		return out
	}
	d := set.Decider()
	at := instant(t, "2026-03-01T20:00:00Z") // in Auckland the next day has begun
	auckland := &source.Identity{ID: "E1", Department: source.Named("Sales"), Location: source.Location{Zone: zone(t, "Pacific/Auckland")}}
	assert.Equal(t, []line{
		{rules.Match{Rule: "day"}, rules.No},
		{rules.Match{Rule: "denied"}, rules.Yes},
		{rules.Match{Rule: "from", Number: 1}, rules.Undecided},
		{rules.Match{Rule: "from", Number: 2}, rules.No},
		{rules.Match{Rule: "one", Number: 1}, rules.Yes},
		{rules.Match{Rule: "one", Number: 2}, rules.Yes},
	}, ask(d, auckland, at))
	assert.Equal(t, rules.Yes, ask(d, auckland, at.Add(4*time.Hour))[0].outcome)
	assert.Equal(t, rules.Undecided, ask(d, &source.Identity{ID: "E2"}, at)[1].outcome, "nothing is left of the one before")
	assert.Empty(t, ask(d, nil, at))
	for range d.Matches(rules.Person{Identity: auckland}, at) {
		break // and the decider can be used again
	}
	assert.Len(t, ask(d, auckland, at), 6)
}
