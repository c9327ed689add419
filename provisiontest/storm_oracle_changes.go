package provisiontest

import (
	"strings"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// What must hold of each kind of call. See stormOracle.

// The defaults of reconcile.Absence, as its documentation states them.
const (
	absenceLists = 2
	absenceApart = 12 * time.Hour
	absenceGrace = 72 * time.Hour
	day          = 24 * time.Hour
)

func (o *stormOracle) created(c *stormCall, made *heldAccount) {
	for id, a := range o.accounts[c.target] {
		if a.key == c.key && id != c.id {
			o.breaks("no account twice", "%s has the accounts %s and %s on %s", c.key, id, c.id, c.target)
		}
	}
	made.handle = c.set.Get("handle")
	if made.handle == "" || o.w.lags(c.target) { // a create may be taken for one that failed
		made.handle = ""
		return
	}
	now := o.w.now()
	if o.newest.After(now) {
		now = o.newest
	}
	name := c.target + " " + made.handle
	if old, ok := o.parted[name]; ok && old.key != c.key && now.Sub(old.at) < handleReuse*day-day {
		o.breaks("names rest", "%s gets %q, which was %s's until %s", c.key, made.handle, old.key, old.at)
	}
}

// opened checks that whoever gets in may.
func (o *stormOracle) opened(c *stormCall, a *heldAccount) {
	may := o.anySaid(c.key.Identity, func(p *source.Identity, at time.Time) bool { return o.judge.employs(p, at, c.target, c.key) })
	if p, ok := o.planned[c.key.Identity]; ok && !may { // of a stored plan, unless a later run knew better
		may = o.judge.employs(p, o.plannedAt, c.target, c.key)
		if read := o.lastRead[c.target].at; read.After(o.plannedAt) {
			later, listed := o.lists[read][c.key.Identity]
			may = may && !(listed && o.judge.ends(later, read, c.target, c.key))
		}
	}
	if !may && !o.judge.protects(c.key.Identity) {
		said, _ := o.evidence(c.key.Identity)
		o.breaks("nobody gets in who does not work here", "%s of %s on %s; the source says %s", c.method, c.key, c.target, brief(said))
	}
	a.open, a.sessions, a.closedAt = true, true, time.Time{}
}

// disabled checks that a removal is justified and within the limits.
func (o *stormOracle) disabled(c *stormCall) {
	now := o.w.now()
	id := c.key.Identity
	if o.judge.protects(id) {
		o.breaks("the protected keep what they have", "%s was disabled on %s", c.key, c.target)
	}
	ends := o.anySaid(id, func(p *source.Identity, at time.Time) bool { return o.judge.ends(p, at, c.target, c.key) })
	if p, ok := o.planned[id]; ok && !o.later(c) {
		ends = ends || o.judge.ends(p, o.plannedAt, c.target, c.key)
	}
	if !ends && !o.approved(c) {
		said, absent := o.evidence(id)
		if _, listed := o.planned[id]; o.planned != nil && !listed && !o.later(c) {
			absent = true // who looks without a run, at a forecast, tells nobody
		}
		n := o.absent[accountKey{c.target, c.key}]
		switch {
		case !absent || n == nil:
			o.breaks("no removal without evidence", "%s was disabled on %s; the source says %s", c.key, c.target, brief(said))
		case n.lists < absenceLists || n.at.Sub(n.since) < absenceApart || now.Sub(n.since) < absenceGrace:
			o.breaks("no removal without evidence", "%s was disabled on %s; missing since %s in %d lists, and it is %s",
				c.key, c.target, n.since, n.lists, now)
		}
	}
	o.counted(c)
}

// counted checks the limit of a day. A removal counts if it is within the day both by
// the clock of the process, which dates what it does, and by the true time: one that a
// clock ahead has dated may be long past, and once people have released that clock the
// engine knows. A run finds out when it begins how much it may remove: what people have
// approved or released, and another run has removed since, does not count for it.
func (o *stormOracle) counted(c *stormCall) {
	limit, ok := o.w.company.limits[c.method]
	if !ok {
		return
	}
	now, truly := o.w.now(), time.Now()
	of := removal{c.target, c.method}
	until, released := o.released[o.change(c)]
	waived := o.approved(c) || released && until.After(now.Add(-decisionSlack))
	o.removals++
	o.removed[of] = append(o.removed[of], removedAt{c.key, now, truly, o.removals, waived})
	began := o.beganWith[c.target+" "+o.intent(c).run]
	recent := o.removed[of][:0]
	keys := map[target.Key]bool{}
	for _, r := range o.removed[of] {
		if r.at.After(now.Add(-day)) && r.truly.After(truly.Add(-day)) {
			recent = append(recent, r)
			if own := r.key == c.key; own || !r.waived || r.number <= began {
				keys[r.key] = true
			}
		}
	}
	o.removed[of] = recent
	if len(keys) > limit && !waived {
		o.breaks("removals within the limits", "%s of %s on %s is number %d in 24 hours, the limit is %d",
			c.method, c.key, c.target, len(keys), limit)
	}
}

// setBack follows somebody who says that a clock was set back rightly: what was removed at
// times to come counts as removed when they said so.
func (o *stormOracle) setBack(e *provision.Entry) {
	for i := range e.Decision.Accepts {
		v := &e.Decision.Accepts[i]
		if v.Guard != reconcile.GuardClock || !v.At.Before(v.Last) {
			continue
		}
		now := v.At
		if e.Decision.At.After(now) {
			now = e.Decision.At
		}
		for of, removed := range o.removed {
			for i := range removed {
				if of.target == e.Target && removed[i].at.After(now) {
					removed[i].at = now
				}
			}
		}
	}
}

func (o *stormOracle) deleted(c *stormCall, a *heldAccount) {
	id := c.key.Identity
	due := o.anySaid(id, func(p *source.Identity, at time.Time) bool { return o.judge.deletes(p, at, c.target, c.key) })
	// Whom the source no longer knows has not come back since a plan was made, whoever was
	// told otherwise meanwhile without a run.
	if p, ok := o.planned[id]; ok && len(o.fresh[id]) == 0 && !o.later(c) {
		due = due || o.judge.deletes(p, o.plannedAt, c.target, c.key)
	}
	switch {
	case o.judge.protects(id):
		o.breaks("the protected keep what they have", "%s was deleted on %s", c.key, c.target)
	case a.open:
		o.breaks("disable first", "the account of %s was deleted while it was open", c.key)
	case !due && !o.approved(c):
		said, _ := o.evidence(id)
		o.breaks("no removal without evidence", "%s was deleted on %s; the source says %s", c.key, c.target, brief(said))
	}
	if a.handle != "" {
		o.parted[c.target+" "+a.handle] = partedName{a.key, notLater(o.w.now())}
	}
	o.counted(c)
}

func (o *stormOracle) granted(c *stormCall) {
	may, asked := false, false
	o.anySaid(c.key.Identity, func(p *source.Identity, at time.Time) bool {
		gives, asks := o.judge.gives(p, at, c.target, c.key, c.entitlement)
		may, asked = may || gives, asked || asks
		return false
	})
	if p, ok := o.planned[c.key.Identity]; ok { // a stored plan gives what was right when it was made
		gives, asks := o.judge.gives(p, o.plannedAt, c.target, c.key, c.entitlement)
		may, asked = may || gives, asked || asks
	}
	switch {
	case may, asked && o.approved(c):
	case asked:
		o.breaks("an approval for what needs one", "%s was given %s on %s, and nobody approved", c.key, c.entitlement, c.target)
	default:
		said, _ := o.evidence(c.key.Identity)
		o.breaks("missing data gives nothing", "%s was given %s on %s; the source says %s", c.key, c.entitlement, c.target, brief(said))
	}
}

func (o *stormOracle) revoked(c *stormCall, a *heldAccount) {
	now := o.w.now()
	id := c.key.Identity
	if o.judge.protects(id) {
		o.breaks("the protected keep what they have", "%s lost %s on %s", c.key, c.entitlement, c.target)
	}
	left := o.anySaid(id, func(p *source.Identity, at time.Time) bool { return o.judge.left(p, at) })
	loses := o.anySaid(id, func(p *source.Identity, at time.Time) bool {
		return o.judge.loses(p, at, c.target, c.key, c.entitlement)
	})
	if p, ok := o.planned[id]; ok && !o.later(c) {
		left = left || o.judge.left(p, o.plannedAt)
		loses = loses || o.judge.loses(p, o.plannedAt, c.target, c.key, c.entitlement)
	}
	if left && !loses && a.open && o.closes(c.target) {
		o.breaks("disable first", "%s lost %s on %s while the account was open", c.key, c.entitlement, c.target)
	}
	if !left && !loses && !o.approved(c) {
		said, _ := o.evidence(id)
		o.breaks("no removal without evidence", "%s lost %s on %s; the source says %s", c.key, c.entitlement, c.target, brief(said))
	}
	if left {
		return
	}
	if grace := o.judge.grace(c.entitlement); grace > 0 && !o.approved(c) {
		if since, ok := o.losing[id+" "+c.entitlement.Name]; !ok || now.Sub(since) < grace {
			o.breaks("a time of grace is kept", "%s lost %s on %s; entitled no longer since %s, and it is %s",
				c.key, c.entitlement, c.target, since, now)
		}
	}
	o.counted(c)
}

// brief writes what the source said of somebody.
func brief(said []*source.Identity) string {
	parts := make([]string, 0, len(said))
	for _, p := range said {
		parts = append(parts, p.Status.String()+" in "+p.Department.Name+" from "+p.HireDate.String()+" to "+p.LastDay.String())
	}
	out := strings.Join(parts, " and ")
	if out == "" {
		return "nothing"
	}
	return out
}

// later reports whether a run has seen more than the stored plan that is applied. It is
// later if it is by the clock of the processes, which is all that they know, and in truth:
// when the clock was set back and people accepted it, what was read by the earlier one is
// older than the plan.
func (o *stormOracle) later(c *stormCall) bool {
	one := o.lastOne[accountKey{c.target, keyOf(c.key.Identity)}]
	for _, run := range []beganAt{o.lastRead[c.target], o.begun[c.target], one} {
		if run.at.After(o.plannedAt) && run.truly.After(o.plannedTruly) {
			return true
		}
	}
	return false
}
