package rules

// condition is one of the conditions of a set with the rule that it belongs to.
type condition struct {
	kind    RuleKind
	rule    string
	number  int // of a row or a choice, from 1
	pos     Pos
	node    *node
	account int // whose day counts
	grant   int // KindGrant, KindRow, KindChoice: its index
}

// RuleKind is what sort of rule something is.
type RuleKind string

// The kinds of rules.
const (
	KindScope       RuleKind = "scope"
	KindAccount     RuleKind = "account"
	KindExpiry      RuleKind = "expiry"
	KindAttribute   RuleKind = "attribute"
	KindGrant       RuleKind = "grant"
	KindRow         RuleKind = "row"    // of a table
	KindChoice      RuleKind = "choice" // of a pick
	KindException   RuleKind = "exception"
	KindApproval    RuleKind = "approval"
	KindNever       RuleKind = "never"
	KindDuties      RuleKind = "never_together"
	KindRequirement RuleKind = "require"
	KindProtection  RuleKind = "protect"
)

// conditions returns every condition of the set: accounts with what belongs to
// them in their order, grants by ID, and the rest.
func (s *Set) conditions() []condition {
	var out []condition
	add := func(c condition) {
		if c.node != nil {
			out = append(out, c)
		}
	}
	add(condition{kind: KindScope, rule: scopeID, pos: s.scope.pos, node: s.scope.when})
	seen := map[string]bool{} // requirements, and life cycles that targets share
	for i := range s.accounts {
		a := &s.accounts[i]
		add(condition{kind: KindAccount, rule: a.id, pos: s.pos[a.id], node: a.cond, account: i})
		if !seen[a.life.ID] {
			seen[a.life.ID] = true
			add(condition{kind: KindExpiry, rule: a.life.ID, pos: s.pos[a.life.ID], node: a.life.expireWhen, account: i})
		}
		for _, x := range a.attributes {
			add(condition{kind: KindAttribute, rule: x.id, pos: s.pos[x.id], node: x.when, account: i})
			for _, y := range x.choices {
				add(condition{kind: KindAttribute, rule: x.id, number: y.number, pos: s.pos[x.id], node: y.when, account: i})
			}
		}
		for _, q := range a.requires {
			if !seen[q.id] {
				seen[q.id] = true
				add(condition{kind: KindRequirement, rule: q.id, pos: q.pos, node: q.must, account: i})
			}
		}
	}
	for i := range s.grants {
		g := &s.grants[i]
		add(condition{kind: g.kind(), rule: g.id, number: g.number, pos: g.pos, node: g.when, account: g.gives[0].account, grant: i})
		if g.approval != nil && g.number <= 1 {
			add(condition{kind: KindApproval, rule: g.id, pos: g.pos, node: g.approval.when, account: g.gives[0].account, grant: i})
		}
	}
	for _, n := range s.never {
		add(condition{kind: KindNever, rule: n.id, pos: n.pos, node: n.when, account: n.take[0].account})
	}
	for _, p := range s.protect {
		add(condition{kind: KindProtection, rule: p.id, pos: p.pos, node: p.when})
	}
	return out
}

func (g *grant) kind() RuleKind {
	switch {
	case g.pick > 0:
		return KindChoice
	case g.number > 0:
		return KindRow
	default:
		return KindGrant
	}
}
