package provision

import (
	"cmp"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/words"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// StepProof is what is known, after a run, of one step of a departure.
type StepProof uint8

// The proofs. The zero value is StepOpen.
const (
	StepOpen         StepProof = iota // still to be done
	StepVerified                      // done, and reading the account shows it
	StepUnverified                    // done, and the account was not or could not be read back
	StepUnreadable                    // done, and nothing on the target could show it: sessions, handover
	StepContradicted                  // reported as done, and reading the account shows the contrary
)

func stepProofWords() []string {
	return []string{"open", "verified", "not-verified", "not-readable", "contradicted"}
}

// String returns "open", "verified", "not-verified", "not-readable" or
// "contradicted".
func (p StepProof) String() string { return words.String(p, "StepProof", stepProofWords()) }

// MarshalText writes the word of String; a value outside the list is an error.
func (p StepProof) MarshalText() ([]byte, error) {
	return words.Marshal(p, "step proof", stepProofWords())
}

// UnmarshalText reads the word of String.
func (p *StepProof) UnmarshalText(b []byte) error {
	return words.Unmarshal(p, "step proof", stepProofWords(), b)
}

// A DepartureReport is how far one leaver is gone from one account.
type DepartureReport struct {
	Target  string     `json:"target"`
	Key     target.Key `json:"key,omitzero"`
	Account string     `json:"account,omitempty"`
	Label   string     `json:"label,omitempty"`
	// Steps are in the order in which they are done: disable, sessions, privileged
	// entitlements, other entitlements, handover, delete. A delete is in it when it is
	// due, which is much later.
	Steps []DepartureStep `json:"steps,omitempty"`
	// Unread: the target could not be read, so nobody knows what is open there.
	Unread bool `json:"unread,omitempty"`
	// Open: the account is open, and the target cannot disable it. Somebody has to close it.
	Open bool `json:"open,omitempty"`
	// Complete: every step that was to be done now is done, in this run or before, and
	// none is contradicted, and the account is not Open. What else the target cannot do, and
	// what is not ours to take, is no step: it is in the findings.
	Complete bool `json:"complete"`
	// Verified: every step that can be read back was, and is so, and the account is not Open.
	Verified bool `json:"verified"`
}

// DepartureStep is one step of a departure.
type DepartureStep struct {
	Change      string             `json:"change"`
	Action      reconcile.Action   `json:"action"`
	Entitlement target.Entitlement `json:"entitlement,omitzero"`
	Privileged  bool               `json:"privileged,omitempty"`
	// Outcome is zero if the plan has the step and the run left it out.
	Outcome Outcome   `json:"outcome,omitzero"`
	Proof   StepProof `json:"proof"`
}

// Departures says for each leaver and account what this run did and what is still
// open, sorted by target, key and account. A departure that is not complete comes back
// in every later run until it is; one that had nothing left to do is not listed. An account
// that is Open is listed in every run, with the steps of that run or none. In a
// run for one person a target that could not be read is listed, too.
func (r *Report) Departures() []DepartureReport {
	var list []*DepartureReport
	byAccount := map[departing]*DepartureReport{}
	reported := map[string]bool{}
	of := func(at departing) *DepartureReport {
		d := byAccount[at]
		if d == nil {
			d = &DepartureReport{Target: at.target, Key: at.key, Account: at.account, Complete: true, Verified: true}
			byAccount[at] = d
			list = append(list, d)
		}
		return d
	}
	add := func(c *reconcile.Change, o Outcome, v Verified) {
		if isDeparture(c) {
			of(departing{c.Target, c.Key, c.Account}).add(c, o, v)
		}
	}
	for i := range r.Results {
		x := &r.Results[i]
		reported[x.Target+" "+x.Change.ID] = true
		add(&x.Change, x.Outcome, x.Verified)
	}
	var plans []*reconcile.Plan
	if r.Plan != nil {
		plans = r.Plan.Targets
	}
	for _, tp := range plans {
		for c := range tp.All() {
			if !reported[c.Target+" "+c.ID] {
				add(c, 0, NotRead) // the run left it out
			}
		}
		for _, u := range tp.Unclosed {
			d := of(departing{tp.Target, u.Key, u.Account})
			d.Open, d.Complete, d.Verified = true, false, false
		}
	}
	if r.Plan != nil && r.Plan.Identity != "" && (len(list) > 0 || r.terminates) {
		for _, u := range r.Unread {
			list = append(list, &DepartureReport{
				Target: u.Target, Key: target.Key{Identity: r.Plan.Identity}, Unread: true,
			})
		}
	}
	out := make([]DepartureReport, len(list))
	for i, d := range list {
		slices.SortStableFunc(d.Steps, func(a, b DepartureStep) int {
			return cmp.Or(cmp.Compare(a.Action, b.Action), compareTrueFirst(a.Privileged, b.Privileged))
		})
		out[i] = *d
	}
	slices.SortFunc(out, func(a, b DepartureReport) int {
		return cmp.Or(cmp.Compare(a.Target, b.Target), a.Key.Compare(b.Key), cmp.Compare(a.Account, b.Account))
	})
	return out
}

// departing is an account that somebody is leaving.
type departing struct {
	target  string
	key     target.Key
	account string
}

func isDeparture(c *reconcile.Change) bool {
	return c.Action.Removes() && c.Phase == target.Left
}

func (d *DepartureReport) add(c *reconcile.Change, o Outcome, v Verified) {
	step := DepartureStep{Change: c.ID, Action: c.Action, Entitlement: c.Entitlement, Privileged: c.Privileged, Outcome: o}
	switch {
	case v == Contradicted:
		step.Proof = StepContradicted
	case o != Done && o != AlreadySo:
		step.Proof = StepOpen
	case !leavesTrace(c.Action):
		step.Proof = StepUnreadable
	case v == Confirmed:
		step.Proof = StepVerified
	default:
		step.Proof = StepUnverified
	}
	d.Label = cmp.Or(d.Label, c.Label)
	d.Complete = d.Complete && step.Proof != StepOpen && step.Proof != StepContradicted
	d.Verified = d.Verified && (step.Proof == StepVerified || step.Proof == StepUnreadable)
	d.Steps = append(d.Steps, step)
}

func compareTrueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// openSteps says in words what is open.
func (d *DepartureReport) openSteps() string {
	var parts []string
	for i := range d.Steps {
		s := &d.Steps[i]
		word := ""
		switch s.Proof {
		case StepContradicted:
			word = "contradicted"
		case StepOpen:
			if word = s.Outcome.String(); s.Outcome == 0 {
				word = "left out"
			}
		default:
			continue
		}
		name := s.Action.String()
		if e := s.Entitlement.String(); e != "" {
			name += " " + e
		}
		parts = append(parts, name+" "+word)
	}
	if d.Open {
		parts = append(parts, "the target cannot disable the account")
	}
	if d.Unread {
		parts = append(parts, "the target could not be read")
	}
	return strings.Join(parts, ", ")
}

// departures lists the leavers of a target who are not gone completely.
func (t *reportText) departures(name string, all []DepartureReport) {
	n := 0
	for i := range all {
		d := &all[i]
		if d.Target != name || d.Complete || d.Open && len(d.Steps) == 0 { // of those a finding says how many
			continue
		}
		if n++; t.options.Limit > 0 && n > t.options.Limit {
			continue
		}
		t.rows = append(t.rows, reportRow{
			sign: "!", word: "departure", action: "not complete", label: printable(d.Label), key: printable(d.Key.String()),
			text: printable(d.openSteps()), color: colorYellow,
		})
	}
	t.more(n, "departures not complete")
}
