package fifty

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/provision-go/provision/source"
)

// People makes varied people, always the same ones. All of them work on [Today],
// one of ten is on leave, and nothing is missing that a condition depends on:
// one of five, whose employment has an end, has a last day within a year.
func People(size int) []source.Identity {
	draw := rand.New(rand.NewPCG(1, 50)) //nolint:gosec // the same people every time
	list := make([]source.Identity, size)
	for n := range list {
		list[n] = person(draw, n)
	}
	return list
}

func one[T any](draw *rand.Rand, list ...T) T { return list[draw.IntN(len(list))] }

func person(draw *rand.Rand, number int) source.Identity {
	i := source.Identity{
		ID: fmt.Sprintf("E%06d", number), Status: source.Active,
		EmploymentType: one(draw, source.FullTime, source.FullTime, source.FullTime, source.FullTime, source.FullTime, source.FullTime,
			source.PartTime, source.PartTime, source.Contractor, source.Intern),
		Department: source.Named(one(draw, "Engineering", "Engineering", "Platform", "Security", "Data", "Design", "Sales", "Sales",
			"Support", "Support", "Marketing", "Finance", "People", "Legal", "Operations", "Operations")),
		JobTitle: one(draw, "", "", "", "Senior ", "Lead ") + one(draw, "Software Engineer", "Test Engineer", "Account Manager",
			"Data Analyst", "Support Specialist", "Press Officer", "Financial Controller", "People Partner", "Product Manager", "Counsel"),
		Location:   source.Location{Country: one(draw, "DE", "DE", "GB", "US", "US", "PT", "FR", "NL", "IN", "PL")},
		CostCenter: source.Named(fmt.Sprintf("CC-1%d00", 1+draw.IntN(9))),
		WorkEmail:  fmt.Sprintf("person%d@northwind.example", number),
		HireDate:   Today().AddDays(-draw.IntN(3650)),
		Groups:     []source.Group{{ID: "g0", Name: "everybody"}},
		Custom: map[string][]string{
			"level":  {strconv.Itoa(1 + min(draw.IntN(8), draw.IntN(8)))},
			"site":   {one(draw, "BER-1", "BER-LAB", "LON-2", "NYC-5", "NYC-LAB", "OPO-1", "PAR-3", "AMS-1")},
			"remote": {strconv.FormatBool(draw.IntN(4) == 0)},
		},
	}
	if draw.IntN(10) == 0 {
		i.Status = source.OnLeave
	}
	switch i.EmploymentType {
	case source.Contractor, source.Intern:
		i.TerminationDate = Today().AddDays(draw.IntN(365))
	default:
	}
	for n, name := range []string{"oncall", "vault", "safety", "design", "night", "payroll"} {
		if draw.IntN(5) == 0 {
			i.Groups = append(i.Groups, source.Group{ID: "g" + strconv.Itoa(n+1), Name: name})
		}
	}
	return i
}
