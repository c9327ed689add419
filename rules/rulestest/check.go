package rulestest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/source"
)

// Gets checks that the roles are granted.
func (c *Case) Gets(roles ...string) *Case {
	c.t.Helper()
	return c.check("should be granted", roles, func(d *decided, r string) bool {
		return slices.Contains(Want(d.Decision), r)
	})
}

// GetsOnly checks that these roles are granted and no others; without any, that
// nothing is.
func (c *Case) GetsOnly(roles ...string) *Case {
	c.t.Helper()
	c.check("should be granted", roles, func(d *decided, r string) bool { return slices.Contains(Want(d.Decision), r) })
	for _, r := range c.roles(Want(c.decided().Decision)) {
		if !slices.Contains(roles, r.String()) {
			c.fail(c.now.whyRole(r), "%s should not be granted", r)
		}
	}
	return c
}

// Keeps checks that the person has the roles and keeps them, although no rule grants
// them: see [Keep].
func (c *Case) Keeps(roles ...string) *Case {
	c.t.Helper()
	return c.check("should be kept without being granted", roles, func(d *decided, r string) bool {
		return slices.Contains(Keep(d.Person, d.Decision), r)
	})
}

// Loses checks that the person has the roles, and that they are taken away.
func (c *Case) Loses(roles ...string) *Case {
	c.t.Helper()
	for _, r := range roles {
		if !c.decided().Holds(r) {
			c.t.Fatalf("%s does not have %s, and cannot lose it: say Holding(%q) before On", c.name, r, r)
		}
	}
	return c.check("should be taken away", roles, func(d *decided, r string) bool {
		return !slices.Contains(Want(d.Decision), r) && !slices.Contains(Keep(d.Person, d.Decision), r)
	})
}

// Lacks checks that the roles are neither granted, nor to be approved, nor undecided,
// nor kept.
func (c *Case) Lacks(roles ...string) *Case {
	c.t.Helper()
	return c.check("should not be there", roles, func(d *decided, r string) bool {
		there := slices.Concat(Want(d.Decision), Ask(d.Decision), Undecided(d.Decision), Keep(d.Person, d.Decision))
		return !slices.Contains(there, r)
	})
}

// Asks checks that somebody has to approve the roles first.
func (c *Case) Asks(roles ...string) *Case {
	c.t.Helper()
	return c.check("should wait for an approval", roles, func(d *decided, r string) bool {
		return slices.Contains(Ask(d.Decision), r)
	})
}

// Undecided checks that the roles are neither granted nor revoked.
func (c *Case) Undecided(roles ...string) *Case {
	c.t.Helper()
	return c.check("should be undecided", roles, func(d *decided, r string) bool {
		return slices.Contains(Undecided(d.Decision), r)
	})
}

// check checks something of each role.
func (c *Case) check(should string, roles []string, holds func(d *decided, role string) bool) *Case {
	c.t.Helper()
	d := c.decided()
	c.subjects = nil
	for _, r := range c.roles(roles) {
		c.subjects = append(c.subjects, subject{r.target, r.slot, r.entitlement.String()})
		if !holds(d, r.String()) {
			c.fail(d.whyRole(r), "%s %s", r, should)
		}
	}
	return c
}

// Until checks on which day the roles of the check before it stop being kept: the
// first on which they are not, where the person works. It may be an instant too.
func (c *Case) Until(day string) *Case {
	c.t.Helper()
	d := c.decided()
	c.needSubjects("Until")
	want := c.instant(day)
	for _, s := range c.subjects {
		i := slices.IndexFunc(c.set.roles, func(r role) bool {
			return r.target == s.target && r.slot == s.slot && r.entitlement.String() == s.text
		})
		if i < 0 {
			c.t.Fatalf("%s: Until is about roles: say it after Keeps", c.name)
		}
		r := c.set.roles[i]
		until, kept := graceOf(desired(d.Decision, s.target, s.slot), r.entitlement)
		switch {
		case !kept:
			c.fail(d.whyRole(r), "%s should be kept until %s, and is not in a time of grace", r, day)
		case !sameTime(until, want, day, d.zone()):
			c.fail(d.whyRole(r), "%s should be kept until %s, and is until %s", r, day, until.In(d.zone()).Format(time.RFC3339))
		}
	}
	return c
}

// sameTime compares an instant with what a test wrote: a day in the zone, or an
// instant.
func sameTime(got, want time.Time, text string, zone *time.Location) bool {
	if len(text) == len(time.DateOnly) {
		return source.DateOf(got.In(zone)).String() == text
	}
	return got.Equal(want)
}

// Because checks that this rule decided what the check before it is about, as one of
// those that did.
func (c *Case) Because(rule string) *Case {
	c.t.Helper()
	d := c.decided()
	c.needSubjects("Because")
	for _, s := range c.subjects {
		x, ok := d.explain(s.target, s.slot, s.text)
		var ids []string
		for _, cause := range decisive(&x) {
			ids = append(ids, cause.Rule)
		}
		if !ok || !slices.Contains(ids, rule) {
			decided := fmt.Sprintf("%s decided", strings.Join(slices.Compact(ids), ", "))
			if len(ids) == 0 {
				decided = "no rule decided"
			}
			c.fail(d.why(s.target, s.slot, s.text), "%s/%s should be so because of %s; %s", placeOf(s.target, s.slot), s.text, rule, decided)
		}
	}
	return c
}

func (c *Case) needSubjects(method string) {
	c.t.Helper()
	if len(c.subjects) == 0 {
		c.t.Fatalf("%s: %s says something about the check before it, and there is none", c.name, method)
	}
}
