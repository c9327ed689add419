package rules_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
)

const hashed = `rules: v1
name: acme
fields:
  badge: {type: text, values: [red, blue]}
  skills: {type: list, values: [go, sql]}
  leave_start: date
  ends: date
  level: int
scope: {when: department == "scoped", on_leave_scope: disable}
account:
  app: {when: team == "app", label: employee_number}
  app~admin: everyone
  crm: everyone
lifecycle:
  app:
    id: life
    create: start - 9d
    enable: start - 3d
    leave: disable after 5d since leave_start
    delete: end + 90d
    clock: UTC
    end_sessions: true
    handover: manager
    rehire: {do: hold, within: 31d}
    expire: {when: city == "expiring", last_day: ends, if_missing: hold}
attributes:
  app:
    - {id: titled, set: title, to: job_title, apply: create, if_missing: clear, when: city == "titled"}
    - {set: tier, pick: [{to: '"gold"', when: city == "golden", rank: 21}, {to: '"iron"', when: everyone, rank: 1}]}
    - {set: login, unique: {try: [slug(given_name), slug(family_name) + n], max: 22, never_reuse_for: 23d}}
    - {set: password, secret: true}
tables:
  texts: {in: [city], rows: [[Berlin, BER]], else: NON}
  codes: {in: [team], first: true, rows: [[coded, app/g:coded], [[other, more], app/g:other]], else: app/g:rest}
grants:
  - id: eng
    when: badge == "red" and lookup("texts") == "BER"
    give: [app/g:eng, app~admin/g:eng]
    approval: {by: security, when: '"go" in skills', expires: 24d, keep_if_denied: true}
    grace: 25d
    except: [{who: E1, until: 2026-12-31, why: reason}]
  - {id: tabled, when: city == "tabled", give_from: codes}
  - {id: fit, when: level > 3, give: crm/g:fit}
pick:
  - {id: licence, choices: [{give: app/l:a, when: city == "picked", rank: 26}, {give: app/l:b, when: everyone, rank: 2}]}
never:
  - {id: denied, when: city == "denied", take: [app/g:eng, app/g:coded]}
never_together:
  - {id: apart, roles: [app/g:eng, app/g:coded], do: approve, by: auditor}
require:
  - {id: needed, for: [app], when: city == "needed", must: country == "DE", else: report}
budget:
  - {id: seats, roles: [app/l:a], seats: 27}
protect:
  - {id: glass, who: [E2], when: city == "glass"}
`

