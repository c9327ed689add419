package rules

import (
	"strings"
	"time"
)

// Because returns the words behind one change, for people: of what the causes
// of [Set.Why] say about the subject, those that decided. Name and slot say
// which account; the subject is [SubjectAccount], a [SubjectAttribute] or an
// entitlement as text. Examples, by subject:
//
//	account            last day 2026-03-01 (rule lifecycle.app)
//	                   rule account.app: no
//	                   rule account.app: undecided, needs department
//	                   undecided, hire_date is not understood (rule lifecycle.app)
//	attribute title    rule app.title
//	group:engineering  rule engineering
//	                   approval by manager (rule finance)
//
// The words hold no personal data except dates of employment. Because returns
// nil for what the rules do not speak of and for a Person without an Identity.
func (s *Set) Because(p Person, at time.Time, name, slot, subject string) []string {
	a := s.find(name, slot)
	if a == nil || p.Identity == nil {
		return nil
	}
	e := s.causes(a, p, at)
	defer e.close()
	x, ok := e.subject(subject)
	if !ok {
		return nil
	}
	strongest, forbidden, open := No, false, false
	for _, c := range x.Causes {
		strongest = max(strongest, c.Outcome)
		forbidden = forbidden || c.Forbids && c.Outcome == Yes
		open = open || c.Outcome == Undecided
	}
	if open && x.open && !forbidden {
		strongest = Undecided // although another rule would give it
	}
	var words []string
	for _, c := range x.Causes {
		if c.Outcome == strongest && (!forbidden || c.Forbids) {
			words = append(words, c.String())
		}
	}
	return words
}

// String returns the cause in a few words, such as
// "last day 2026-03-01 (rule lifecycle.app)" or "rule engineering: no".
func (c Cause) String() string {
	rule := "rule " + c.Rule
	if c.Number > 0 {
		rule += "[" + itoa(c.Number) + "]"
	}
	switch {
	case c.Text != "":
		return c.Text + " (" + rule + ")"
	case c.Outcome == Yes && c.Forbids:
		return rule + " forbids it"
	case c.Outcome == Yes:
		return rule
	case c.Outcome == No:
		return rule + ": no"
	case len(c.Missing) == 0:
		return rule + ": undecided"
	}
	return rule + ": undecided, needs " + strings.Join(c.Missing, ", ")
}

// String returns "yes", "no" or "undecided".
func (t Truth) String() string {
	switch t {
	case Yes:
		return "yes"
	case No:
		return "no"
	default:
		return "undecided"
	}
}
