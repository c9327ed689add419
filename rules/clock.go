package rules

import (
	"strings"
	"time"

	"github.com/provision-go/provision/source"
)

// Clock says whose midnight begins a day. The zero Clock is the person's: the
// zone of their work location, and UTC where that is unknown. It looks at
// source.Location.Zone alone, which source.Collect, source.Read and source.Clean
// load: an identity made by hand with nothing but a TimeZone is decided in UTC.
type Clock struct {
	zone *time.Location
	name string // of a zone in Spec.Zones, or "tenant"
}

// ClockIn is a clock that is the same for everybody, such as time.UTC or the
// zone of the head office. A nil zone is the zero Clock. Build refuses
// time.Local: rules must not depend on the machine. A rule file can name a zone
// only if [Spec.Zones] has it, so for a set that is to be written out [ClockNamed]
// is the better choice.
func ClockIn(zone *time.Location) Clock { return Clock{zone: zone} }

// ClockNamed is the clock of a zone in [Spec.Zones], such as "Europe/Berlin", or of
// "UTC". "tenant" is that of [Spec.Tenant], and "person" is the zero Clock.
func ClockNamed(name string) Clock {
	if name == personClock {
		return Clock{}
	}
	return Clock{name: name}
}

const (
	personClock = "person"
	tenantClock = "tenant"
)

// zone is a clock that Build has found; nil is the person's.
type zone struct{ *time.Location }

// in returns the zone that counts for a person, never nil.
func (z zone) in(i *source.Identity) *time.Location {
	switch {
	case z.Location != nil:
		return z.Location
	case i.Location.Zone != nil:
		return i.Location.Zone
	}
	return time.UTC
}

// zone finds the zone of a clock.
func (c *checker) zone(clock Clock) zone {
	switch found, ok := c.zones[clock.name]; {
	case clock.name == "":
		if clock.zone != nil && clock.zone.String() == "Local" {
			c.fail("", "Clock: the local zone depends on the machine; name one")
		}
		return zone{clock.zone}
	case clock.name == tenantClock:
		if c.tenant == nil {
			c.say("", "clock: the zone of the tenant is not known: %s", c.wording("set Spec.Tenant, or name a zone",
				"write UTC or person, or ask whoever runs the program to set it"))
		}
		return zone{c.tenant}
	case ok && found != nil:
		return zone{found}
	case clock.name == "UTC":
		return zone{time.UTC}
	}
	known := append(sortedKeys(c.zones), "UTC", personClock)
	if c.tenant != nil {
		known = append(known, tenantClock)
	}
	c.say(c.nearest(clock.name, known), "clock: there is no zone %q, only %s%s", clock.name, allOf(known),
		c.wording("", "; whoever runs the program can add zones"))
	return zone{}
}

// dayAt returns the civil day at an instant. Days only ever advance: where a
// clock is set back over midnight, the new day has begun for good.
func dayAt(at time.Time, zone *time.Location) source.Date {
	day := source.DateOf(at.In(zone))
	if next := day.AddDays(1); !next.IsZero() && !at.Before(next.In(zone)) {
		return next
	}
	return day
}

// same reports whether two life cycles do the same.
func (l *life) same(m *life) bool {
	a, b := l.Lifecycle, m.Lifecycle
	a.Clock, b.Clock = Clock{}, Clock{}
	return a == b && zoneText(l.zone.Location) == zoneText(m.zone.Location)
}

// zoneText identifies a zone by its name and by what it does: two zones can
// share a name. Twice a year over seventy years tells apart all that exist.
func zoneText(zone *time.Location) string {
	if zone == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString(zone.String())
	for year := 1990; year < 2060; year++ {
		for _, month := range []time.Month{time.January, time.July} {
			b.WriteString(time.Date(year, month, 1, 0, 0, 0, 0, time.UTC).In(zone).Format(" -0700"))
		}
	}
	return b.String()
}
