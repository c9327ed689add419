package rules

import (
	"cmp"
	"slices"
	"time"

	"github.com/provision-go/provision/rules/internal/logic"
)

// LintOptions say what the rules cannot know.
type LintOptions struct {
	// At is today. The zero time skips what depends on it.
	At time.Time
	// Filled are the names of the fields that some source fills; "custom." may be left
	// out. "start" and "end" are filled if one of the fields is that they are made of.
	// Nil skips what depends on it.
	Filled []string
}

// LintCode says what a [LintFinding] is about.
type LintCode string

// The codes.
const (
	// LintDead is a rule whose condition is yes for nobody, or for nobody whom the
	// scope, the account and the life cycle let it apply to.
	LintDead LintCode = "dead-rule"
	// LintAddsNothing is a grant, a row or a denial without which every decision is
	// the same, because of another one.
	LintAddsNothing LintCode = "adds-nothing"
	// LintNotReached is a row or a choice that is never used because of others.
	LintNotReached LintCode = "row-never-reached"
	// LintPicks are two choices of one rank that can both be yes and differ.
	LintPicks LintCode = "picks-overlap"
	// LintInsideNever is a grant of which denials take everything from everybody.
	LintInsideNever LintCode = "inside-never"
	// LintDuties are grants that can give somebody two duties that must not meet.
	LintDuties LintCode = "duties-overlap"
	// LintExpired is an exception that is over, wherever the person works.
	LintExpired LintCode = "expired-exception"
	// LintTooLong is an exception that ends more than a year from now.
	LintTooLong LintCode = "exception-too-long"
	// LintUnfilled is a field that rules look at and no source fills.
	LintUnfilled LintCode = "unfilled-field"
	// LintSame is a rule with the same content as another, in any layer.
	LintSame LintCode = "same-rule"
	// LintNotAnalysed is a rule too involved to be checked for some of the above.
	LintNotAnalysed LintCode = "not-analysed"
)

// A LintFinding is something about a rule set that is most likely not meant. The
// set works all the same.
type LintFinding struct {
	Code LintCode
	// Kind of the rule; "" for one without conditions, such as a life cycle.
	Kind RuleKind
	// Rule is its ID. Of a table itself it is "table." and its name.
	Rule   string
	Number int // of the row (else is one more), the choice or the exception, from 1; 0 = the rule
	// Other is the rule that it has to do with, "" if there is none or more than one.
	Other         string
	OtherNumber   int
	Pos, OtherPos Pos // where they are, if they are in a rule file
	// Message says what is wrong and what to do, for administrators.
	Message string
}

// String returns the finding in one line, such as
//
//	acme.yaml:12:7: grant sales.emea: never matches: …
func (f LintFinding) String() string {
	text := ruleText(f.Kind, f.Rule, f.Number) + ": " + f.Message
	if !f.Pos.IsZero() {
		text = f.Pos.String() + ": " + text
	}
	return text
}

// Lint looks for rules that do not do what somebody will have meant: that never
// apply, add nothing, or contradict others. Findings are sorted by place; those of
// rules that are in no file follow, by ID.
//
// What it claims is certain, for people as source.Collect returns them, and while it
// is the same day by the clocks of all targets. It finds nearly, but not quite,
// everything; where it gave up, it says so. An overlap comes with an example. If that
// rests on what a function says, or on values that may be equal, the message says
// "may".
func (s *Set) Lint(opts LintOptions) []LintFinding {
	l := newLinter(s)
	l.sameRules()
	l.scopeAndAccounts()
	l.tables()
	l.deadGrants()
	l.deadOthers()
	l.addsNothing()
	l.insideNever()
	l.picks()
	l.attributePicks()
	l.duties()
	if !opts.At.IsZero() {
		l.exceptions(opts.At)
	}
	if opts.Filled != nil {
		l.unfilled(opts.Filled)
	}
	slices.SortFunc(l.found, func(a, b LintFinding) int {
		return cmp.Or(compareBool(a.Pos.IsZero(), b.Pos.IsZero()), cmp.Compare(a.Pos.File, b.Pos.File),
			a.Pos.Line-b.Pos.Line, a.Pos.Column-b.Pos.Column, cmp.Compare(a.Rule, b.Rule), a.Number-b.Number,
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Other, b.Other), a.OtherNumber-b.OtherNumber, cmp.Compare(a.Message, b.Message))
	})
	return l.found
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// A linter is the work on one set.
type linter struct {
	set      *Set
	terms    *terms
	scope    formula
	accounts []formula      // the condition of each
	empty    []bool         // of each account: it is for nobody, which has been said
	order    map[string]int // of rules, by ID: those of earlier layers first
	reach    []formula      // of each grant, what it takes beside scope and account
	skip     []bool         // of each grant: what is wrong with it has been said
	same     map[string]bool
	cells    map[*table][][]cell
	shadowed map[*table]map[int]bool // rows of tables of which something has been said
	about    map[aboutFields][]formula
	gaveUp   map[string]bool
	found    []LintFinding
}

