package source

import (
	"cmp"
	"fmt"
	"slices"
)

// mostFindings is how many findings of one code and field a snapshot keeps. A
// mistake in a mapping touches everybody; nobody reads a million findings, and
// they would need more memory than the people.
const mostFindings = 1000

// findings gathers what was noticed about a whole source.
type findings struct {
	list  []Finding
	count map[[2]string]int // by code and field
}

func newFindings() *findings { return &findings{count: map[[2]string]int{}} }

func (f *findings) add(found ...Finding) {
	for _, finding := range found {
		kind := [2]string{finding.Code, finding.Field}
		f.count[kind]++
		if f.count[kind] <= mostFindings {
			f.list = append(f.list, finding)
		}
	}
}

// sorted returns the findings in their order, those about nobody in particular
// first.
func (f *findings) sorted() []Finding {
	for kind, n := range f.count {
		if n > mostFindings {
			f.list = append(f.list, Finding{
				Source: f.list[0].Source, Code: kind[0], Field: kind[1],
				Message: fmt.Sprintf("%d more findings of this kind are not listed", n-mostFindings),
			})
		}
	}
	slices.SortStableFunc(f.list, compareFindings)
	return slices.Clip(f.list)
}

func compareFindings(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Identity, b.Identity),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Field, b.Field),
		cmp.Compare(a.Message, b.Message),
		cmp.Compare(a.Source, b.Source),
	)
}
