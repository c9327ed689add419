package logic

import "slices"

const (
	firstDay = -719162 // 0001-01-01
	lastDay  = 2932896 // 9999-12-31
	usualDay = 20454   // 2026-01-01, where nothing else is wanted

	// maxDates bounds the work for one disjunct.
	maxDates = 24
)

// within moves days that are far outside the calendar to where they make no
// difference and no sum can overflow.
func within(days int64) int64 {
	const far = 4 * (lastDay - firstDay)
	return min(max(days, -far), far)
}

// verdict is what became of a system of dates.
type verdict uint8

const (
	solved verdict = iota
	impossible
	tooLong
)

// A calendar is a system of differences between dates, and keeps the closest ones
// that follow. Date 0 is the fixed day 0.
type calendar struct {
	names []string
	most  []int64 // most[i*size+j]: date i minus date j is at most this
	days  []int64 // once solved
	size  int
}

// apart says that date i minus date j is not days.
type apart struct {
	i, j int
	days int64
}

// dates reports whether the comparisons of dates can be met.
func (s *search) dates() verdict {
	_, v := s.calendar()
	return v
}

// calendar solves the comparisons of dates. A date that need not exist is missing,
// which meets every comparison with it that may be undecided.
func (s *search) calendar() (calendar, verdict) {
	lits := s.lits
	if !slices.ContainsFunc(lits, func(l goal) bool { return l.node.op == opDay }) {
		return calendar{}, solved
	}
	names := make([]string, 1, 8)
	for _, l := range lits {
		if l.node.op != opDay {
			continue
		}
		for _, name := range [...]string{l.node.name, l.node.other} {
			if !slices.Contains(names, name) && s.present(name)&mustExist != 0 {
				names = append(names, name)
			}
		}
	}
	if len(names) > maxDates {
		return calendar{}, tooLong
	}
	c := newCalendar(names)
	var unequal []apart
	for _, l := range lits {
		s.work -= len(names)
		n := l.node
		if n.op != opDay {
			continue
		}
		i, j := slices.Index(names, n.name), slices.Index(names, n.other)
		if i < 0 || j < 0 {
			continue // undecided
		}
		ok := true
		switch {
		case n.rel == SameDay && l.allow&no != 0:
			unequal = append(unequal, apart{i, j, n.n})
		case n.rel == SameDay:
			ok = c.tighten(i, j, n.n) && c.tighten(j, i, -n.n)
		case l.allow&no != 0: // i - j is not less
			ok = c.tighten(j, i, -n.n-strict(n.rel == NotAfter))
		default:
			ok = c.tighten(i, j, n.n-strict(n.rel == Before))
		}
		if !ok {
			return calendar{}, impossible
		}
	}
	left := maxDisjuncts
	v := c.solve(unequal, &left)
	s.work -= (maxDisjuncts - left) * len(names)
	return c, v
}

func strict(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func newCalendar(names []string) calendar {
	size := len(names)
	c := calendar{names: names, size: size, most: make([]int64, size*size), days: make([]int64, size)}
	for i := range size {
		for j := range size {
			switch {
			case i == j:
			case j == 0:
				c.most[i*size] = lastDay
			case i == 0:
				c.most[j] = -firstDay
			default:
				c.most[i*size+j] = lastDay - firstDay
			}
		}
	}
	return c
}

// tighten adds that date i minus date j is at most days, with all that follows. It
// reports false if that contradicts the rest.
func (c *calendar) tighten(i, j int, days int64) bool {
	n := c.size
	if days+c.most[j*n+i] < 0 {
		return false
	}
	if days >= c.most[i*n+j] {
		return true
	}
	for p := range n {
		for q := range n {
			c.most[p*n+q] = min(c.most[p*n+q], c.most[p*n+i]+days+c.most[j*n+q])
		}
	}
	return true
}

// solve finds days, if there are any. Dates that must differ are given a side,
// before or after, only where they happen to meet.
func (c *calendar) solve(unequal []apart, left *int) verdict {
	c.place()
	i := slices.IndexFunc(unequal, func(u apart) bool { return c.days[u.i]-c.days[u.j] == u.days })
	if i < 0 {
		return solved
	}
	u, most := unequal[i], slices.Clone(c.most)
	result := impossible
	for _, after := range [...]bool{false, true} {
		if *left--; *left < 0 {
			return tooLong
		}
		copy(c.most, most)
		ok := false
		if after {
			ok = c.tighten(u.j, u.i, -u.days-1)
		} else {
			ok = c.tighten(u.i, u.j, u.days-1)
		}
		if !ok {
			continue
		}
		if v := c.solve(unequal, left); v != impossible {
			return v
		}
	}
	return result
}

// place gives each date a day: the day of the decision near the usual day, the
// others near it. Since all closest differences are known, a day that fits those
// before it leaves one for those after it.
func (c *calendar) place() {
	asOf := slices.Index(c.names, AsOf)
	wish := int64(usualDay)
	if asOf > 0 {
		wish = min(max(wish, -c.most[asOf]), c.most[asOf*c.size])
		c.days[asOf] = wish
	}
	for i := 1; i < c.size; i++ {
		if i == asOf {
			continue
		}
		low, high := int64(firstDay), int64(lastDay)
		for j := range c.size {
			if j < i || j == asOf {
				low = max(low, c.days[j]-c.most[j*c.size+i])
				high = min(high, c.days[j]+c.most[i*c.size+j])
			}
		}
		c.days[i] = min(max(wish, low), high)
	}
}
