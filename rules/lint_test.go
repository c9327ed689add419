package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

const lintHead = `rules: v1
name: acme
fields: {level: int, site: {values: [BER-1, BER-2, MUC]}, remote: bool}
`

// linted returns the findings about files, the first of which is put behind the
// head.
func linted(t testing.TB, opts rules.LintOptions, files ...string) []rules.LintFinding {
	t.Helper()
	files[0] = lintHead + files[0]
	var layers []rules.Spec
	for n, text := range files {
		name := []string{"base.yaml", "acme.yaml"}[n]
		layers = append(layers, rules.File(name, []byte(text)))
	}
	set, err := rules.Build(append(layers, rules.Spec{Funcs: []rules.Func{{
		Name: "key_role", Version: "1", Inputs: []string{"job_title"}, Cond: func(rules.Inputs) rules.Truth { return rules.Yes },
	}}})...)
	require.NoError(t, err)
	return set.Lint(opts)
}

func TestLint(t *testing.T) {
	at := instant(t, "2026-03-01T12:00:00Z")
	cases := []struct {
		name, file, overlay string
		opts                rules.LintOptions
		want                []string
	}{
		{name: "nothing", file: `
account: {app: everyone}
grants:
  - {id: sales, when: department == "Sales", give: app/group:sales}
  - {id: senior, when: department == "Sales" and level >= 5, give: app/group:senior}
`},
		{name: "never in that case", file: `
account: {app: everyone}
grants:
  - {id: low, when: lower(department) == "Sales", give: app/group:a}
  - {id: up, when: 'upper(trim(department)) in ["sales", "Support"]', give: app/group:b}
  - {id: part, when: lower(department) contains "S" and level > 3, give: app/group:c}
  - {id: fine, when: 'lower(department) in ["Sales", "support"] or upper(team) == "3RD" or equalFold(lower(team), "Sales")', give: app/group:d}
`, want: []string{
			`dead-rule base.yaml:7:10: grant low: never matches: nobody can meet lower(department) == "Sales". Correct the condition, or remove the grant`,
			`dead-rule base.yaml:8:10: grant up: never matches: nobody can meet upper(trim(department)) in ["sales", "Support"]. Correct the condition, or remove the grant`,
			`dead-rule base.yaml:9:10: grant part: never matches: nobody can meet lower(department) contains "S". Correct the condition, or remove the grant`,
		}},
		{name: "dead grant", file: `
account: {app: everyone}
grants:
  - {id: sales, when: 'department == "Sales" and level >= 3 and department == "Support"', give: app/group:a}
  - {id: level, when: level < 3 and (level > 5 or level == 4), give: app/group:b}
  - {id: dates, when: start > end, give: app/group:c}
  - {id: site, when: site startsWith "HAM", give: app/group:d}
  - {id: remote, when: remote and remote == false, give: app/group:e}
  - {id: lists, when: missing(groups) and "x" in group_ids, give: app/group:f}
  - {id: leavers, when: 'status in ["terminated", "retired"]', give: app/group:g}
  - {id: past, when: end < as_of, give: app/group:h}
`, want: []string{
			`dead-rule base.yaml:7:10: grant sales: never matches: nobody can meet department == "Sales" and department == "Support". Correct the condition, or remove the grant`,
			`dead-rule base.yaml:8:10: grant level: never matches: nobody can meet custom.level < 3 and (custom.level > 5 or custom.level == 4). Correct the condition, or remove the grant`,
			`dead-rule base.yaml:9:10: grant dates: never matches: nobody can meet end < start. Correct the condition, or remove the grant`,
			`dead-rule base.yaml:10:10: grant site: never matches: nobody can meet custom.site startsWith "HAM". Correct the condition, or remove the grant`,
			`dead-rule base.yaml:11:10: grant remote: never matches: nobody can meet custom.remote == true and custom.remote == false. Correct the condition, or remove the grant`,
			`dead-rule base.yaml:12:10: grant lists: never matches: nobody can meet missing(groups) and "x" in group_ids. Correct the condition, or remove the grant`,
			`dead-rule base.yaml:13:10: grant leavers: never matches: only people meet the condition who have left, or who are not hired or not due yet, who are given nothing. Correct the condition, or remove the grant`,
			`dead-rule base.yaml:14:10: grant past: never matches: only people meet the condition who have left, or who are not hired or not due yet, who are given nothing. Correct the condition, or remove the grant`,
		}},
		{name: "outside the scope", file: `
scope: employment_type != "contractor"
account: {app: everyone, crm: department == "Sales"}
grants:
  - {id: external, when: employment_type == "contractor", give: app/group:external}
  - {id: support, when: department == "Support", give: crm/role:agent}
  - {id: both, when: department == "Support", give: [crm/role:agent, app/group:agents]}
  - {id: mixed, when: 'employment_type == "contractor" or department == "Support"', give: crm/role:mixed}
`, want: []string{
			`dead-rule base.yaml:8:10: grant external: never matches: nobody in the scope (base.yaml:5:8) meets the condition. Correct the condition, or remove the grant`,
			`dead-rule base.yaml:9:10: grant support: never matches: nobody who meets the condition has an account on crm. Correct the condition, or remove the grant`,
			`dead-rule base.yaml:10:10: grant both: gives nothing on crm: nobody who meets the condition has an account on crm. Correct the condition, or take what is given there out of it`,
			`dead-rule base.yaml:11:10: grant mixed: never matches: nobody who meets the condition is employed, in scope and has an account on crm. Correct the condition, or remove the grant`,
		}},
		{name: "dead others", file: `
scope: kind == "employee" and kind == "candidate"
account: {app: status == "retired", crm: level > 9 and level < 3, erp: everyone}
attributes:
  erp:
    - {set: title, to: job_title, when: 'department == "A" and department == "B"'}
    - {set: team, to: team, when: status == "candidate"}
    - set: tier
      pick:
        - {to: '"gold"', when: level >= 7, rank: 2}
        - {to: '"silver"', when: level >= 8, rank: 1}
        - {to: '"tin"', when: level > 3 and level < 2, rank: 1}
grants:
  - {id: all, when: everyone, give: erp/role:x}
pick:
  - id: licence
    choices:
      - {give: 'erp/licence:pro', when: level >= 5, rank: 2}
      - {give: 'erp/licence:plus', when: 'level in [5, 6]', rank: 1}
      - {give: 'erp/licence:basic', when: level < 5 and level > 4, rank: 1}
never:
  - {id: no.x, when: department == "A" and department != "A", take: erp/role:x}
require:
  - {id: needs.level, when: level > 5 and level < 5, must: not missing(work_email)}
  - {id: must.never, when: remote, must: remote == false}
protect:
  - {id: glass, who: [E1], when: remote and not (remote)}
`, want: []string{
			`dead-rule base.yaml:5:8: scope: nobody whom it lets in gets an account: nobody can meet kind == "employee" and kind == "candidate". Correct the condition`,
			`dead-rule base.yaml:6:11: account app: nobody ever gets one: only people meet the condition who have left, or who are not hired or not due yet, who are given nothing. Correct the condition`,
			`dead-rule base.yaml:6:37: account crm: nobody ever gets one: nobody can meet custom.level > 9 and custom.level < 3. Correct the condition`,
			`dead-rule base.yaml:9:7: attribute erp.title: never set on erp: nobody can meet department == "A" and department == "B". Correct the condition, or remove the attribute`,
			`dead-rule base.yaml:10:7: attribute erp.team: never set on erp: only people who are not hired, or whose status is not known, meet the condition, and nothing is set for them. Correct the condition, or remove the attribute`,
			`row-never-reached base.yaml:11:7: attribute erp.tier, choice 2: never reached: choices of a higher rank are always taken before it. Give it a higher rank, or remove it`,
			`dead-rule base.yaml:11:7: attribute erp.tier, choice 3: never matches: nobody can meet custom.level > 3 and custom.level < 2. Correct the condition, or remove the choice`,
			`row-never-reached base.yaml:19:9: pick licence, choice 2: never reached: choices of a higher rank are always taken before it. Give it a higher rank, or remove it`,
			`dead-rule base.yaml:19:9: pick licence, choice 3: never matches: nobody can meet custom.level < 5 and custom.level > 4. Correct the condition, or remove the choice`,
			`dead-rule base.yaml:25:10: never no.x: takes nothing from anybody: nobody can meet department == "A" and department != "A". Correct the condition, or remove the rule`,
			`dead-rule base.yaml:27:10: require needs.level: concerns nobody: nobody can meet custom.level > 5 and custom.level < 5. Correct the condition, or remove the rule`,
			`dead-rule base.yaml:28:10: require must.never: is met by nobody whom it concerns, who are all held or reported: nobody can meet custom.remote == true and custom.remote == false. Correct the condition, or remove the rule`,
			`dead-rule base.yaml:30:10: protect glass: its condition is met by nobody: nobody can meet custom.remote == true and not (custom.remote == true). Correct the condition, or name people under who`,
		}},
		{name: "adds nothing", file: `
account: {app: everyone}
grants:
  - {id: staff, when: not missing(department), give: [app/group:a, app/group:b]}
  - {id: sales, when: department == "Sales", give: app/group:a}
  - {id: senior, when: department == "Sales" and level >= 5, give: app/group:a}
  - {id: kept, when: department == "Sales" and level >= 5, give: app/group:a, grace: 7d}
  - {id: asks, when: department == "Sales" and level >= 6, give: app/group:a, approval: manager, except: [{who: E1, until: 2026-12-31, why: x}]}
  - {id: swap, when: level >= 5 and department == "Sales", give: app/group:a}
`, want: []string{
			`adds-nothing base.yaml:9:10: grant senior: adds nothing: grant sales (base.yaml:8:10) gives the same to everybody whom it matches. Remove it, or make the other one narrower`,
			`adds-nothing base.yaml:11:10: grant asks: adds nothing: grant sales (base.yaml:8:10) gives the same to everybody whom it matches, and so its exceptions keep nobody from it. Remove it, or make the other one narrower`,
			`adds-nothing base.yaml:12:10: grant swap: adds nothing: grant sales (base.yaml:8:10) gives the same to everybody whom it matches. Remove it, or make the other one narrower`,
		}},
		{name: "does add", file: `
account: {app: everyone}
grants:
  - {id: wide, when: 'department in ["Sales", "Support"]', give: app/group:a, except: [{who: E1, until: 2026-12-31, why: x}]}
  - {id: sales, when: department == "Sales", give: app/group:a}
  - {id: asks, when: everyone, give: app/group:b, approval: manager}
  - {id: plain, when: department == "Sales", give: app/group:b}
  - {id: short, when: level > 3, give: app/group:c, grace: 3d}
  - {id: long, when: level > 4, give: app/group:c, grace: 7d}
  - {id: any, when: not missing(site), give: app/group:d}
  - {id: muc, when: site == "MUC", give: app/group:d}
`},
		{name: "tables", file: `
account: {app: everyone}
tables:
  first:
    in: [department, site]
    first: true
    else: app/group:none
    rows:
      - [Sales, any, app/group:sales]
      - [[Sales, Support], [MUC, BER-1], app/group:south]
      - [Sales, MUC, app/group:munich]
      - [Support, [BER-1, MUC], app/group:b]
      - [Support, BER-2, app/group:c]
      - [Support, any, app/group:d]
      - [Legal, any, app/group:legal]
  all:
    in: [level, department]
    rows:
      - [1, any, app/group:one]
      - [1, Sales, app/group:one]
      - [1, Sales, app/group:more]
      - [[2, 3], any, app/group:two]
      - [[3, 2], any, app/group:two]
  words: {in: [site], else: x, rows: [[BER-1, a], [[BER-1, BER-2], b], [BER-2, c], [any, d], [MUC, e]]}
attributes:
  app: [{set: word, to: 'lookup("words")'}]
grants:
  - {id: from.first, when: department != "Legal", give_from: first}
  - {id: from.all, when: level > 1, give_from: all}
`, want: []string{
			`row-never-reached base.yaml:14:9: table first, row 3: never reached: row 1 matches everybody whom it is for. Move it up, or remove it`,
			`row-never-reached base.yaml:15:9: table first, row 4: never reached: row 2 matches everybody whom it is for. Move it up, or remove it`,
			`row-never-reached base.yaml:17:9: table first, row 6: never reached: rows 2 and 5 together match everybody whom it is for. Move it up, or remove it`,
			`dead-rule base.yaml:18:9: grant from.first, row 7: never matches: nobody can meet department != "Legal" and department == "Legal". Correct the condition, or remove the row`,
			`dead-rule base.yaml:22:9: grant from.all, row 1: never matches: nobody can meet custom.level > 1 and custom.level == 1. Correct the condition, or remove the row`,
			`adds-nothing base.yaml:23:9: table all, row 2: adds nothing: row 1 gives the same to everybody whom it matches. Remove it`,
			`dead-rule base.yaml:24:9: grant from.all, row 3: never matches: nobody can meet custom.level > 1 and custom.level == 1. Correct the condition, or remove the row`,
			`row-never-reached base.yaml:26:9: table all, row 5: repeats row 4. Remove it`,
			`row-never-reached base.yaml:27:72: table words, row 3: never reached: row 2 matches everybody whom it is for. Move it up, or remove it`,
			`row-never-reached base.yaml:27:94: table words, row 5: never reached: row 4 matches everybody whom it is for. Move it up, or remove it`,
		}},
		{name: "picks", file: `
account: {app: everyone}
attributes:
  app:
    - set: tier
      pick:
        - {to: '"gold"', when: level >= 7, rank: 1}
        - {to: job_title, when: 'department == "Sales"', rank: 1}
        - {to: '"tin"', when: level >= 9, rank: 1}
        - {to: '"tin"', when: level >= 9 and remote, rank: 1}
pick:
  - id: licence
    choices:
      - {give: 'app/licence:pro', when: level == 5, rank: 1}
      - {give: 'app/licence:basic', when: department == "Sales", rank: 1}
      - {give: 'app/licence:plus', when: key_role() and level > 5, rank: 1}
      - {give: 'app/licence:none', when: department == "None", rank: 1}
      - {give: 'app/licence:top', when: department == "None", rank: 2}
`, want: []string{
			`picks-overlap base.yaml:8:7: attribute app.tier, choice 2: can match together with choice 1, with a value that may be another, for example department = Sales, level = 7; the attribute is then left alone. Give one of them a higher rank, or make it narrower`,
			`picks-overlap base.yaml:8:7: attribute app.tier, choice 3: can match together with choice 1, with another value, for example level = 9; the attribute is then left alone. Give one of them a higher rank, or make it narrower`,
			`picks-overlap base.yaml:8:7: attribute app.tier, choice 3: can match together with choice 2, with a value that may be another, for example department = Sales, level = 9; the attribute is then left alone. Give one of them a higher rank, or make it narrower`,
			`picks-overlap base.yaml:8:7: attribute app.tier, choice 4: can match together with choice 1, with another value, for example level = 9, remote = true; the attribute is then left alone. Give one of them a higher rank, or make it narrower`,
			`picks-overlap base.yaml:8:7: attribute app.tier, choice 4: can match together with choice 2, with a value that may be another, for example department = Sales, level = 9, remote = true; the attribute is then left alone. Give one of them a higher rank, or make it narrower`,
			`picks-overlap base.yaml:15:9: pick licence, choice 2: can match together with choice 1, for example department = Sales, level = 5; nothing is then given or taken. Give one of them a higher rank, or make it narrower`,
			`picks-overlap base.yaml:15:9: pick licence, choice 3: may match together with choice 2, for example department = Sales, job_title not missing, level = 6; nothing is then given or taken. Give one of them a higher rank, or make it narrower`,
			`row-never-reached base.yaml:15:9: pick licence, choice 4: never reached: choices of a higher rank are always taken before it. Give it a higher rank, or remove it`,
		}},
		{name: "inside a denial", file: `
account: {app: everyone}
grants:
  - {id: interns, when: 'employment_type == "intern" and level > 3', give: [app/group:a, app/group:b]}
  - {id: partly, when: 'employment_type == "intern"', give: [app/group:a, app/group:c]}
  - {id: two, when: 'employment_type in ["intern", "contractor"]', give: app/group:b}
never:
  - {id: no.interns, when: 'employment_type == "intern"', take: [app/group:a, app/group:b]}
  - {id: no.externals, when: 'employment_type in ["contractor", "freelance"]', take: app/group:b}
  - {id: no.freelance, when: employment_type == "freelance", take: app/group:b}
`, want: []string{
			`inside-never base.yaml:7:10: grant interns: gives nothing to anybody: never no.interns (base.yaml:11:10) takes it from everybody whom it matches. Remove it, or make the denial narrower`,
			`inside-never base.yaml:9:10: grant two: gives nothing to anybody: never no.externals (base.yaml:12:10) and never no.interns (base.yaml:11:10) take it from everybody whom it matches. Remove it, or make the denial narrower`,
			`adds-nothing base.yaml:13:10: never no.freelance: adds nothing: never no.externals (base.yaml:12:10) takes the same from everybody whom it concerns. Remove it`,
		}},
		{name: "duties", file: `
account: {app: everyone, erp: department == "Finance"}
grants:
  - {id: enter, when: level < 5, give: erp/role:enter}
  - {id: approve, when: level >= 4 and remote, give: erp/role:approve}
  - {id: boss, when: level > 8, give: [erp/role:approve, app/role:audit]}
  - {id: audit, when: key_role(), give: app/role:audit}
never:
  - {id: no.audit, when: level > 8, take: app/role:audit}
never_together:
  - {id: sod.invoice, roles: [erp/role:enter, erp/role:approve], do: hold}
  - {id: sod.audit, roles: [erp/role:approve, app/role:audit], do: report}
  - {id: sod.enter, roles: [erp/role:enter, app/role:audit], do: approve, by: cfo}
`, want: []string{
			`duties-overlap base.yaml:8:10: grant approve: together with grant enter can give erp/role:enter and erp/role:approve to one person, against never_together sod.invoice (base.yaml:14:10), for example department = Finance, level = 4, remote = true; neither is then granted. Make one of the grants narrower`,
			`duties-overlap base.yaml:10:10: grant audit: together with grant approve may give erp/role:approve and app/role:audit to one person, against never_together sod.audit (base.yaml:15:10), for example department = Finance, job_title not missing, level = 4, remote = true; both are then given and reported. Make one of the grants narrower`,
			`duties-overlap base.yaml:10:10: grant audit: together with grant enter may give erp/role:enter and app/role:audit to one person, against never_together sod.enter (base.yaml:16:10), for example department = Finance, job_title not missing, level = 4; cfo has then to approve them. Make one of the grants narrower if that is not meant`,
		}},
		{name: "exceptions", opts: rules.LintOptions{At: at}, file: `
account: {app: everyone}
lifecycle: {app: {clock: UTC}}
grants:
  - id: a
    when: everyone
    give: app/group:a
    except:
      - {who: E1, until: 2026-02-28, why: x}
      - {who: E2, until: 2026-03-01, why: x}
      - {who: E3, until: 2027-03-01, why: x}
      - {who: E4, until: 2027-03-02, why: x}
`, want: []string{
			`expired-exception base.yaml:8:9: grant a, exception 1: expired: it kept E1 out until 2026-02-28, and no longer does. Remove it, or give it a new day`,
			`exception-too-long base.yaml:8:9: grant a, exception 4: too long: it keeps E4 out until 2027-03-02, which is more than a year from 2026-03-01. Shorten it, or put the reason into the condition`,
		}},
		{name: "fields", opts: rules.LintOptions{Filled: []string{"status", "hire_date", "end_date", "work_email", "level"}}, file: `
account: {app: everyone}
lifecycle: {app: {handover: manager}}
attributes:
  app: [{set: title, to: job_title}]
grants:
  - {id: a, when: level > 3 and site == "MUC", give: app/group:a}
  - {id: b, when: missing(site) or team == "x", give: app/group:b}
`, want: []string{
			`unfilled-field base.yaml:6:13: lifecycle.app: looks at manager, which no source fills. Have a source fill it, or take it out of the rules`,
			`unfilled-field base.yaml:8:9: attribute app.title: looks at job_title, which no source fills. Have a source fill it, or take it out of the rules`,
			`unfilled-field base.yaml:10:10: grant a: looks at custom.site, which no source fills; so does 1 other rule. Have a source fill it, or take it out of the rules`,
			`unfilled-field base.yaml:11:10: grant b: looks at team, which no source fills. Have a source fill it, or take it out of the rules`,
		}},
		{name: "layers", file: `
account: {app: everyone}
grants:
  - {id: sales, when: department == "Sales", give: app/group:sales}
never:
  - {id: no.sales, when: remote, take: app/group:sales}
`, overlay: `
rules: v1
grants:
  - {id: acme.sales, when: 'department == "Sales"', give: [app/group:sales]}
never:
  - {id: acme.no, when: remote, take: app/group:sales}
`, want: []string{
			`same-rule acme.yaml:4:10: grant acme.sales: is the same as grant sales (base.yaml:7:10). Remove one of them`,
			`same-rule acme.yaml:6:10: never acme.no: is the same as never no.sales (base.yaml:9:10). Remove one of them`,
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			files := []string{c.file}
			if c.overlay != "" {
				files = append(files, c.overlay)
			}
			var got []string
			for _, f := range linted(t, c.opts, files...) {
				got = append(got, string(f.Code)+" "+f.String())
			}
			assert.Equal(t, c.want, got, strings.Join(got, "\n"))
		})
	}
}

