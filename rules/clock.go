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
type Clock struct{ zone *time.Location }

// ClockIn is a clock that is the same for everybody, such as time.UTC or the
// zone of the head office. A nil zone is the zero Clock. Build refuses
// time.Local: rules must not depend on the machine.
func ClockIn(zone *time.Location) Clock { return Clock{zone} }

// in returns the zone that counts for a person, never nil.
func (c Clock) in(i *source.Identity) *time.Location {
	switch {
	case c.zone != nil:
		return c.zone
	case i.Location.Zone != nil:
		return i.Location.Zone
	}
	return time.UTC
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

func sameLife(a, b Lifecycle) bool {
	same := zoneText(a.Clock.zone) == zoneText(b.Clock.zone)
	a.Clock, b.Clock = Clock{}, Clock{}
	return same && a == b
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
