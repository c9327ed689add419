package rules_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

const wideFile = `
rules: v1
name: wide
fields:
  badge: {values: [red, blue]}
  review: date
  level: int
  remote: bool
  skills: {type: list, values: [go, sql]}
account: {app: everyone}
tables:
  words: {in: [department, level], else: green, rows: [[red, [1, 2], red], [any, 3, blue]]}
grants:
`

func wideFuncs() []rules.Func {
	return []rules.Func{
		{Name: "echo", Version: "1", Inputs: []string{"department", "city"}, Text: func(in rules.Inputs) string { return in.Text("city") }},
		{Name: "odd", Version: "1", Inputs: []string{"job_title"}, Cond: func(in rules.Inputs) rules.Truth {
			return rules.Truth(len(in.Text("job_title"))%3 - 1)
		}},
	}
}

// value makes a random text out of fields, as a rule file has it.
func (g *generator) value(depth int) string {
	if depth == 0 || g.IntN(4) == 0 {
		return pick(g, "department", "city", "badge", "job_title", `"red"`)
	}
	a, b := g.value(depth-1), g.value(depth-1)
	return pick(g, "coalesce("+a+", "+b+")", a+" + "+b, "iif("+g.atom().cond.String()+pick(g, "", " or missing(level)", " and remote")+", "+a+", "+b+")", `switch(department, "red", `+a+", "+b+")",
		`lookup("words")`, "echo()", "e164("+a+", "+b+")", "upper("+a+")", `item(groups, 1)`, `format_date(start, "MM")`)
}

// wide is a random condition out of all that the language has.
func (g *generator) wide(depth int) string {
	if depth > 0 && g.IntN(3) > 0 {
		a, b := g.wide(depth-1), g.wide(depth-1)
		return pick(g, "not ("+a+")", "("+a+" and "+b+")", "("+a+" or "+b+")")
	}
	v, n := g.value(2), g.IntN(5)
	relation := pick(g, "==", "!=", "<", "<=", ">", ">=")
	date := func() string {
		return pick(g, "start", "end", "hire_date", "as_of", "review", fmt.Sprintf(`date("2026-03-%02d")`, 1+g.IntN(20))) +
			pick(g, "", " + 2d", " - 5d")
	}
	switch g.IntN(10) {
	case 0:
		return pick(g, fmt.Sprintf("level %s %d", relation, n), fmt.Sprintf("%d %s level", n, relation), "missing(level)")
	case 1:
		return pick(g, "remote", "remote == false", "missing(remote)")
	case 2:
		return pick(g, fmt.Sprintf("count(groups) %s %d", relation, n), "missing(count(groups))", fmt.Sprintf("date_diff(end, start) %s %d", relation, n))
	case 3:
		return pick(g, "department == city", v+" == department", "odd()")
	case 4, 5:
		return pick(g, v+` == "red"`, v+` in ["RED", "blue"]`, v+` startsWith "r"`, v+` contains "E"`, "equalFold("+v+`, "rEd")`, "missing("+v+")")
	case 6:
		return date() + " " + relation + " " + pick(g, "start", "end", "review") + pick(g, "", " + 2d")
	case 7:
		return pick(g, `"red" in group_ids`, "missing(group_ids)", "missing(groups)", `"go" in skills`, `"red" in split(department, "e")`)
	case 8:
		return pick(g, `badge startsWith "r"`, `equalFold(badge, "RED")`, `badge contains "lu"`, `equalFold(remote, "TRUE")`)
	default:
		return g.atom().cond.String()
	}
}

// What Lint takes a condition for is what it is for everybody.
func TestFormulasAgreeWithEvaluation(t *testing.T) {
	built := 0
	seeds(t, 400, func(t testing.TB, g *generator) {
		g.clock = true
		file := wideFile
		conds := map[string]string{}
		for n := range 4 {
			id := fmt.Sprintf("g%d", n)
			conds[id] = g.wide(3)
			file += fmt.Sprintf("  - {id: %s, when: %q, give: app/group:%s}\n", id, conds[id], id)
		}
		set, err := rules.Build(rules.File("acme.yaml", []byte(file)), rules.Spec{Funcs: wideFuncs()})
		if err != nil {
			return // such as a text compared with itself
		}
		built++
		for range 5 {
			i := g.person()
			i.Status, i.TerminatedAt, i.Location.Zone = source.Active, time.Time{}, nil
			i.HireDate, i.StartDate, i.LastDay = g.past(), g.past(), g.future()
			i.Custom["level"] = pick(g, nil, []string{"1"}, []string{"3"}, []string{"05"}, []string{"x"}, []string{"1", "2"})
			i.Custom["remote"] = pick(g, nil, []string{"True"}, []string{"false"}, []string{"maybe"})
			i.Custom["skills"] = pick(g, nil, []string{}, []string{"go"}, []string{"sql", "go"}, []string{"cobol"})
			for n := range i.Groups {
				i.Groups[n].ID = g.word()
			}
			at := time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)
			d := set.Decide(rules.Person{Identity: i}, at).Accounts[0].Desired
			for id, got := range rules.LintTruths(set, i, source.DateOf(at)) {
				assert.Equal(t, outcome(d, "group:"+id), got, "%s: %s\n%+v", id, conds[id], i)
			}
		}
	})
	assert.Greater(t, built, 250, "most of them are valid")
}

func (g *generator) past() source.Date {
	return pick(g, source.Date{}, source.Day(2026, 3, 1+g.IntN(12)))
}

func (g *generator) future() source.Date {
	return pick(g, source.Date{}, source.Day(2026, 3, 12+g.IntN(9)))
}