// A condition that is too involved is said to be so, once, and nothing is claimed.
func TestLintGivesUp(t *testing.T) {
	g := newGenerator(1)
	var clauses []rules.Cond
	spec := rules.Spec{Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}}}
	for n := range 40 {
		spec.Fields = append(spec.Fields, rules.FieldSpec{Name: fmt.Sprintf("f%d", n), Type: rules.BoolType})
	}
	for range 220 { // far more than anybody can meet
		parts := make([]rules.Cond, 3)
		for n := range parts {
			f := rules.CustomBool(fmt.Sprintf("f%d", g.IntN(40)))
			parts[n] = pick(g, f.IsTrue(), f.IsFalse())
		}
		clauses = append(clauses, rules.Any(parts...))
	}
	spec.Grants = []rules.Grant{
		{ID: "a", When: rules.All(clauses...), Give: []string{"app/group:a"}},
		{ID: "b", When: rules.All(clauses[1:]...), Give: []string{"app/group:a"}},
	}
	var got []string
	for _, f := range mustBuild(t, spec).Lint(rules.LintOptions{}) {
		got = append(got, string(f.Code)+" "+f.String())
	}
	assert.Equal(t, []string{
		"not-analysed grant a: too involved to be checked against the other rules; split it into several that are simpler",
		"not-analysed grant b: too involved to be checked against the other rules; split it into several that are simpler",
	}, got)
}

