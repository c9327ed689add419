package rulestest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// A Case is one sentence about one person: who it is, what they have, a day, and
// what the rules want then. Every method returns the case, so that they chain. What
// is wrong with the sentence itself, such as a role that no rule gives, fails the
// test at once; a check that does not hold fails it and goes on.
type Case struct {
	t    testing.TB
	set  *Set
	name string
	who  rules.Person

	at       time.Time
	now      *decided // nil before On
	taken    []string
	subjects []subject // of the last check
}

// A subject is what a check was about.
type subject struct{ target, slot, text string }

// Person begins a case about somebody who is active, whose ID is the name, and of
// whom the facts are stated; everything else is missing.
func (s *Set) Person(name string, facts ...Fact) *Case {
	s.t.Helper()
	identity := source.Identity{ID: name, Status: source.Active}
	for _, f := range facts {
		if err := s.fields.state(&identity, f.fact()); err != nil {
			s.t.Fatalf("%s: %v", name, err)
		}
	}
	identity, err := cleaned(identity)
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	return &Case{t: s.t, set: s, name: name, who: rules.Person{Identity: &identity}}
}

// Holding says what the person has, such as "app/group:developer"; none says that it
// is known that they have nothing. Without Holding nobody knows what they have.
func (c *Case) Holding(roles ...string) *Case {
	c.t.Helper()
	if c.who.Held == nil {
		c.who.Held = []rules.Held{}
	}
	for _, r := range c.roles(roles) {
		c.who.Held = append(c.who.Held, rules.Held{Target: r.target, Slot: r.slot, Entitlement: r.entitlement})
	}
	return c
}

// LostOn says since when no rule gives any more what the person has. Without it, it
// is the first day of the case on which that is so.
func (c *Case) LostOn(day string) *Case {
	c.t.Helper()
	at := c.instant(day)
	for i := range c.who.Held {
		c.who.Held[i].Lost = at
	}
	return c
}

// Approved says that these rules were approved for the person, at the next day of
// the case.
func (c *Case) Approved(ids ...string) *Case {
	c.t.Helper()
	return c.approve(false, ids)
}

// Denied says that somebody refused these rules to the person, at the next day of
// the case.
func (c *Case) Denied(ids ...string) *Case {
	c.t.Helper()
	return c.approve(true, ids)
}

func (c *Case) approve(denied bool, ids []string) *Case {
	c.t.Helper()
	for _, id := range ids {
		if err := c.set.approvable(id); err != nil {
			c.t.Fatalf("%s: %v", c.name, err)
		}
		c.who.Approvals = append(c.who.Approvals, rules.Approved{Rule: id, Denied: denied})
	}
	return c
}

// Taken says which names others have: see [Case.Name].
func (c *Case) Taken(values ...string) *Case {
	c.taken = append(c.taken, values...)
	return c
}

// On decides: on a day such as "2026-11-23", which is noon in UTC, or at an instant
// as RFC 3339. A case may have several days, in order: what was approved, and what
// is kept from the day on which no rule gives it any more, is carried over.
func (c *Case) On(day string) *Case {
	c.t.Helper()
	c.at = c.instant(day)
	for i := range c.who.Approvals {
		if a := &c.who.Approvals[i]; a.At.IsZero() {
			a.At = c.at
		}
	}
	who := c.who // decided people stay as they were
	who.Held, who.Approvals = slices.Clone(c.who.Held), slices.Clone(c.who.Approvals)
	now := c.set.decide(Person{who, c.at})
	c.now, c.subjects = &now, nil
	for i := range c.who.Held {
		h := &c.who.Held[i]
		if to := desired(now.Decision, h.Target, h.Slot); to != nil && h.Lost.IsZero() {
			if _, kept := graceOf(to, h.Entitlement); kept {
				h.Lost = c.at
			}
		}
	}
	return c
}

func (c *Case) instant(text string) time.Time {
	c.t.Helper()
	at, err := instant(text, time.UTC)
	if err != nil {
		c.t.Fatalf("%s: %v", c.name, err)
	}
	return at
}

func (c *Case) roles(texts []string) []role {
	c.t.Helper()
	var out []role
	for _, text := range texts {
		r, err := c.set.role(text)
		if err != nil {
			c.t.Fatalf("%s: %v", c.name, err)
		}
		out = append(out, r)
	}
	return out
}

// decided returns what was decided on the day of the case.
func (c *Case) decided() *decided {
	c.t.Helper()
	if c.now == nil {
		c.t.Fatalf("%s: the case has no day yet: say On(\"2026-11-23\") before what is checked", c.name)
	}
	return c.now
}

// fail reports that something does not hold, with the explanation.
func (c *Case) fail(explanation, format string, args ...any) {
	c.t.Helper()
	text := fmt.Sprintf("%s on %s: ", c.name, dayText(c.at, time.UTC)) + fmt.Sprintf(format, args...)
	if explanation != "" {
		text += "\n" + strings.TrimSuffix(explanation, "\n")
	}
	c.t.Errorf("%s", text)
}

// instant reads a day, which is its noon in the zone, or an instant.
func instant(text string, zone *time.Location) (time.Time, error) {
	if d, err := source.ParseDate(text); err == nil {
		y, m, n := d.Civil()
		return time.Date(y, m, n, 12, 0, 0, 0, zone), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is neither a day such as 2026-11-23 nor an instant such as 2026-11-23T08:00:00Z", text)
	}
	return at, nil
}

// dayText writes an instant as its day if it is the noon of one.
func dayText(at time.Time, zone *time.Location) string {
	in := at.In(zone)
	if in.Hour() == 12 && in.Truncate(time.Minute).Equal(in) && in.Minute() == 0 {
		return in.Format(time.DateOnly)
	}
	return at.Format(time.RFC3339)
}
