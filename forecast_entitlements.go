package provision

import (
	"slices"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/target"
)

// entitlements tells what an account that stays gains and loses.
func (w *forecastWalk) entitlements(l *lane, d *target.Desired, before, at time.Time) {
	wanted, asks := sorted(d.Entitlements), asked(d)
	for _, given := range newFor(l, wanted) {
		delete(l.grace, given)
		w.tellOne(l, d, ForecastEvent{At: at, Kind: Gains}, given, before)
	}
	for _, ask := range asks {
		if !contains(l.asks, ask) && !contains(l.wants, ask) {
			w.tellOne(l, d, ForecastEvent{At: at, Kind: Gains}, ask, before)
		}
	}
	var kept []target.Entitlement
	for _, held := range l.wants {
		switch {
		case contains(wanted, held):
		case contains(asks, held), slices.Contains(d.Undecided, held), l.protected:
			kept = append(kept, held)
		default:
			w.lose(l, d, held, before, at)
		}
	}
	l.wants, l.asks = sorted(slices.Concat(wanted, kept)), asks
	w.expire(l, d, at)
}

// lose ends an entitlement, or begins its time of grace.
func (w *forecastWalk) lose(l *lane, d *target.Desired, held target.Entitlement, before, at time.Time) {
	until := time.Time{}
	if days := w.grace[l.target][held]; days > 0 && (d.Extra == nil || !slices.Contains(d.Extra.Take, held)) {
		until = at.Add(time.Duration(min(days, 36_500)) * 24 * time.Hour)
	}
	if until.IsZero() {
		w.tellOne(l, d, ForecastEvent{At: at, Kind: Loses}, held, before)
		return
	}
	l.grace[held] = until
	w.tellOne(l, d, ForecastEvent{At: at, Kind: GraceBegins, Until: until.In(w.zone)}, held, before)
}

// tellOne adds an event about one entitlement, and whether an exception ends with it.
func (w *forecastWalk) tellOne(l *lane, d *target.Desired, event ForecastEvent, e target.Entitlement, before time.Time) {
	event.Entitlements = []target.Entitlement{e}
	person := rules.Person{Identity: w.current}
	x, given := w.engine.config.Rules.Why(person, before, l.target, l.key.Slot, e.String())
	if !given {
		x, _ = w.engine.config.Rules.WhyNot(person, before, l.target, l.key.Slot, e.String())
	}
	for i := range x.Causes {
		if ends := x.Causes[i].Exception; ends != nil {
			over := ends.Until.AddDays(1).In(w.zone)
			event.Exception = event.Exception || !over.IsZero() && over.Sub(event.At).Abs() < 48*time.Hour
		}
	}
	w.tell(l, d, event, e.String())
}

// tell adds an event with what is the same in all of one account.
func (w *forecastWalk) tell(l *lane, d *target.Desired, event ForecastEvent, subject string) {
	at := event.At
	event.At = at.In(w.zone)
	event.Target, event.Key, event.Label, event.Phase = l.target, l.key, l.label, l.phase
	if d != nil {
		event.Phase, event.State = d.Phase, d.State
	}
	if subject != "" && event.Why == nil {
		event.Why = w.engine.config.Rules.Because(rules.Person{Identity: w.current}, at, l.target, l.key.Slot, subject)
		if t, ok := w.engine.termination(l.key.Identity); ok {
			event.Why = []string{"terminated by " + printable(t.Actor) + ": " + printable(t.Reason)}
		}
	}
	w.events = append(w.events, event)
}

// protect notes whether nothing is taken from an account.
func (w *forecastWalk) protect(l *lane, d *target.Desired) {
	e := w.engine
	protected := d.Protected && (!w.look.all.unlisted[l.key.Identity] || e.wasProtected(l.target, l.key))
	l.protected = protected || slices.Contains(e.policy(l.target).Protect, l.key.Identity) ||
		slices.Contains(e.owned[l.target].Protect, l.key.Identity)
}

// newFor lists what is wanted and neither held nor kept in grace.
func newFor(l *lane, wanted []target.Entitlement) []target.Entitlement {
	var out []target.Entitlement
	for _, given := range wanted {
		if _, kept := l.grace[given]; kept {
			delete(l.grace, given) // it goes on
			l.wants = sorted(append(slices.Clone(l.wants), given))
		} else if !contains(l.wants, given) {
			out = append(out, given)
		}
	}
	return out
}

func contains(list []target.Entitlement, e target.Entitlement) bool {
	_, found := slices.BinarySearchFunc(list, e, target.Entitlement.Compare)
	return found
}

// sorted returns a sorted copy without repeats.
func sorted(list []target.Entitlement) []target.Entitlement {
	out := slices.Clone(list)
	slices.SortFunc(out, target.Entitlement.Compare)
	return slices.Compact(out)
}

// asked lists what somebody has to approve first.
func asked(d *target.Desired) []target.Entitlement {
	out := make([]target.Entitlement, 0, len(d.Ask))
	for _, a := range d.Ask {
		out = append(out, a.Entitlement)
	}
	return sorted(out)
}

// shownLabel is what people recognise: the label, or the key where the label is a
// sensitive value.
func shownLabel(caps target.Capabilities, d *target.Desired, have *target.Account) string {
	for _, spec := range caps.Attributes {
		if !spec.Sensitive {
			continue
		}
		values := d.Attributes.Values(spec.Name)
		if have != nil {
			values = append(values, have.Attributes.Values(spec.Name)...)
		}
		if slices.ContainsFunc(values, func(v string) bool { return target.FoldEqual(v, d.Label) }) {
			return d.Key.String()
		}
	}
	return d.Label
}
