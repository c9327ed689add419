package manual

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/source"
)

// A desk is the decisions that count in one read.
type desk struct {
	source  string
	granted string
	now     time.Time
	by      map[string][]Decision // by identity
	met     map[string]bool       // identities that the source lists
}

// apply changes what decisions say otherwise.
func (d *desk) apply(i source.Identity) (source.Identity, error) {
	d.met[i.ID] = true
	var suspended, reactivated *Decision
	granted := []string{}
	for n := range d.by[i.ID] {
		one := &d.by[i.ID][n]
		if err := one.check(); err != nil {
			return source.Identity{}, fmt.Errorf("a %s by %q cannot be used: %w", one.Kind, one.Actor, err)
		}
		switch one.Kind {
		case Suspend:
			suspended = longer(suspended, one)
		case Reactivate:
			reactivated = longer(reactivated, one)
		case Grant:
			granted = append(granted, one.Name)
		}
	}
	slices.Sort(granted)
	i.Custom = maps.Clone(i.Custom)
	if i.Custom == nil {
		i.Custom = map[string][]string{}
	}
	i.Custom[d.granted] = slices.Compact(granted)
	switch {
	case suspended != nil:
		d.suspend(&i, suspended)
	case reactivated != nil:
		d.reactivate(&i, reactivated)
	}
	return i, nil
}

// check returns what a decision lacks.
func (d *Decision) check() error {
	var errs []error
	if strings.TrimSpace(d.Actor) == "" {
		errs = append(errs, errors.New("no actor"))
	}
	if strings.TrimSpace(d.Reason) == "" {
		errs = append(errs, errors.New("no reason"))
	}
	switch {
	case d.Kind < Suspend || d.Kind > Grant:
		errs = append(errs, errors.New("there is no such kind"))
	case d.Kind == Grant && strings.TrimSpace(d.Name) == "":
		errs = append(errs, errors.New("nothing is granted"))
	case d.Kind == Reactivate && d.Expires.IsZero():
		errs = append(errs, errors.New("it does not expire"))
	}
	return errors.Join(errs...)
}

// longer returns the decision that ends later. a may be nil.
func longer(a, b *Decision) *Decision {
	if a == nil || !a.Expires.IsZero() && (b.Expires.IsZero() || b.Expires.After(a.Expires)) {
		return b
	}
	return a
}

func (d *desk) suspend(i *source.Identity, by *Decision) {
	if i.Status.Ended() || i.Status == source.Candidate {
		return // there is nothing to bar
	}
	d.decided(i, by, "suspended")
	i.Status = source.Suspended
}

func (d *desk) reactivate(i *source.Identity, by *Decision) {
	switch i.Status {
	case source.Suspended, source.OnLeave, source.Terminated, source.Retired, source.Unknown:
	case source.Active: // with a last day that may be over
		if i.End().IsZero() && i.TerminatedAt.IsZero() {
			return
		}
	case source.PreHire, source.Candidate:
		d.refused(i, by, "has not started")
		return
	case source.Deceased, source.Deleted:
		d.refused(i, by, "is "+i.Status.String())
		return
	}
	d.decided(i, by, "reactivated")
	i.Status, i.TerminationDate, i.TerminatedAt = source.Active, source.Date{}, time.Time{}
	i.LastDay = source.DateOf(by.Expires.In(zone(&i.Location)))
}

// zone returns the time zone of a place, UTC if it is not known.
func zone(at *source.Location) *time.Location {
	if at.Zone != nil {
		return at.Zone
	}
	if z, err := time.LoadLocation(at.TimeZone); err == nil {
		return z // that of "" is UTC
	}
	return time.UTC
}

// decided says what a decision changes.
func (d *desk) decided(i *source.Identity, by *Decision, what string) {
	until := ""
	if !by.Expires.IsZero() {
		until = " until " + by.Expires.UTC().Format("2006-01-02 15:04 UTC")
	}
	d.find(i, fmt.Sprintf("%s by %s%s: %s; the source says %s", what, by.Actor, until, by.Reason, i.Status))
}

func (d *desk) refused(i *source.Identity, by *Decision, why string) {
	d.find(i, fmt.Sprintf("a %s by %s has no effect: the person %s", by.Kind, by.Actor, why))
}

func (d *desk) find(i *source.Identity, message string) {
	i.Findings = append(slices.Clip(i.Findings), source.Finding{
		Source: d.source, Identity: i.ID, Field: "status", Code: source.CodeConflict, Message: message,
	})
}

// unmet returns findings about people whom the source did not list.
func (d *desk) unmet() []source.Finding {
	var all []source.Finding
	for _, id := range slices.Sorted(maps.Keys(d.by)) {
		for _, one := range d.by[id] {
			if !d.met[id] {
				all = append(all, source.Finding{
					Source: d.source, Identity: id, Code: source.CodeConflict, Field: "id",
					Message: fmt.Sprintf("a %s by %s is about %q, whom the source does not list", one.Kind, one.Actor, id),
				})
			}
		}
	}
	return all
}
