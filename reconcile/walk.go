package reconcile

import "github.com/provision-go/provision/target"

// A meeting is where the two sides do not simply agree: a key that is only
// desired (n is 0), only there (want is where it would be desired), or both and
// different.
type meeting struct {
	want, have, n int32 // n accounts from have on
	desired       bool
}

// stretch is a part of both sides, and what came of walking it.
type stretch struct {
	wants, wantsEnd     int
	managed, managedEnd int

	unchanged int
	meetings  []meeting
	disorder  bool // what is desired is not in order, or has no key
}

// walk goes along both sides, sorted by key, at once, and settles the situation
// of every key. Nearly all accounts are as they should be, and for those a quick
// look is all: it allocates nothing and changes nothing. Stretches are walked, and
// then settled, side by side.
func (p *planner) walk() error {
	stretches, ok := p.meet()
	if !ok {
		if err := p.sortWants(); err != nil {
			return err
		}
		stretches, _ = p.meet()
	}
	p.divide(len(stretches), func(part *planner, i int) {
		s := &stretches[i]
		part.plan.Unchanged += s.unchanged
		for _, m := range s.meetings {
			part.settleMeeting(m)
		}
	})
	return nil
}

// meet walks all stretches. It reports whether what is desired was in order: if
// not, what it returns is of no use.
func (p *planner) meet() ([]stretch, bool) {
	out := p.stretches()
	sideBySide(out, 1, func(part []stretch) {
		for i := range part {
			p.walkStretch(&part[i])
		}
	})
	for i := range out {
		if out[i].disorder {
			return nil, false
		}
	}
	return out, true
}

// stretches cuts both sides where one person ends and another begins.
func (p *planner) stretches() []stretch {
	ends := cuts(p.wants.len(), func(i int) string { return p.wants.at(i).Key.Identity })
	out := make([]stretch, len(ends)-1)
	for i := range out {
		s := &out[i]
		s.wants, s.wantsEnd, s.managedEnd = ends[i], ends[i+1], len(p.managed)
		if s.wantsEnd < p.wants.len() {
			// Without order there is no telling what this finds; it is walked again then.
			next := p.managedFrom(target.Key{Identity: p.wants.at(s.wantsEnd).Key.Identity})
			s.managedEnd = max(next, s.managed)
		}
		if i+1 < len(out) {
			out[i+1].managed = s.managedEnd
		}
	}
	return out
}

func (p *planner) walkStretch(s *stretch) {
	i, j := s.wants, s.managed
	for i < s.wantsEnd || j < s.managedEnd {
		order := 1
		if i < s.wantsEnd {
			d := p.wants.at(i)
			if d.Key.Identity == "" || i > 0 && p.wants.at(i-1).Key.Compare(d.Key) >= 0 {
				s.disorder = true
				return
			}
			order = -1
			if j < s.managedEnd {
				order = d.Key.Compare(p.managed[j].Key)
			}
		}
		if order < 0 {
			s.meet(meeting{want: int32(i), have: int32(j), desired: true})
			i++
			continue
		}
		end := j + 1
		for end < s.managedEnd && p.managed[end].Key == p.managed[j].Key {
			end++
		}
		switch {
		case order > 0:
			s.meet(meeting{want: int32(i), have: int32(j), n: int32(end - j)})
		case end == j+1 && asWanted(p.wants.at(i), &p.managed[j]):
			s.unchanged++
			i++
		default:
			s.meet(meeting{want: int32(i), have: int32(j), n: int32(end - j), desired: true})
			i++
		}
		j = end
	}
}

func (s *stretch) meet(m meeting) {
	s.meetings = append(s.meetings, m)
}

func (p *planner) settleMeeting(m meeting) {
	accounts := p.managed[m.have : m.have+m.n]
	if m.n > 1 {
		p.twins[accounts[0].Key] = true
	}
	if m.desired {
		p.remark(p.wants.at(int(m.want)))
	}
	switch {
	case m.n == 0:
		p.missing(p.wants.at(int(m.want)))
	case m.desired:
		p.present(p.wants.at(int(m.want)), accounts)
	default:
		p.unwanted(int(m.want), accounts)
	}
}

// asWanted is the quick look that almost every account ends with: it allocates
// nothing and asks the history nothing. A leaver is never done at a quick look: there are
// steps that leave nothing to be read, and that they have left is to be remembered.
func asWanted(d *target.Desired, a *target.Account) bool {
	return d.State == a.State && len(d.Clear) == 0 && len(d.Missing) == 0 && len(d.Ask) == 0 &&
		d.Next.At.IsZero() && d.Extra == nil && d.Phase != target.Left &&
		a.Attributes.Covers(d.Attributes) && sameEntitlements(d.Entitlements, a.Entitlements)
}

func sameEntitlements(a, b []target.Entitlement) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
