package provision

import (
	"maps"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// approved lists what an account holds that somebody has to approve, but for what the
// plan for now takes because the approval has ended.
func (l *lane) approved(d *target.Desired, have *target.Account, now time.Time) []target.Entitlement {
	if have == nil {
		return nil
	}
	var out []target.Entitlement
	for _, ask := range d.Ask {
		end := l.approvedUntil(d, ask.Entitlement)
		if slices.Contains(have.Entitlements, ask.Entitlement) && (end.IsZero() || end.After(now)) {
			out = append(out, ask.Entitlement)
		}
	}
	return out
}

// approvedUntil returns when something is taken because the approval has ended; zero for
// never.
func (l *lane) approvedUntil(d *target.Desired, e target.Entitlement) time.Time {
	kind, _ := l.caps.Kind(e.Kind)
	if l.protected || !kind.Revoke || slices.Contains(d.Entitlements, e) {
		return time.Time{}
	}
	_, end := l.past.Approval(d.Ask, e)
	return end
}

// expire notes which approvals end of what is held, and lets those end that have ended
// by an instant.
func (w *forecastWalk) expire(l *lane, d *target.Desired, at time.Time) {
	clear(l.ends)
	for _, ask := range d.Ask {
		if end := l.approvedUntil(d, ask.Entitlement); !end.IsZero() && contains(l.wants, ask.Entitlement) {
			if end.Before(at) {
				end = at
			}
			l.ends[ask.Entitlement] = end
		}
	}
}

// lapse lets approvals end that are over.
func (w *forecastWalk) lapse(l *lane, over func(time.Time) bool) {
	for _, lost := range slices.SortedFunc(maps.Keys(l.ends), target.Entitlement.Compare) {
		end := l.ends[lost]
		if !over(end) {
			continue
		}
		delete(l.ends, lost)
		l.wants = slices.DeleteFunc(slices.Clone(l.wants), func(e target.Entitlement) bool { return e == lost })
		w.tell(l, nil, ForecastEvent{At: end, Kind: Loses, Entitlements: []target.Entitlement{lost}, Why: []string{"the approval has ended"}}, "")
	}
}

// past is what is remembered of an account.
func (e *Engine) past(name string, key target.Key) reconcile.Past {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.state.of(name).accounts[key]
}
