package workday

import (
	"cmp"
	"iter"
	"slices"

	"github.com/provision-go/provision/source"
)

// joined makes one person of the workers with one ID. It reads everything before it
// yields anything.
func joined(people iter.Seq2[source.Identity, error]) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		var order []string
		workers := map[string][]source.Identity{}
		for i, err := range people {
			switch {
			case err != nil:
				yield(i, err)
				return
			case i.ID == "":
				if !yield(i, nil) {
					return
				}
				continue
			case workers[i.ID] == nil:
				order = append(order, i.ID)
			}
			workers[i.ID] = append(workers[i.ID], i)
		}
		for _, id := range order {
			if !yield(join(workers[id]), nil) {
				return
			}
		}
	}
}

// join makes one person of workers who are the same one: somebody who became an
// employee after having been a contingent worker. The worker who counts now says
// everything; the others become employments of the past or to come.
func join(workers []source.Identity) source.Identity {
	if len(workers) == 1 {
		return workers[0]
	}
	slices.SortStableFunc(workers, func(a, b source.Identity) int {
		return cmp.Or(cmp.Compare(rank(a.Status), rank(b.Status)), b.HireDate.Compare(a.HireDate),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(widOf(&a), widOf(&b)))
	})
	person := workers[0]
	person.Findings = slices.Clone(person.Findings)
	person.AlternateIDs = slices.Clone(person.AlternateIDs)
	person.Employments = slices.Clone(person.Employments)
	if len(person.Employments) == 0 {
		person.Employments = []source.Employment{asEmployment(&person, true)}
	}
	for n := range workers[1:] {
		other := &workers[1+n]
		person.AlternateIDs = append(person.AlternateIDs, other.AlternateIDs...)
		person.Employments = append(person.Employments, asEmployment(other, false))
	}
	slices.SortFunc(person.AlternateIDs, func(a, b source.AlternateID) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Value, b.Value))
	})
	person.AlternateIDs = slices.Compact(person.AlternateIDs)
	return person
}

// rank orders statuses by how much they count. Somebody of whom one worker has left
// and of whom nobody can tell what the other is has not left.
func rank(s source.Status) int {
	switch {
	case s == source.Active || s == source.OnLeave || s == source.Suspended:
		return 0
	case s == source.PreHire:
		return 1
	case !s.Ended():
		return 2
	}
	return 3
}

func asEmployment(i *source.Identity, primary bool) source.Employment {
	return source.Employment{
		ID: widOf(i), Primary: primary, Title: i.JobTitle, Type: i.EmploymentType, Status: i.Status,
		Start: i.HireDate, End: i.End(), Department: i.Department, Location: i.Location, Manager: i.Manager,
	}
}
