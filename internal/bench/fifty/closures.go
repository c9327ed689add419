package fifty

import (
	"slices"
	"strconv"
	"strings"

	"github.com/provision-go/provision/source"
)

// A Closure is a condition in Go. It has two values: it knows nothing of missing
// fields.
type Closure func(i *source.Identity) bool

func custom(i *source.Identity, key string) string {
	if list := i.Custom[key]; len(list) == 1 {
		return list[0]
	}
	return ""
}

func level(i *source.Identity) int {
	n, err := strconv.Atoi(custom(i, "level"))
	if err != nil {
		return 0
	}
	return n
}

func remote(i *source.Identity) bool { return custom(i, "remote") == "true" }

func in(i *source.Identity, name string) bool {
	return slices.ContainsFunc(i.Groups, func(g source.Group) bool { return g.Name == name })
}

func euro(i *source.Identity) bool {
	switch i.Location.Country {
	case "DE", "PT", "FR", "NL", "ES":
		return true
	}
	return false
}

func employed(i *source.Identity) bool {
	return i.Status == source.Active || i.Status == source.OnLeave
}

// Closures returns the conditions in the order of the file, as somebody who needs
// them for one company and one day would write them: what depends on the day alone
// is computed once, and what is cheap is asked first.
func Closures(day source.Date) []Closure {
	return slices.Concat(people(day), places(day), engineering(day), sales(day), offices(day))
}

func people(day source.Date) []Closure {
	quarter, old := day.AddDays(-90), source.Day(2018, 12, 31)
	return []Closure{
		func(i *source.Identity) bool { return employed(i) && i.EmploymentType != source.Contractor },
		func(i *source.Identity) bool {
			return i.Status == source.Active && (i.EmploymentType == source.Contractor || i.EmploymentType == source.Freelance) &&
				i.End().After(day)
		},
		func(i *source.Identity) bool { return i.EmploymentType == source.Intern && !i.End().Before(day) },
		func(i *source.Identity) bool { return i.Status == source.Active && i.Start().After(quarter) },
		func(i *source.Identity) bool { return i.Status != source.Suspended && !i.Start().After(old) },
		func(i *source.Identity) bool { return i.Status == source.Active && remote(i) },
		func(i *source.Identity) bool { return i.Status == source.Active && level(i) >= 5 },
		func(i *source.Identity) bool { return i.EmploymentType == source.FullTime && level(i) >= 7 },
		func(i *source.Identity) bool {
			return i.Status == source.Active && strings.Contains(i.JobTitle, "Manager")
		},
		func(i *source.Identity) bool { return i.Status == source.Active && in(i, "oncall") && level(i) > 2 },
	}
}

func places(day source.Date) []Closure {
	half := day.AddDays(-180)
	site := func(prefix string) Closure {
		return func(i *source.Identity) bool {
			return i.Status == source.Active && strings.HasPrefix(custom(i, "site"), prefix)
		}
	}
	return []Closure{
		site("BER-"), site("LON-"), site("NYC-"), site("OPO-"),
		func(i *source.Identity) bool { return in(i, "safety") && strings.HasSuffix(custom(i, "site"), "-LAB") },
		func(i *source.Identity) bool { return employed(i) && euro(i) },
		func(i *source.Identity) bool { return i.Location.Country == "GB" && employed(i) },
		func(i *source.Identity) bool { return i.Location.Country == "US" && employed(i) },
		func(i *source.Identity) bool {
			return i.Location.Country == "DE" && (i.EmploymentType == source.FullTime || i.EmploymentType == source.PartTime) &&
				!i.Start().After(half)
		},
		func(i *source.Identity) bool {
			switch i.Location.Country {
			case "DE", "GB", "US":
				return remote(i)
			}
			return true
		},
	}
}

