package rules

import (
	"time"

	"github.com/provision-go/provision/source"
)

// A DateValue is one side of a comparison of dates: a [DateField], [AsOf], a
// [Date], or one of them plus some days.
type DateValue interface{ date() *node }

// A DateField names a field that holds a civil date. It is also a [Value], which
// reads 2006-01-02. A comparison with a missing date is undecided.
type DateField string

// The date fields of an identity.
const (
	// StartDate is the first day of work: source.Identity.Start.
	StartDate DateField = "start"
	// EndDate is the last day of work: source.Identity.End. It is missing for
	// people without a known last day, so EndDate.After(AsOf) is undecided for
	// them: combine it with EndDate.Missing().
	EndDate          DateField = "end"
	HireDate         DateField = "hire_date"
	OriginalHireDate DateField = "original_hire_date"
)

// CustomDate names a custom field that holds a date as 2006-01-02. It must be
// declared in Spec.Fields. Any other text counts as missing.
func CustomDate(name string) DateField { return DateField(customPrefix + name) }

// Plus returns the date so many days later, or earlier if days is negative.
func (f DateField) Plus(days int) DateExpr { return plus(f.date(), days) }

// On is yes if both dates are the same day.
func (f DateField) On(d DateValue) Cond { return onDay(f, d) }

// Before is yes if the date is earlier than d.
func (f DateField) Before(d DateValue) Cond { return before(f, d) }

// OnOrBefore is yes if the date is not later than d.
func (f DateField) OnOrBefore(d DateValue) Cond { return onOrBefore(f, d) }

// After is yes if the date is later than d.
func (f DateField) After(d DateValue) Cond { return before(d, f) }

// OnOrAfter is yes if the date is not earlier than d.
func (f DateField) OnOrAfter(d DateValue) Cond { return onOrBefore(d, f) }

// Missing is yes if there is no date. It is never undecided.
func (f DateField) Missing() Cond { return missing(f.date()) }

func (f DateField) date() *node  { return fieldNode(string(f), source.FieldDate) }
func (f DateField) value() *node { return f.date() }

// AsOfDay is the type of [AsOf]: the day of the decision plus that many days.
type AsOfDay int

// AsOf is the civil day at the instant of the decision, by the clock of the
// target that is decided. See [Clock].
const AsOf AsOfDay = 0

// Plus returns the day so many days later, or earlier if days is negative.
func (a AsOfDay) Plus(days int) AsOfDay { return a + AsOfDay(days) }

// On is yes if both dates are the same day.
func (a AsOfDay) On(d DateValue) Cond { return onDay(a, d) }

// Before is yes if the day is earlier than d.
func (a AsOfDay) Before(d DateValue) Cond { return before(a, d) }

// OnOrBefore is yes if the day is not later than d.
func (a AsOfDay) OnOrBefore(d DateValue) Cond { return onOrBefore(a, d) }

// After is yes if the day is later than d.
func (a AsOfDay) After(d DateValue) Cond { return before(d, a) }

// OnOrAfter is yes if the day is not earlier than d.
func (a AsOfDay) OnOrAfter(d DateValue) Cond { return onOrBefore(d, a) }

func (a AsOfDay) date() *node { return &node{op: opAsOf, days: int(a)} }

// A DateExpr is a fixed day or a date field plus some days. Get one from [Date]
// or [DateField.Plus]; Build refuses the zero DateExpr. It is also a [Value],
// such as EndDate.Plus(1) for the day on which an account expires.
type DateExpr struct{ node *node }

// Date returns a fixed day. Build refuses days that do not exist.
func Date(year int, month time.Month, day int) DateExpr {
	d := source.Day(year, month, day)
	if y, m, n := d.Civil(); y != year || m != month || n != day {
		d = source.Date{}
	}
	return DateExpr{&node{op: opDate, day: d}}
}

// Plus returns the date so many days later, or earlier if days is negative.
func (e DateExpr) Plus(days int) DateExpr { return plus(e.node, days) }

// On is yes if both dates are the same day.
func (e DateExpr) On(d DateValue) Cond { return onDay(e, d) }

// Before is yes if the date is earlier than d.
func (e DateExpr) Before(d DateValue) Cond { return before(e, d) }

// OnOrBefore is yes if the date is not later than d.
func (e DateExpr) OnOrBefore(d DateValue) Cond { return onOrBefore(e, d) }

// After is yes if the date is later than d.
func (e DateExpr) After(d DateValue) Cond { return before(d, e) }

// OnOrAfter is yes if the date is not earlier than d.
func (e DateExpr) OnOrAfter(d DateValue) Cond { return onOrBefore(d, e) }

func (e DateExpr) date() *node  { return e.node }
func (e DateExpr) value() *node { return e.node }

func plus(n *node, days int) DateExpr {
	if n == nil {
		return DateExpr{}
	}
	later := *n
	later.days += days
	return DateExpr{&later}
}

func onDay(a, b DateValue) Cond      { return compareDates(opDateEq, a, b) }
func before(a, b DateValue) Cond     { return compareDates(opDateLT, a, b) }
func onOrBefore(a, b DateValue) Cond { return compareDates(opDateLE, a, b) }

func compareDates(o op, a, b DateValue) Cond {
	n := &node{op: o, args: make([]*node, 2)}
	for i, d := range []DateValue{a, b} {
		if d != nil {
			n.args[i] = d.date() // nil is found by Build
		}
	}
	return Cond{n}
}
