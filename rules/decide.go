package rules

import (
	"slices"
	"time"

	"github.com/provision-go/provision/target"
)

// Decide applies the rules to one person at one instant. The answer depends on
// nothing else. A Person without an Identity gets the zero Decision.
//
// In the phase Left the account is disabled whatever its condition says, nothing
// is wanted and nothing undecided. In the phase Future the state is None for
// everybody: an account that exists already, such as one that was closed when
// the person left the first time, is to be left as it is. With the state
// Undecided every entitlement that the rules can give is undecided as well. If the
// phase says for certain that nobody comes in, because of a suspension, a leave or a
// day that is over, Extra.Close is set with it: an account that exists is to be
// closed, and all else waits.
//
// As long as no rule asks whether something is missing, knowing less of a person
// takes nothing and gives nothing: what was wanted, asked for, undecided or kept
// is so without any one field, and an account that was there is there or
// undecided. A missing(), a [First] in a comparison, a [Func], Expiry.Missing and
// the When of an attribute that blocks are such questions. So are the days of
// employment and the time zone, of which an absent one says that there is none. Of
// two duties that were held back because nobody shall have both, the one that is
// still certain is granted while the other, if it is not held, is undecided.
func (s *Set) Decide(p Person, at time.Time) Decision {
	if p.Identity == nil {
		return Decision{}
	}
	return s.Decider().Decide(p, at)
}

// view returns what the rules of an account see.
func (r *round) view(a *account) (view, *time.Location) {
	if zone := a.life.zone.in(r.person.Identity); zone != r.zone {
		r.zone, r.day = zone, r.dayIn(zone)
	}
	return view{id: r.person.Identity, day: r.day, memo: &r.memo}, r.zone
}

func (r *round) decide(a *account, d *target.Desired) {
	lacking := missingFields{}
	if v, on := r.decideState(a, d, &lacking); on {
		r.attributes(a, v, d, &lacking)
		r.entitlements(a, v, d, &lacking)
	}
	d.Missing = lacking.sorted()
}

// decideState decides whether there is an account and whether it works. It reports
// whether something is wanted on it besides.
func (r *round) decideState(a *account, d *target.Desired, lacking *missingFields) (view, bool) {
	v, zone := r.view(a)
	d.Key = target.Key{Identity: v.id.ID, Slot: a.slot}
	d.Label = v.text(a.label)
	r.set.protects(v, d)
	if a.budgeted {
		d.Since = sinceEpoch(v.id.Start())
	}
	at := a.life.stage(v, r.at, zone)
	d.Phase, d.State = at.phase, at.state
	switch at.phase {
	case target.PhaseUnknown:
		at.lacking(lacking)
	case target.Future:
		return v, false
	case target.Left:
		r.leave(a, v, d)
		return v, false
	default:
		at.lacking(lacking)
		if r.accountState(a, v, d, lacking); d.State == target.Undecided && at.shut() && r.inScope(v) {
			extra(d).Close = true
		}
	}
	if at.expired.IsZero() && a.life.expireWhen != nil {
		r.unlimited(a, v, d)
	}
	// Whoever shall not come in shall not stay in either.
	shut := d.State == target.Disabled || d.State == target.None || d.Extra != nil && d.Extra.Close
	d.EndSessions = a.life.EndSessions && shut
	switch d.State {
	case target.Undecided:
		d.Undecided = a.entitlements()
	case target.Disabled, target.Enabled:
		return v, true
	case target.None, target.Deleted:
	}
	return v, false
}

// leave fills what is wanted of a leaver's account.
func (r *round) leave(a *account, v view, d *target.Desired) {
	if d.State == target.Disabled {
		r.attributes(a, v, d, &missingFields{})
		d.Secrets = nil // nothing is created for a leaver
	}
	d.EndSessions = a.life.EndSessions
	if m := v.id.Manager.ID; a.life.Handover && m != v.id.ID {
		d.Handover = target.Key{Identity: m}
	}
}

// inScope reports whether a person is handled for certain.
func (r *round) inScope(v view) bool {
	return r.set.scope.when == nil || v.truth(r.set.scope.when) == Yes
}

