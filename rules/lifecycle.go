package rules

import (
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// A stage is where a person stands in a life cycle, and the state that an
// account has there for those who are to have one.
type stage struct {
	phase   target.Phase
	state   target.State
	missing []string    // the fields without which the phase cannot be told
	unread  gaps        // those on which the phase depends, if it cannot be told
	expired source.Date // the last day of access, if it is over
}

// stage derives the stage of a person. Only an immediate termination looks at
// the instant; all else are days.
func (l *life) stage(v view, at time.Time, zone *time.Location) stage {
	i := v.id
	start, unread := i.Start(), gapsOf(i)
	switch {
	case i.Status == source.Unknown || i.Status > source.Deleted:
		return stage{phase: target.PhaseUnknown, state: target.Undecided, missing: []string{"status"}, unread: unread & gapStatus}
	case i.Status == source.Candidate:
		return stage{phase: target.Future, state: target.None}
	case unread != 0 && !i.Status.Ended() && !unread.leftAnyway(v, at, zone):
		return stage{phase: target.PhaseUnknown, state: target.Undecided, unread: unread}
	case i.Status == source.PreHire && start.IsZero():
		// Without a start, an end in the past may belong to an earlier employment.
		return stage{phase: target.PhaseUnknown, state: target.Undecided, missing: []string{"start_date"}}
	case i.Status.Ended() || left(v, at, zone):
		return stage{phase: target.Left, state: l.afterEnd(v, zone, unread)}
	case start.After(v.day):
		return l.beforeStart(i.Status, start.Sub(v.day))
	}
	s, ends := l.expiry(v)
	if !ends {
		return l.employed(v)
	}
	if status := l.employed(v); s.state == target.Undecided && status.state == target.Disabled {
		s.phase = status.phase // expired or not, nobody comes in
	}
	return s
}

// employed is the stage of somebody who has begun, has not left, and whose access
// has not expired.
func (l *life) employed(v view) stage {
	switch v.id.Status {
	case source.Suspended:
		return stage{phase: target.Suspended, state: target.Disabled}
	case source.OnLeave:
		return l.onLeave(v)
	default:
		return stage{phase: target.Active, state: target.Enabled}
	}
}

// shut reports whether an account that exists is not to work for certain, though
// the state may be open all the same: a phase that is known with a state that is not
// is one in which nobody comes in.
func (s *stage) shut() bool {
	return s.state == target.Disabled || s.state == target.Undecided && s.phase != target.PhaseUnknown
}

// expiry is the stage of somebody whose access has expired, or who has no day for
// it and needs one. While nobody can tell whether it concerns them it ends nothing
// that is not over anyway.
func (l *life) expiry(v view) (stage, bool) {
	if l.expireWhen == nil {
		return stage{}, false
	}
	concerns := v.truth(l.expireWhen)
	if concerns == No {
		return stage{}, false
	}
	known, left := l.remains(v)
	lacking := missingFields{}
	switch {
	case !known && l.Expire.Missing == HoldIt:
		v.lacking(l.expireOn, &lacking)
	case !known || left >= 0:
		return stage{}, false
	case concerns == Yes:
		return stage{phase: target.Suspended, state: target.Disabled, expired: l.expires(v)}, true
	}
	v.undecided(l.expireWhen, &lacking)
	return stage{phase: target.PhaseUnknown, state: target.Undecided, missing: lacking.sorted()}, true
}

// remains is for how many days more there is access, less than 0 if it has
// expired; known is false if nothing says when it does.
func (l *life) remains(v view) (known bool, days int) {
	last := v.date(l.expireOn)
	return !last.IsZero(), last.Sub(v.day) + l.expireOn.days
}

// expires is the last day of access, zero if it is not known or if there is no
// such day in the calendar.
func (l *life) expires(v view) source.Date { return v.date(l.expireOn).AddDays(l.expireOn.days) }

// lacking adds the fields without which the phase cannot be told.
func (s *stage) lacking(m *missingFields) {
	m.names = append(m.names, s.missing...)
	m.names = append(m.names, s.unread.names()...)
}

// afterEnd is the state of a leaver's account. A date that nobody understood may
// be a later last day, or the start of an employment that ended later: as long
// as there is one, nothing is deleted.
func (l *life) afterEnd(v view, zone *time.Location, unread gaps) target.State {
	last := lastDay(v.id, zone)
	if l.DeleteAfter > 0 && !last.IsZero() && v.day.Sub(last) >= l.DeleteAfter && unread == 0 {
		return target.Deleted
	}
	return target.Disabled
}

func (l *life) onLeave(v view) stage {
	s := stage{phase: target.OnLeave, state: target.Enabled}
	if l.Leave != DisableOnLeave {
		return s
	}
	s.state = target.Disabled
	if l.leaveSince == nil {
		return s
	}
	since := v.date(l.leaveSince)
	switch {
	case since.IsZero():
		return stage{phase: target.PhaseUnknown, state: target.Undecided, missing: []string{l.leaveSince.ref.name}}
	case v.day.Sub(since) < l.LeaveAfter:
		s.state = target.Enabled
	}
	return s
}

// beforeStart is the stage so many days before the first day of work.
func (l *life) beforeStart(status source.Status, days int) stage {
	barred := status == source.Suspended || status == source.OnLeave && l.Leave == DisableOnLeave && l.leaveSince == nil
	switch {
	case days > l.PreHire:
		return stage{phase: target.Future, state: target.None}
	case days <= l.EnableBefore && !barred:
		return stage{phase: target.PreHire, state: target.Enabled}
	}
	return stage{phase: target.PreHire, state: target.Disabled}
}

// left reports whether the dates say that the employment is over.
func left(v view, at time.Time, zone *time.Location) bool {
	if end := v.id.End(); !end.IsZero() && v.day.After(end) {
		return true
	}
	terminated, ok := terminatedAt(v.id, zone)
	return ok && !at.Before(terminated)
}

// terminatedAt returns the instant of an immediate termination, unless it lies
// before the first day of the present employment, both by the clock of the life cycle and
// where the person works.
func terminatedAt(i *source.Identity, zone *time.Location) (time.Time, bool) {
	if i.TerminatedAt.IsZero() {
		return time.Time{}, false
	}
	start, here := i.Start(), i.Location.Zone
	before := func(zone *time.Location) bool { return dayAt(i.TerminatedAt, zone).Before(start) }
	return i.TerminatedAt, start.IsZero() || !before(zone) || here != nil && !before(here)
}

// lastDay returns the last day of the employment that ended, the zero Date if
// nothing tells. Of a last day and an immediate termination the later counts:
// retention is never cut short.
func lastDay(i *source.Identity, zone *time.Location) source.Date {
	last := i.End()
	if terminated, ok := terminatedAt(i, zone); ok {
		if day := dayAt(terminated, zone); day.After(last) {
			return day
		}
	}
	return last
}

// boundaries calls add for the instants at which time alone may move somebody
// from one stage to another. They depend on the person, not on the instant.
func (l *life) boundaries(v view, zone *time.Location, day func(source.Date), add func(time.Time)) {
	i, today := v.id, v.day
	// Nearly everybody has begun before today, and then all three are over.
	if start := i.Start(); start.After(today) {
		day(start)
		day(start.AddDays(-l.PreHire))
		day(start.AddDays(-l.EnableBefore))
	}
	if end := i.End(); !end.IsZero() {
		day(end.AddDays(1))
	}
	if l.DeleteAfter > 0 {
		day(lastDay(i, zone).AddDays(l.DeleteAfter))
	}
	if terminated, ok := terminatedAt(i, zone); ok {
		add(terminated)
	}
	if l.expireWhen != nil {
		if last := l.expires(v); !last.IsZero() {
			day(last.AddDays(1))
		}
	}
	if l.leaveSince != nil && i.Status == source.OnLeave {
		if since := v.date(l.leaveSince); !since.IsZero() {
			day(since.AddDays(l.LeaveAfter))
		}
	}
}
