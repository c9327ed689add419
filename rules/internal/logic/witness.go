package logic

// finish makes a person of the disjunct at hand and asks the goals about them. It
// reports false if there is no such person.
func (s *search) finish() bool {
	c, v := s.calendar()
	if v != solved {
		s.gaveUp = s.gaveUp || v == tooLong
		return false
	}
	s.person = s.person[:0]
	for i := range s.vars {
		v := &s.vars[i]
		if !s.mentioned(v) {
			continue
		}
		value, ok := s.value(v, &c)
		if !ok {
			return false
		}
		s.person = append(s.person, binding{v.name, value})
	}
	for _, g := range s.goals {
		if !g.allow.has(g.node.eval(s.person)) {
			// Never seen. Should a decision above be wrong, then nothing is claimed.
			s.gaveUp = true
			return false
		}
	}
	return true
}

// mentioned reports whether the disjunct says anything about a variable.
func (s *search) mentioned(v *variable) bool {
	for _, l := range s.lits {
		if l.node.name == v.name || l.node.other == v.name {
			return true
		}
	}
	return v.kind != Assumed && s.present(v.name) == mustExist && v.name != AsOf
}

// value returns what a variable holds in the example.
func (s *search) value(v *variable, c *calendar) (value Value, ok bool) {
	if v.kind == Assumed {
		return Value{Kind: Assumed, Truth: s.assumed(v.name).safest()}, true
	}
	for i, name := range c.names {
		if i > 0 && name == v.name {
			return Value{Kind: DayValue, Int: c.days[i]}, true
		}
	}
	return s.choose(v)
}

// safest returns undecided if that is allowed, which does not ask for fields
// that may be missing, else the truth that is.
func (m truths) safest() Truth {
	switch {
	case m&undecided != 0:
		return Undecided
	case m&yes != 0:
		return Yes
	}
	return No
}