func engineering(day source.Date) []Closure {
	month := day.AddDays(-30)
	return []Closure{
		func(i *source.Identity) bool {
			switch i.Department.Name {
			case "Engineering", "Platform", "Security":
				return i.Status == source.Active
			}
			return false
		},
		func(i *source.Identity) bool {
			if i.Status != source.Active || i.Department.Name != "Engineering" && i.Department.Name != "Platform" {
				return false
			}
			switch i.EmploymentType {
			case source.FullTime, source.PartTime, source.Intern:
				return true
			default:
				return i.End().After(day)
			}
		},
		func(i *source.Identity) bool {
			return i.Status == source.Active && i.Department.Name == "Engineering" && level(i) >= 3
		},
		func(i *source.Identity) bool {
			return i.Status == source.Active && i.Department.Name == "Platform" && level(i) >= 3 && !i.Start().After(month)
		},
		func(i *source.Identity) bool {
			return i.Status == source.Active && i.Department.Name == "Platform" &&
				i.EmploymentType != source.Contractor && i.EmploymentType != source.Intern && in(i, "oncall")
		},
		func(i *source.Identity) bool {
			return i.Status == source.Active && (i.Department.Name == "Data" || strings.Contains(i.JobTitle, "Analyst"))
		},
		func(i *source.Identity) bool {
			return i.Department.Name == "Security" && i.EmploymentType == source.FullTime && level(i) >= 4
		},
		func(i *source.Identity) bool {
			return (i.Department.Name == "Security" || i.Department.Name == "Platform") && i.Status == source.Active && in(i, "vault")
		},
		func(i *source.Identity) bool {
			return i.Status == source.Active && i.Department.Name == "Engineering" && strings.HasPrefix(i.JobTitle, "Test")
		},
		func(i *source.Identity) bool {
			return i.Status == source.Active && (i.Department.Name == "Design" || in(i, "design"))
		},
	}
}

func sales(day source.Date) []Closure {
	year := day.AddDays(-365)
	return []Closure{
		func(i *source.Identity) bool {
			switch i.Department.Name {
			case "Sales", "Support", "Marketing":
				return i.Status == source.Active
			}
			return false
		},
		func(i *source.Identity) bool {
			return i.Department.Name == "Sales" && i.Status == source.Active && level(i) >= 2
		},
		func(i *source.Identity) bool {
			return i.Department.Name == "Sales" && i.EmploymentType == source.FullTime && level(i) >= 5 && !i.Start().After(year)
		},
		func(i *source.Identity) bool { return i.Department.Name == "Sales" && euro(i) },
		func(i *source.Identity) bool {
			return i.Department.Name == "Sales" && i.Location.Country == "US" && i.Status == source.Active
		},
		func(i *source.Identity) bool { return i.Department.Name == "Support" && i.Status == source.Active },
		func(i *source.Identity) bool {
			return i.Department.Name == "Support" && (level(i) >= 4 || strings.HasPrefix(i.JobTitle, "Lead"))
		},
		func(i *source.Identity) bool {
			return i.Department.Name == "Support" && i.Location.Country != "DE" && in(i, "night")
		},
		func(i *source.Identity) bool {
			return i.Department.Name == "Marketing" && i.Status == source.Active && level(i) >= 2
		},
		func(i *source.Identity) bool {
			return i.Department.Name == "Marketing" && i.JobTitle == "Press Officer"
		},
	}
}

func offices(day source.Date) []Closure {
	closed, fortnight, soon := source.Day(2025, 12, 31), day.AddDays(14), day.AddDays(30)
	return []Closure{
		func(i *source.Identity) bool {
			return i.Status == source.Active && i.Department.Name == "Finance" && level(i) < 5
		},
		func(i *source.Identity) bool {
			return i.Status == source.Active && i.Department.Name == "Finance" && i.EmploymentType == source.FullTime && level(i) >= 5
		},
		func(i *source.Identity) bool {
			return i.Department.Name == "Finance" && i.CostCenter.Name == "CC-1100" && !i.Start().After(closed)
		},
		func(i *source.Identity) bool {
			switch i.CostCenter.Name {
			case "CC-1100", "CC-1200", "CC-1300":
				return level(i) >= 3
			}
			return false
		},
		func(i *source.Identity) bool { return strings.HasSuffix(i.JobTitle, "Controller") || level(i) >= 6 },
		func(i *source.Identity) bool {
			return i.Department.Name == "People" && i.EmploymentType == source.FullTime && i.Status == source.Active
		},
		func(i *source.Identity) bool {
			return i.Department.Name == "People" && in(i, "payroll") && level(i) >= 4
		},
		func(i *source.Identity) bool {
			return i.Department.Name == "People" || i.Location.Country == "DE" && level(i) >= 6
		},
		func(i *source.Identity) bool {
			if i.Department.Name != "Legal" {
				return false
			}
			return i.EmploymentType == source.FullTime || i.EmploymentType == source.PartTime || i.End().After(fortnight)
		},
		func(i *source.Identity) bool {
			return (i.EmploymentType == source.Contractor || i.EmploymentType == source.Intern) && !i.End().After(soon)
		},
	}
}