// accountState decides between the state that the life cycle has and none.
func (r *round) accountState(a *account, v view, d *target.Desired, lacking *missingFields) {
	if scope := r.set.scope.when; scope != nil {
		switch v.truth(scope) {
		case No:
			d.State = target.None
			if r.set.scope.close {
				extra(d).Close = true
			}
			return
		case Undecided:
			v.undecided(scope, lacking)
			d.State = target.Undecided
			return
		case Yes:
		}
	}
	switch v.truth(a.cond) {
	case No:
		d.State = target.None
		return
	case Undecided:
		v.undecided(a.cond, lacking)
		d.State = target.Undecided
		return
	case Yes:
	}
	for i := range a.attributes {
		x := &a.attributes[i]
		if x.ifMissing == Block && r.blocks(x, v) {
			x.lacking(v, lacking)
			d.State = target.Undecided
		}
	}
	for i := range a.requires {
		r.require(&a.requires[i], v, d, lacking)
	}
}

// blocks reports whether an attribute that must not be missing is.
func (r *round) blocks(x *attribute, v view) bool {
	if x.to == nil && x.choices == nil || x.when != nil && v.truth(x.when) != Yes {
		return false
	}
	to := x.value(v)
	if to == nil {
		return true
	}
	_, known := v.values(to)
	return !known
}

// value is what the attribute is made of for a person; nil if it is undecided
// which, or if it is made otherwise.
func (x *attribute) value(v view) *node {
	if x.choices == nil {
		return x.to
	}
	to, _ := choose(v, x.choices)
	return to
}

// lacking adds every field that the value is missing because of.
func (x *attribute) lacking(v view, m *missingFields) {
	if to := x.value(v); to != nil {
		v.lacking(to, m)
		return
	}
	for i := range x.choices {
		v.undecided(x.choices[i].when, m)
	}
}

// Codes of notes: what a person should look at.
const (
	CodeConflict    = "conflict"    // rules contradict each other about somebody
	CodeRequirement = "requirement" // what has to hold for an account does not
	CodeNoExpiry    = "no-expiry"   // access should end on a day, and none is known
)

func note(d *target.Desired, code, rule, text string) {
	x := extra(d)
	if n := (target.Note{Code: code, Rule: rule, Text: text}); !slices.Contains(x.Notes, n) {
		x.Notes = append(x.Notes, n)
	}
}

// extra returns what is said of few people, to be filled.
func extra(d *target.Desired) *target.Extra {
	if d.Extra == nil {
		d.Extra = &target.Extra{}
	}
	return d.Extra
}

// require checks one requirement.
func (r *round) require(q *requirement, v view, d *target.Desired, lacking *missingFields) {
	concerns, met := Yes, v.truth(q.must)
	if q.when != nil {
		concerns = v.truth(q.when)
	}
	if concerns == No || met == Yes {
		return
	}
	text := "does not meet the requirement"
	if min(concerns, -met) == Undecided {
		text = "nobody can tell whether the requirement is met"
		q.lacking(v, lacking)
	}
	note(d, CodeRequirement, q.id, text)
	if !q.report {
		d.State = target.Undecided
	}
}

// lacking adds every field without which nobody can tell whether it is met.
func (q *requirement) lacking(v view, m *missingFields) {
	if q.when != nil {
		v.undecided(q.when, m)
	}
	v.undecided(q.must, m)
}

// unlimited reports somebody whose access should have an end and has none.
func (r *round) unlimited(a *account, v view, d *target.Desired) {
	if known, _ := a.life.remains(v); !known && v.truth(a.life.expireWhen) == Yes && d.State != target.None {
		note(d, CodeNoExpiry, a.life.ID, "no last day of access is known")
	}
}

// protects notes whether a person's accounts are protected, or may be, and by which
// conditions.
func (s *Set) protects(v view, d *target.Desired) {
	for i := range s.protect {
		p := &s.protect[i]
		_, listed := slices.BinarySearch(p.who, v.id.ID)
		d.Protected = d.Protected || listed
		if p.when != nil && v.truth(p.when) != No {
			d.Protected = true
			extra(d).ProtectedBy = append(extra(d).ProtectedBy, p.id)
		}
	}
}

// missingFields collects names of fields.
type missingFields struct{ names []string }

func (m *missingFields) add(name string) { m.names = append(m.names, name) }

// few drops repeats once there are very many names: rules ask for the same fields
// again and again.
func (m *missingFields) few() {
	if len(m.names) > 256 {
		m.names = m.sorted()
	}
}

func (m *missingFields) sorted() []string {
	slices.Sort(m.names)
	return slices.Compact(m.names)
}