// Whatever can alter a decision alters the hash, and what can alter what a rule does
// alters the hash of the rule: every key of the format, one by one.
func TestEverythingIsHashed(t *testing.T) {
	pairs := []struct{ key, from, to, rule string }{
		{"file.name", "name: acme", "name: other", ""},
		{"field.type", "level: int", "level: text", ""}, // with another condition, below
		{"field.values", "values: [red, blue]", "values: [red, blue, green]", "eng"},
		{"field.values", "type: list, values: [go, sql]", "type: list", "eng"},
		{"field.pii", "values: [red, blue]", "values: [red, blue], pii: true", ""},
		{"scope.when", `"scoped"`, `"x"`, ""},
		{"scope.on_leave_scope", ", on_leave_scope: disable", "", ""},
		{"account.when", `"app"`, `"x"`, ""},
		{"account.label", "label: employee_number", "label: username", ""},
		{"lifecycle.id", "id: life", "id: lives", ""},
		{"lifecycle.create", "start - 9d", "start - 8d", ""},
		{"lifecycle.enable", "start - 3d", "start - 2d", ""},
		{"lifecycle.leave", "after 5d", "after 6d", ""},
		{"lifecycle.leave", "since leave_start", "since ends", ""},
		{"lifecycle.leave", "leave: disable after 5d since leave_start", "leave: disable", ""},
		{"lifecycle.delete", "end + 90d", "end + 91d", ""},
		{"lifecycle.clock", "clock: UTC", "clock: person", ""},
		{"lifecycle.end_sessions", "end_sessions: true", "end_sessions: false", ""},
		{"lifecycle.handover", "handover: manager", "handover: none", ""},
		{"lifecycle.rehire", "rehire: {do: hold, within: 31d}", "rehire: hold", ""},
		{"lifecycle.expire", "    expire: {", "    # {", ""},
		{"rehire.do", "do: hold, within", "do: reuse, within", ""},
		{"rehire.within", "within: 31d", "within: 32d", ""},
		{"expire.when", `"expiring"`, `"x"`, ""},
		{"expire.last_day", "last_day: ends", "last_day: ends + 1d", ""},
		{"expire.if_missing", "if_missing: hold", "if_missing: report", ""},
		{"attribute.id", "id: titled, ", "", ""},
		{"attribute.set", "set: title", "set: titles", ""},
		{"attribute.to", "to: job_title", "to: team", ""},
		{"attribute.apply", "apply: create", "apply: if_empty", ""},
		{"attribute.if_missing", "if_missing: clear", "if_missing: block", ""},
		{"attribute.when", `"titled"`, `"x"`, ""},
		{"attribute.pick", `, {to: '"iron"', when: everyone, rank: 1}]`, "]", ""},
		{"attribute.unique", "unique: {try: [slug(given_name), slug(family_name) + n], max: 22, never_reuse_for: 23d}", "to: username, apply: create", ""},
		{"attribute.secret", "secret: true", "to: username, apply: create", ""},
		{"value choice.to", `'"gold"'`, `'"good"'`, ""},
		{"value choice.when", `"golden"`, `"x"`, ""},
		{"value choice.rank", "rank: 21", "rank: 1", ""},
		{"unique.try", "slug(family_name) + n", "slug(given_name) + n", ""},
		{"unique.max", "max: 22", "max: 21", ""},
		{"unique.never_reuse_for", "never_reuse_for: 23d", "never_reuse_for: 22d", ""},
		{"table.in", "codes: {in: [team]", "codes: {in: [city]", "tabled"},
		{"table.in", "texts: {in: [city]", "texts: {in: [team]", "eng"},
		{"table.first", "first: true, ", "", "tabled"},
		{"table.rows", "[coded, app/g:coded]", "[code, app/g:coded]", "tabled"},
		{"table.rows", "[coded, app/g:coded]", "[coded, [app/g:coded, app/g:x]]", "tabled"},
		{"table.rows", "[[other, more], app", "[['other, more'], app", "tabled"},
		{"table.rows", "[Berlin, BER]", "[Berlin, MUC]", "eng"},
		{"table.else", "else: app/g:rest", "else: app/g:x", "tabled"},
		{"table.else", "else: NON", "else: NOT", "eng"},
		{"grant.id", "id: eng", "id: engineer", ""},
		{"grant.when", `badge == "red"`, `badge == "blue"`, "eng"},
		{"grant.give", "[app/g:eng, app~admin/g:eng]", "[app/g:eng]", "eng"},
		{"grant.give_from", "give_from: codes", "give: app/g:coded", "tabled"},
		{"grant.approval", "    approval: {", "    # {", "eng"},
		{"grant.grace", "grace: 25d", "grace: 24d", "eng"},
		{"grant.except", "    except: [", "    # [", "eng"},
		{"approval.by", "by: security", "by: manager", "eng"},
		{"approval.when", `"go" in skills`, `"sql" in skills`, "eng"},
		{"approval.expires", "expires: 24d", "expires: 23d", "eng"},
		{"approval.keep_if_denied", "keep_if_denied: true", "keep_if_denied: false", "eng"},
		{"exception.who", "who: E1,", "who: E3,", "eng"},
		{"exception.until", "2026-12-31", "2026-12-30", "eng"},
		{"exception.why", "why: reason", "why: another", "eng"},
		{"pick.id", "id: licence", "id: licences", ""},
		{"pick.choices", ", {give: app/l:b, when: everyone, rank: 2}", "", "licence"},
		{"choice.give", "give: app/l:b", "give: app/l:c", "licence"},
		{"choice.when", `"picked"`, `"x"`, "licence"},
		{"choice.rank", "rank: 26", "rank: 2", "licence"},
		{"never.id", "id: denied", "id: never", ""},
		{"never.when", `"denied"`, `"x"`, ""},
		{"never.take", "take: [app/g:eng, app/g:coded]", "take: [app/g:eng]", ""},
		{"never_together.id", "id: apart", "id: aparts", ""},
		{"never_together.roles", "roles: [app/g:eng, app/g:coded]", "roles: [app/g:eng, app/g:other]", "apart"},
		{"never_together.do", "do: approve, by: auditor", "do: report", "apart"},
		{"never_together.by", "by: auditor", "by: auditors", "apart"},
		{"require.id", "id: needed", "id: need", ""},
		{"require.for", "for: [app]", "for: [crm]", ""},
		{"require.when", `"needed"`, `"x"`, ""},
		{"require.must", `country == "DE"`, `country == "AT"`, ""},
		{"require.else", "else: report", "else: hold", ""},
		{"budget.id", "id: seats", "id: seat", ""},
		{"budget.roles", "roles: [app/l:a]", "roles: [app/l:a, app/l:b]", ""},
		{"budget.seats", "seats: 27", "seats: 28", ""},
		{"protect.id", "id: glass", "id: glasses", ""},
		{"protect.who", "who: [E2]", "who: [E3]", ""},
		{"protect.when", `"glass"`, `"x"`, ""},
	}
	base := built(t, hashed)
	seen, said := map[string]string{base.Hash(): "nothing"}, map[string]bool{}
	for _, p := range pairs {
		said[p.key] = true
		file := hashed
		if p.key == "field.type" { // what is compared has to be of the type
			file = strings.Replace(file, "level > 3", `missing(level)`, 1)
			before := built(t, file)
			seen[before.Hash()] = "a condition"
			assert.NotEqual(t, before.RuleHash("fit"), built(t, strings.Replace(file, p.from, p.to, 1)).RuleHash("fit"), p.key)
		}
		require.Equal(t, 1, strings.Count(file, p.from), "%s: %s", p.key, p.from)
		set := built(t, strings.Replace(file, p.from, p.to, 1))
		if other, twice := seen[set.Hash()]; twice {
			t.Errorf("%s: %s hashes like %s", p.key, p.to, other)
		}
		seen[set.Hash()] = p.key + " " + p.to
		for _, rule := range []string{"eng", "tabled", "fit", "licence", "apart"} {
			if set.RuleHash(rule) == "" || p.rule == "" && !strings.HasPrefix(p.key, "field.") {
				continue // it has another ID now
			}
			if rule == p.rule {
				assert.NotEqual(t, base.RuleHash(rule), set.RuleHash(rule), "%s: %s of %s", p.key, p.to, rule)
			} else if p.key != "field.type" {
				assert.Equal(t, base.RuleHash(rule), set.RuleHash(rule), "%s: %s is not of %s", p.key, p.to, rule)
			}
		}
	}
	var schema struct {
		Defs map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(rules.Schema(), &schema))
	for def, d := range schema.Defs {
		for key := range d.Properties {
			name := strings.ReplaceAll(def, "value_", "value ") + "." + key
			if def != "sections" && def != "later" && key != "note" && key != "final" && name != "lifecycle.disable" {
				assert.True(t, said[name], "no pair for %s", name)
			}
		}
	}
}
