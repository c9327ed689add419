package reconcile

import (
	"cmp"
	"slices"

	"github.com/provision-go/provision/target"
)

// Codes of findings. The rules may bring others: see target.Note.
const (
	CodeAmbiguous            = "ambiguous"             // two accounts for one person, or two people for one account
	CodeAttribute            = "unusable-attribute"    // a rule sets what the target does not have or does not take
	CodeAlreadyUndone        = "already-undone"        // what is to be undone was undone before
	CodeBadReference         = "bad-reference"         // a desired reference that is no key
	CodeChangedSince         = "changed-since"         // what is to be undone is no longer as the run left it
	CodeClock                = "clock"                 // the time is none that follows the runs before
	CodeContested            = "contested"             // a value is taken by an account that is not managed
	CodeCoverage             = "coverage"              // the source fills a field for far fewer people than before
	CodeDrift                = "drift"                 // somebody else changed it, and it is let be
	CodeDuplicateEntitlement = "duplicate-entitlement" // several with one name: none is granted or revoked
	CodeHandover             = "no-successor"          // nobody to hand over to
	CodeIrreversible         = "irreversible"          // what cannot be undone by a write
	CodeKind                 = "unknown-kind"          // a kind of entitlement that the target does not have
	CodeLeftHolding          = "left-holding"          // a leaver holds what no rule can give and we did not grant
	CodeLeftOpen             = "left-open"             // a leaver's account that is not managed
	CodeManyValues           = "too-many-values"       // several values for an attribute that holds one
	CodeNoEntitlement        = "missing-entitlement"   // a wanted group, role … does not exist
	CodeNotRemembered        = "not-remembered"        // nobody remembers what an attribute was before
	CodeNotKept              = "not-kept"              // a value that the target does not keep is not written again
	CodeNotOwned             = "not-owned"             // a desired attribute that the rules do not own
	CodeNotYet               = "not-yet"               // the target cannot make an account before its time
	CodeObligation           = "obligation-dropped"    // a step of a departure no longer applies
	CodeOrphans              = "orphans"               // accounts without a key
	CodeProtected            = "protected"             // a removal that the policy or the rules forbid
	CodeReference            = "unresolved-reference"  // a reference to somebody without an account here
	CodeReferenceLoop        = "reference-loop"        // new accounts that refer to each other, or one to itself
	CodeReferenceWait        = "reference-waits"       // a reference to an account whose creation is held
	CodeSeats                = "seats"                 // more accounts hold it than there are seats
	CodeSource               = "unproved-source"       // the read of the source proves nobody's absence
	CodeTarget               = "unproved-target"       // the target was not read to its end
	CodeTooEarly             = "too-early"             // an account is open before its time
	CodeStillOpen            = "still-open"            // taking access from a leaver has failed before
	CodeUndecided            = "undecided"             // the rules could not decide
	CodeUnqualified          = "unqualified"           // an account that no rule wants is let be
	CodeUnsupported          = "unsupported"           // the target cannot do it
	CodeVanished             = "vanished"              // an account is gone and not made again
)

// shown is how many labels a summary names.
const shown = 3

// noteKey is what a summary is about.
type noteKey struct {
	code        string
	field       string
	action      Action
	entitlement target.Entitlement
	// account: it is the account that is undecided, not just something about it.
	account bool
	// ruled: the rules say so, not the policy.
	ruled bool
}

// tally is a finding that stands for many people.
type tally struct {
	count  int
	labels []string
	last   string // identity that was counted last: slots of one person are one
	key    target.Key
}

func (p *planner) note(f Finding) {
	p.notes = append(p.notes, f)
	p.marks++
}

// count adds one person to a summary. People come in the order of their keys, so
// the slots of one come in a row.
func (p *planner) count(k noteKey, d *target.Desired) {
	p.marks++
	t := p.counts[k]
	if t == nil {
		t = &tally{}
		p.counts[k] = t
	}
	if t.count > 0 && t.last == d.Key.Identity {
		return
	}
	t.last, t.key = d.Key.Identity, d.Key
	if t.count < shown {
		t.labels = append(t.labels, cmp.Or(p.name(d, nil), d.Key.String()))
	}
	t.count++
}