func newLinter(s *Set) *linter {
	l := &linter{
		set: s, terms: newTerms(), order: map[string]int{}, about: map[aboutFields][]formula{}, gaveUp: map[string]bool{}, same: map[string]bool{},
		cells: map[*table][][]cell{}, shadowed: map[*table]map[int]bool{},
		empty: make([]bool, len(s.accounts)), reach: make([]formula, len(s.grants)), skip: make([]bool, len(s.grants)),
	}
	l.scope = l.terms.cond(s.scope.when)
	for i := range s.accounts {
		l.accounts = append(l.accounts, l.terms.cond(s.accounts[i].cond))
	}
	// Of two rules that do the same, the later one is superfluous. IDs are unique.
	for i := range s.spec.Grants {
		l.order[s.spec.Grants[i].ID] = i
	}
	for i := range s.spec.Never {
		l.order[s.spec.Never[i].ID] = i
	}
	for _, t := range s.tables {
		rows := make([][]cell, len(t.rows)+1)
		for i := range t.rows {
			rows[i] = cellsOf(t.rows[i].cond)
		}
		l.cells[t] = rows
	}
	for i := range s.grants {
		l.reach[i] = l.reached(&s.grants[i])
	}
	return l
}

// reached is the condition under which a grant counts. Of a choice it is yes
// where it is chosen if no other of its rank is.
func (l *linter) reached(g *grant) formula {
	switch {
	case g.table != nil:
		return conj(l.terms.cond(g.own), l.row(g.table, g.number-1))
	case g.pick > 0:
		f := l.terms.cond(g.when)
		for _, k := range l.set.picks[g.pick-1].choices {
			if other := &l.set.grants[k]; other.rank > g.rank {
				f = conj(f, l.terms.cond(other.when).not())
			}
		}
		return f
	}
	return l.terms.cond(g.when)
}

// say notes a finding about a condition.
func (l *linter) say(code LintCode, c, other *condition, message string) {
	f := LintFinding{Code: code, Kind: c.kind, Rule: c.rule, Number: c.number, Pos: c.pos, Message: message}
	if other != nil {
		f.Other, f.OtherNumber, f.OtherPos = other.rule, other.number, other.pos
	}
	l.found = append(l.found, f)
}

// certain reports whether an answer is the one that is looked for. That there is
// none is said once for each rule.
func (l *linter) certain(answer, want logic.Answer, c *condition) bool {
	if answer == logic.NotAnalysed && !l.gaveUp[c.rule] {
		l.gaveUp[c.rule] = true
		l.say(LintNotAnalysed, &condition{kind: c.kind, rule: c.rule, pos: c.pos}, nil,
			"too involved to be checked against the other rules; split it into several that are simpler")
	}
	return answer == want
}

// nobody reports whether f is certainly yes for nobody.
func (l *linter) nobody(f formula, c *condition) bool {
	return l.certain(logic.CanBeYes(f.Formula), logic.False, c)
}

// grant returns a grant as a condition.
func (l *linter) grant(n int) *condition {
	g := &l.set.grants[n]
	return &condition{kind: g.kind(), rule: g.id, number: g.number, pos: g.pos, node: g.when, grant: n}
}