// Findings without a file come in the order of IDs, and what is not looked for is
// not found.
func TestLintOfRulesInGo(t *testing.T) {
	set := mustBuild(t, rules.Spec{
		Name:    "x",
		Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}, {Target: "app", Slot: "admin", Account: rules.Status.Is(source.Retired)}},
		Grants: []rules.Grant{
			{ID: "b", When: rules.Not(rules.Everyone), Give: []string{"app/group:b"}},
			{ID: "a", When: rules.Team.Is("x"), Give: []string{"app/group:a"}, Except: []rules.Exception{{Who: "E1", Until: source.Day(2020, 1, 1), Why: "x"}}},
			{ID: "c", When: rules.Team.Is("x"), Give: []string{"app/group:a"}},
		},
		Budgets: []rules.Budget{{ID: "s", Roles: []string{"app/group:a"}, Seats: 3}, {ID: "r", Roles: []string{"app/group:a"}, Seats: 3}},
		Protect: []rules.Protection{{ID: "p", Who: []string{"E1"}}, {ID: "q", Who: []string{"E1"}}},
	})
	found := set.Lint(rules.LintOptions{})
	var got []string
	for _, f := range found {
		assert.Zero(t, f.Pos)
		got = append(got, string(f.Code)+" "+f.String())
	}
	assert.Equal(t, []string{
		"adds-nothing grant a: adds nothing: grant c gives the same to everybody whom it matches, and so its exceptions keep nobody from it. Remove it, or make the other one narrower",
		"dead-rule account app~admin: nobody ever gets one: only people meet the condition who have left, or who are not hired or not due yet, who are given nothing. Correct the condition",
		"dead-rule grant b: never matches: nobody can meet not (everyone). Correct the condition, or remove the grant",
		"same-rule protect q: is the same as protect p. Remove one of them",
		"same-rule budget s: is the same as budget r. Remove one of them",
	}, got)
	assert.Equal(t, found, set.Lint(rules.LintOptions{}), "the same every time")
}
