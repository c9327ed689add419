package reconcile

import (
	"slices"
	"time"

	"github.com/provision-go/provision/target"
)

// ApprovedGrant is an entitlement that was granted after an approval.
type ApprovedGrant struct {
	Entitlement target.Entitlement `json:"entitlement"`
	At          time.Time          `json:"at"` // when the approval was given
}

// Approval returns when the approval was given with which an entitlement was granted
// last, and when it ends: so many times 24 hours later as [target.Ask] says. Of several
// that ask for it the one that ends first counts. The end is zero if nobody knows of an
// approval, or if it is good for as long as the entitlement is wanted.
func (p *Past) Approval(asks []target.Ask, e target.Entitlement) (given, end time.Time) {
	for _, a := range p.Approved {
		if a.Entitlement == e && a.At.After(given) {
			given = a.At.UTC().Round(0)
		}
	}
	for _, ask := range asks {
		if ask.Entitlement != e || ask.Days <= 0 || given.IsZero() {
			continue
		}
		if until := given.Add(days(ask.Days)); end.IsZero() || until.Before(end) {
			end = until
		}
	}
	return given, end
}

// approved reports whether an entitlement that is held has to be approved, and why it
// is taken all the same: from somebody who stays, once the approval has ended with
// which it was granted. What comes later is scheduled.
func (p *planner) approved(w *work, e target.Entitlement) (asked bool, over string) {
	if !slices.ContainsFunc(w.want.Ask, func(a target.Ask) bool { return a.Entitlement == e }) {
		return false, ""
	}
	given, end := w.past.Approval(w.want.Ask, e)
	switch {
	case end.IsZero() || w.situation != Confirmed && w.situation != Found:
	case !end.After(p.in.At):
		return true, "the approval of " + given.Format(time.DateOnly) + " has ended"
	case p.protector(w.want) == nobody && p.can(&Change{Action: Revoke, Entitlement: e}):
		p.await(Revoke, end)
	}
	return true, ""
}