// reportUndecided counts who could not be decided, and for want of what.
func (p *planner) reportUndecided(d *target.Desired) {
	if d.State == target.Undecided {
		if p.undecided != d.Key.Identity {
			p.plan.Undecided++
			p.undecided = d.Key.Identity
		}
		if len(d.Missing) == 0 {
			p.count(noteKey{code: CodeUndecided, account: true}, d)
		}
	}
	for _, field := range d.Missing {
		p.count(noteKey{code: CodeUndecided, field: field, account: d.State == target.Undecided}, d)
	}
}

// findings returns all of them, sorted.
func (p *planner) findings() []Finding {
	for k, t := range p.counts {
		f := Finding{Code: k.code, Field: k.field, Count: t.count, Message: k.message(t)}
		if t.count == 1 {
			f.Key, f.Label = t.key, t.labels[0]
		}
		p.notes = append(p.notes, f)
	}
	slices.SortFunc(p.notes, compareFindings)
	return slices.Compact(p.notes)
}

func compareFindings(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Code, b.Code), a.Key.Compare(b.Key), cmp.Compare(a.Account, b.Account),
		cmp.Compare(a.Field, b.Field), cmp.Compare(a.Message, b.Message),
	)
}

// message says in words what was counted.
func (k noteKey) message(t *tally) string {
	n := people(t.count)
	switch k.code {
	case CodeIrreversible, CodeNotRemembered, CodeAlreadyUndone:
		return k.undoMessage(t)
	case CodeUndecided:
		what := "what depends on it is neither given nor taken"
		if k.account {
			what = "nothing is created for them and what they have is kept"
		}
		if k.field == "" {
			return "the rules cannot decide for " + n + "; " + what + names(t)
		}
		return k.field + " is missing for " + n + "; " + what + names(t)
	case CodeUnsupported:
		what := k.action.String()
		if k.field != "" {
			what += " " + k.field
		}
		return "the target cannot " + what + ": " + n + names(t)
	case CodeProtected:
		by := "policy"
		if k.ruled {
			by = "the rules"
		}
		return k.action.String() + " is not planned for " + n + ": protected by " + by + names(t)
	case CodeNoEntitlement:
		return k.entitlement.String() + " does not exist; " + n + " would get it" + names(t)
	case CodeDuplicateEntitlement:
		what := "it is not granted to "
		if k.action == Revoke {
			what = "it is not revoked from "
		}
		return "several entitlements are named " + k.entitlement.String() + "; " + what + n + names(t)
	case CodeKind:
		return "the target has no entitlements of the kind " + quote(k.field) + "; " + n + " would get one" + names(t)
	case CodeNotOwned:
		return quote(k.field) + " is desired for " + n + ", but no rule owns it" + names(t)
	case CodeNotKept:
		return k.field + " of " + n + " is not kept by the target: what was written is gone each time; it is not written " +
			"again until another value is wanted" + names(t)
	case CodeManyValues:
		return quote(k.field) + " holds one value; several are desired for " + n + names(t)
	case CodeNotYet:
		return "the target cannot make accounts before they are used; " + n + " must wait" + names(t)
	case CodeTooEarly:
		return t.accounts("in use before its time; it is kept", "in use before their time; they are kept") + names(t)
	case CodeUnqualified:
		return t.accounts("wanted by no rule; it is kept", "wanted by no rule; they are kept") + names(t)
	case CodeVanished:
		return t.accounts("gone, removed by somebody else; it is not made again",
			"gone, removed by somebody else; they are not made again") + names(t)
	case CodeDrift:
		if k.field != "" {
			return t.accounts("disabled by somebody else; it is left so",
				"disabled by somebody else; they are left so") + names(t)
		}
		return k.entitlement.String() + " is held without a rule by " + n + "; it is kept" + names(t)
	case CodeLeftHolding:
		return plural(t.count, "leaver still holds ", "leavers still hold ") + k.entitlement.String() +
			", which no rule gives" + names(t)
	case CodeReference:
		return k.field + " of " + n + " has no account here; it is left out" + names(t)
	case CodeBadReference:
		return k.field + " of " + n + " is not a key; it is left out" + names(t)
	case CodeReferenceWait:
		return k.field + " of " + n + " waits for an account whose creation is held" + names(t)
	default: // CodeReferenceLoop
		return k.field + " of " + n + " refers in a circle" + names(t)
	}
}
