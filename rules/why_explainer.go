package rules

import (
	"strings"
	"time"

	"github.com/provision-go/provision/target"
)

// An explainer has decided for one account and tells why.
type explainer struct {
	set     *Set
	round   *round
	a       *account
	v       view
	zone    *time.Location
	at      time.Time
	desired target.Desired
}

// explainer decides. It is to be closed. Times of grace of what is lost at the
// instant count from lostBy.
func (s *Set) explainer(a *account, p Person, at, lostBy time.Time) explainer {
	e := s.beginExplaining(a, p, at)
	e.round.lostBy = lostBy
	if len(s.duties) == 0 {
		e.round.decide(a, &e.desired)
		return e
	}
	list := e.round.accounts(nil) // duties look at all of them
	e.desired = list[a.index].Desired
	e.v, e.zone = e.round.view(a)
	e.round.evaluate(e.v)
	return e
}

// causes decides as far as the causes depend on it. It is to be closed.
func (s *Set) causes(a *account, p Person, at time.Time) explainer {
	if len(s.duties) > 0 {
		return s.explainer(a, p, at, at)
	}
	e := s.beginExplaining(a, p, at)
	lacking := missingFields{}
	if _, on := e.round.decideState(a, &e.desired, &lacking); on {
		e.round.evaluate(e.v)
	}
	e.desired.Missing = lacking.sorted()
	return e
}

func (s *Set) beginExplaining(a *account, p Person, at time.Time) explainer {
	r, _ := s.rounds.Get().(*round)
	if r == nil {
		r = &round{set: s}
	}
	r.begin(p, at)
	e := explainer{set: s, round: r, a: a, at: at}
	e.v, e.zone = r.view(a)
	return e
}

// close keeps the memory for another explainer.
func (e *explainer) close() {
	e.round.person = Person{}
	e.set.rounds.Put(e.round)
}

// subject explains one subject; ok is false if the rules do not speak of it.
func (e *explainer) subject(subject string) (x Explanation, ok bool) {
	if subject == SubjectAccount {
		return e.account(), true
	}
	if name, found := strings.CutPrefix(subject, attributePrefix); found {
		for i := range e.a.attributes {
			if e.a.attributes[i].name == name {
				return e.attribute(&e.a.attributes[i]), true
			}
		}
		return Explanation{}, false
	}
	if what, err := target.ParseEntitlement(subject); err == nil {
		if i, found := e.a.gift(what); found {
			return e.entitlement(&e.a.gives[i]), true
		}
	}
	return Explanation{}, false
}

// rule begins the cause of a rule from its condition.
func (e *explainer) rule(id string, number int, pos Pos, n *node) Cause {
	c := e.v.cause(id, n)
	c.Number, c.Pos = number, pos
	return c
}
