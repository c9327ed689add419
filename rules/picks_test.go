package rules_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// Three conditions over three fields: "Y" is yes, "N" is no, "" is undecided.
func answers(country, title, team string) *source.Identity {
	i := somebody()
	i.Location.City, i.JobTitle, i.Team = country, title, source.Named(team)
	return i
}

func TestPicks(t *testing.T) {
	set := func(ranks [3]int, gives [3]string) *rules.Set {
		whens := []rules.Cond{rules.City.Is("Y"), rules.JobTitle.Is("Y"), rules.Team.Is("Y")}
		spec := rules.Spec{Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}}, Picks: []rules.Pick{{ID: "licence"}}}
		tier := rules.Attribute{Set: "tier", IfMissing: rules.Clear}
		for n, when := range whens {
			spec.Picks[0].Choices = append(spec.Picks[0].Choices, rules.Choice{When: when, Rank: ranks[n], Give: "app/l:" + gives[n]})
			tier.Pick = append(tier.Pick, rules.Choice{When: when, Rank: ranks[n], To: rules.Text(gives[n])})
		}
		spec.Targets[0].Attributes = []rules.Attribute{tier}
		return mustBuild(t, spec)
	}
	down, level := [3]int{3, 2, 1}, [3]int{2, 2, 1}
	for _, c := range []struct {
		name      string
		ranks     [3]int
		gives     string
		answers   [3]string
		granted   string
		undecided string
		conflict  bool
		tier      string // "-" is cleared
	}{
		{"the highest", down, "abc", [3]string{"Y", "Y", "Y"}, "a", "", false, "a"},
		{"the next", down, "abc", [3]string{"N", "Y", "Y"}, "b", "", false, "b"},
		{"the last", down, "abc", [3]string{"N", "N", "Y"}, "c", "", false, "c"},
		{"none", down, "abc", [3]string{"N", "N", "N"}, "", "", false, "-"},
		{"a higher one is open", down, "abc", [3]string{"", "Y", "Y"}, "", "a b c", false, ""},
		{"a higher one is open, the others are no", down, "abc", [3]string{"", "N", "N"}, "", "a", false, ""},
		{"a lower one is open", down, "abc", [3]string{"Y", "", "Y"}, "a", "", false, "a"},
		{"one between is open", down, "abc", [3]string{"N", "", "Y"}, "", "b c", false, ""},
		{"two of one rank", level, "abc", [3]string{"Y", "Y", "Y"}, "", "a b c", true, ""},
		{"two of one rank, nothing below", level, "abc", [3]string{"Y", "Y", "N"}, "", "a b", true, ""},
		{"two of one rank give the same", level, "aac", [3]string{"Y", "Y", "Y"}, "a", "", false, "a"},
		{"one of a rank", level, "abc", [3]string{"N", "Y", "Y"}, "b", "", false, "b"},
		{"another of the rank is open", level, "abc", [3]string{"Y", "", "Y"}, "", "a b c", false, ""},
		{"the same by another rank", down, "aba", [3]string{"N", "N", "Y"}, "a", "", false, "a"},
		{"the same, and something else between", down, "aba", [3]string{"N", "Y", "Y"}, "b", "", false, "b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := set(c.ranks, [3]string{c.gives[:1], c.gives[1:2], c.gives[2:]})
			p := rules.Person{Identity: answers(c.answers[0], c.answers[1], c.answers[2])}
			at := time.Unix(0, 0)
			d := s.Decide(p, at).Accounts[0].Desired
			assert.Equal(t, [2]string{c.granted, c.undecided}, [2]string{names(d.Entitlements), names(d.Undecided)})
			var notes []target.Note
			if d.Extra != nil {
				notes = d.Extra.Notes
			}
			if c.conflict {
				text := "two choices of the same rank apply"
				assert.Equal(t, []target.Note{{Code: "conflict", Rule: "app.tier", Text: text}, {Code: "conflict", Rule: "licence", Text: text}}, notes)
				assert.Equal(t, []string{text + " (rule app.tier)"}, s.Because(p, at, "app", "", "attribute tier"))
			} else {
				assert.Empty(t, notes)
			}
			switch c.tier {
			case "-":
				assert.Equal(t, []string{"tier"}, d.Clear)
				assert.Equal(t, []string{"no choice applies (rule app.tier)"}, s.Because(p, at, "app", "", "attribute tier"))
			case "":
				assert.True(t, d.Attributes.IsZero())
				assert.Empty(t, d.Clear)
				x, no := s.WhyNot(p, at, "app", "", "attribute tier")
				assert.True(t, no)
				assert.Equal(t, "undecided", x.Outcome)
			default:
				assert.Equal(t, c.tier, d.Attributes.Get("tier"))
				x, yes := s.Why(p, at, "app", "", "attribute tier")
				assert.True(t, yes)
				assert.NotZero(t, x.Causes[0].Number)
			}
			if !c.conflict && c.undecided != "" {
				assert.NotEmpty(t, d.Missing)
			}
		})
	}
}

// What one choice says of another is told.
func TestPicksAreExplained(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}},
		Picks: []rules.Pick{{ID: "l", Choices: []rules.Choice{
			{When: rules.City.Is("Y"), Rank: 2, Give: "app/l:pro"}, {When: rules.Everyone, Rank: 1, Give: "app/l:basic"},
		}}},
	})
	because := func(country string) []string {
		return set.Because(rules.Person{Identity: answers(country, "", "")}, time.Unix(0, 0), "app", "", "l:basic")
	}
	assert.Equal(t, []string{"another choice has a higher rank (rule l[2])"}, because("Y"))
	assert.Equal(t, []string{"nobody can tell whether another choice comes first (rule l[2])"}, because(""))
	assert.Equal(t, []string{"rule l[2]"}, because("N"))
}

func TestAttributePicksThatBlock(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone, Attributes: []rules.Attribute{
			{Set: "tier", IfMissing: rules.Block, When: rules.Team.Is("Y"), Pick: []rules.Choice{{When: rules.City.Is("Y"), To: rules.JobTitle}}},
		}}},
	})
	for _, c := range []struct {
		country, title, team string
		state                target.State
		missing              []string
		because              string
	}{
		{"Y", "Boss", "Y", target.Enabled, nil, "rule account.app"},
		{"Y", "", "Y", target.Undecided, []string{"job_title"}, "rule app.tier: undecided, needs job_title"},
		{"", "Boss", "Y", target.Undecided, []string{"city"}, "rule app.tier: undecided, needs city"},
		{"N", "Boss", "Y", target.Undecided, nil, "rule app.tier: undecided"},
		{"N", "Boss", "N", target.Enabled, nil, "rule account.app"},
	} {
		p := rules.Person{Identity: answers(c.country, c.title, c.team)}
		d := set.Decide(p, time.Unix(0, 0)).Accounts[0].Desired
		assert.Equal(t, c.state, d.State, "%+v", c)
		assert.Equal(t, c.missing, d.Missing, "%+v", c)
		assert.Equal(t, []string{c.because}, set.Because(p, time.Unix(0, 0), "app", "", rules.SubjectAccount))
	}
}
