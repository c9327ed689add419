package source

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
)

// Collect reads a source to its end. The snapshot is sorted by ID, unique and
// cleaned:
//
//   - An ID must be 1 to 256 bytes of valid UTF-8 without control or invisible
//     characters and without surrounding white space. An identity with any other
//     ID is lost: it leaves a [CodeNoID] finding and no absence is proved.
//   - An ID that comes again with the same content counts once, with a
//     [CodeDuplicate] finding. One that comes with different content is
//     contested: present, but withheld.
//   - Surrounding white space of a value is dropped. A value becomes missing, with
//     a [CodeBadValue] finding, if it is longer than 1024 bytes, is not valid
//     UTF-8, or contains control characters, invisible characters or characters
//     that change the direction of text; so does a country that is no alpha-2
//     code, a time zone that is no IANA name and an e-mail address without
//     an @. One such value makes a whole list missing.
//   - A date outside the years 1900 to 2200 becomes missing, with a [CodeBadDates]
//     finding; dates that contradict each other leave a finding.
//   - A date that stands for none becomes missing without a finding. For an end
//     of employment that is an open end: any day from the year 2999 on, such as
//     9999-12-31, the first and the last day of a year after 2200, and
//     2262-04-11. For every date of employment it is a value that was never
//     set: 0001-01-01, 1753-01-01, 1899-12-30, 1899-12-31 and 1900-01-01. A first
//     day after 2200 is not understood and leaves a finding: as a missing one it
//     would begin access at once.
//   - Location.Zone is loaded from Location.TimeZone.
//   - A manager who is given without an ID is looked up by employee number, then by
//     work e-mail address. If several people match, a [CodeConflict] finding says
//     so and the ID stays missing.
//
// An error of the source, or an end of ctx before the end of the source, gives
// an error that starts with "read <name>" and the zero Snapshot: there is no
// such thing as half a snapshot. What the source yields is never changed;
// memory it shares is copied where needed.
//
// Findings about a person are in the snapshot and stay on the identity as well:
// rules decide nothing about somebody whose date of employment was stated and
// not understood. [Clean] does the same to a single identity.
func Collect(ctx context.Context, s Source) (Snapshot, error) {
	if s == nil {
		return Snapshot{}, errors.New("read: no source")
	}
	name := s.Name()
	if name == "" {
		return Snapshot{}, errors.New("read: the source has no name")
	}
	c := collection{tidier: newTidier(name), sorted: true, findings: newFindings()}
	for identity, err := range s.Identities(ctx) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return Snapshot{}, fmt.Errorf("read %s: %w", name, err)
		}
		c.add(identity)
	}
	// A source that ends quietly when its context ends has not been read.
	if err := ctx.Err(); err != nil {
		return Snapshot{}, fmt.Errorf("read %s: %w", name, err)
	}
	return c.snapshot(name), nil
}

// A collection gathers identities. They lie in slabs, so that a growing
// population is not copied, and only pointers are sorted.
type collection struct {
	*tidier
	slab     []Identity
	people   []*Identity
	sorted   bool
	lost     int
	findings *findings
}

// Slabs grow, so that a few people cost little.
const (
	firstSlab = 8
	slabSize  = 256
)

func (c *collection) add(identity Identity) {
	if fault := checkID(identity.ID); fault != "" {
		c.lose(identity, fault)
		return
	}
	if len(c.slab) == cap(c.slab) {
		c.slab = make([]Identity, 0, min(max(2*cap(c.slab), firstSlab), slabSize))
	}
	c.slab = append(c.slab, identity)
	i := &c.slab[len(c.slab)-1]
	c.tidy(i)
	if n := len(c.people); n > 0 && i.ID <= c.people[n-1].ID {
		c.sorted = false
	}
	c.people = append(c.people, i)
}

// lose counts a row that belongs to nobody. Its findings must not seem to
// belong to a person.
func (c *collection) lose(identity Identity, fault string) {
	c.lost++
	found := c.signed("", identity.Findings)
	for n := range found {
		found[n].Identity = ""
	}
	if !noticed(found, CodeNoID) {
		message := "a row has no usable ID: " + fault
		if identity.ID != "" {
			message = fmt.Sprintf("the ID %q cannot be used: %s", excerpt.Of(identity.ID), fault)
		}
		line := 0
		if len(found) > 0 {
			line = found[0].Line
		}
		found = append(found, Finding{Source: c.source, Field: "id", Code: CodeNoID, Message: message, Line: line})
	}
	c.findings.add(found...)
}

func (c *collection) snapshot(name string) Snapshot {
	if !c.sorted {
		// Stable, so that findings do not depend on luck.
		slices.SortStableFunc(c.people, func(a, b *Identity) int { return strings.Compare(a.ID, b.ID) })
	}
	s := Snapshot{source: name, lost: c.lost, complete: true, identities: c.people[:0]}
	for n := 0; n < len(c.people); {
		first, end := c.people[n], n+1
		for end < len(c.people) && c.people[end].ID == first.ID {
			end++
		}
		if c.unique(c.people[n:end]) {
			s.identities = append(s.identities, first)
		} else {
			s.contested = append(s.contested, first.ID)
		}
		n = end
	}
	clear(c.people[len(s.identities):])
	c.managers(s.identities)
	for _, i := range s.identities {
		c.findings.add(i.Findings...)
	}
	s.findings = c.findings.sorted()
	return s
}

// unique reports whether rows with one ID say the same. If there are several it
// leaves a finding, and merges what the connector noticed about each of them.
func (c *collection) unique(rows []*Identity) bool {
	if len(rows) == 1 {
		return true
	}
	first, same := rows[0], true
	for _, row := range rows[1:] {
		same = same && equal(first, row)
	}
	message := fmt.Sprintf("the ID comes %d times with the same content; it counts once", len(rows))
	if !same {
		message = fmt.Sprintf("the ID comes %d times with different content; nothing is decided for this person", len(rows))
	}
	duplicate := Finding{Source: c.source, Identity: first.ID, Field: "id", Code: CodeDuplicate, Message: message}
	all := []Finding{duplicate}
	for _, row := range rows {
		all = append(all, row.Findings...)
	}
	// Sorted, so that it does not matter which of the rows came first.
	slices.SortFunc(all, compareFindings)
	all = slices.Compact(all)
	if same {
		first.Findings = all
		return true
	}
	c.findings.add(all...)
	return false
}

// equal compares the content. Findings are left out: they hold line numbers.
// Duplicates are rare, so reflection is no burden.
func equal(a, b *Identity) bool {
	x, y := *a, *b
	x.Findings, y.Findings = nil, nil
	return reflect.DeepEqual(x, y)
}
