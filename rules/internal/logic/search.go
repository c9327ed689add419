package logic

// maxDisjuncts is how many disjuncts a search looks at before it gives up. Those
// that contradict themselves in their first comparisons are not counted.
const maxDisjuncts = 256

// quickDisjuncts is how many of them are tried in the order in which they are
// written. Most questions are settled by then, and looking for the best order
// costs more than that.
const quickDisjuncts = 4

// maxWork bounds the time of a search to some tens of milliseconds, whatever is in
// the disjuncts. It counts the comparisons that each new one is held against.
const maxWork = 4_000_000

// truths is a set of truths.
type truths uint8

const (
	yes truths = 1 << iota
	no
	undecided
)

func (m truths) has(t Truth) bool {
	switch t {
	case Yes:
		return m&yes != 0
	case No:
		return m&no != 0
	default:
		return m&undecided != 0
	}
}

// negated returns the truths that the negation of a formula may have.
func (m truths) negated() truths { return m&undecided | m&yes<<1 | m&no>>1 }

// A goal is a formula and the truths that it may have. Only four sets occur: yes
// or no, each with or without undecided.
type goal struct {
	node  *node
	allow truths
}

// A search looks for a person who meets all goals.
type search struct {
	goals  []goal
	vars   []variable
	lits   []goal // the single comparisons of the disjunct at hand
	open   []goal // of each, one part is enough
	person person // whom the search has found
	left   int    // disjuncts that may still be looked at
	work   int    // that may still be done
	quick  bool   // take the open goals as they come
	gaveUp bool   // something was not looked at
}

// find answers whether there is a person who meets all goals. It writes one to
// example, unless that is nil.
func find(example map[string]Value, goals ...goal) Answer {
	// Space for a usual question, in one piece.
	var space struct {
		vars   [8]variable
		lits   [16]goal
		open   [8]goal
		person [6]binding
	}
	s := search{
		goals: goals, vars: space.vars[:0], lits: space.lits[:0], open: space.open[:0], person: space.person[:0],
		left: quickDisjuncts, work: maxWork, quick: true,
	}
	answer := s.run()
	if answer == True && example != nil {
		for _, b := range s.person {
			example[b.name] = b.value
		}
	}
	return answer
}

func (s *search) run() Answer {
	for _, g := range s.goals {
		if g.node == nil || g.node.bad {
			return NotAnalysed
		}
		for i := range g.node.vars {
			joined, agrees := join(s.vars, &g.node.vars[i])
			if s.vars = joined; !agrees {
				return NotAnalysed
			}
		}
	}
	for _, g := range s.goals {
		if !s.assert(g.node, g.allow) {
			if s.gaveUp {
				return NotAnalysed
			}
			return False
		}
	}
	found := s.branch(0)
	if !found && s.gaveUp {
		s.left, s.quick, s.gaveUp = maxDisjuncts, false, false
		found = s.branch(0)
	}
	switch {
	case found:
		return True
	case s.gaveUp:
		return NotAnalysed
	}
	return False
}

// assert takes a goal apart. It reports false if the goal contradicts what has
// been asserted before.
func (s *search) assert(n *node, allow truths) bool {
	switch n.op {
	case opEveryone:
		return allow&yes != 0
	case opNot:
		return s.assert(n.args[0], allow.negated())
	case opAnd, opOr:
		// An And is at least undecided, or yes, if all of its parts are; an Or is at
		// most undecided, or no, if all of its parts are.
		if (n.op == opAnd) != (allow&yes != 0) {
			s.open = append(s.open, goal{n, allow})
			return true
		}
		for _, arg := range n.args {
			if !s.assert(arg, allow) {
				return false
			}
		}
		return true
	default:
		return s.compare(n, allow)
	}
}

// compare adds a single comparison to the disjunct.
func (s *search) compare(n *node, allow truths) bool {
	s.lits = append(s.lits, goal{n, allow})
	s.work -= len(s.lits)
	// Once the work is done, a contradiction is left for finish to find.
	return s.work < 0 || s.consistent(n)
}

// branch tries the parts of the open goals from place next on.
func (s *search) branch(next int) bool {
	if next == len(s.open) {
		s.left--
		return s.finish()
	}
	if best := s.best(next); best != next {
		// Swapped back before the caller cuts s.open where it began.
		s.open[next], s.open[best] = s.open[best], s.open[next]
		defer func() { s.open[next], s.open[best] = s.open[best], s.open[next] }()
	}
	g, lits, open, dead := s.open[next], len(s.lits), len(s.open), true
	for _, arg := range g.node.args {
		if s.left <= 0 || s.work < 0 {
			s.gaveUp = true
			return false
		}
		if s.assert(arg, g.allow) {
			dead = false
			if s.branch(next + 1) {
				return true
			}
		}
		s.lits, s.open = s.lits[:lits], s.open[:open]
	}
	if dead {
		s.left--
	}
	return false
}

// best returns the place of the open goal with the fewest parts that can still
// be met. One without any ends the disjunct, one with a single one decides it.
func (s *search) best(next int) int {
	if s.quick {
		return next
	}
	best, fewest := next, len(s.open[next].node.args)+1
	lits, open := len(s.lits), len(s.open)
	for i := next; i < open && fewest > 1 && s.work >= 0; i++ {
		g, parts := s.open[i], 0
		for _, arg := range g.node.args {
			if s.assert(arg, g.allow) {
				parts++
			}
			s.lits, s.open = s.lits[:lits], s.open[:open]
		}
		if parts < fewest {
			best, fewest = i, parts
		}
	}
	return best
}
