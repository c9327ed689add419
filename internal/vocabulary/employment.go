package vocabulary

import (
	"strings"

	"github.com/provision-go/provision/source"
)

// Employment returns the usual words for terms of employment, folded.
func Employment() map[string]source.EmploymentType {
	return Of(map[source.EmploymentType]string{
		source.FullTime:       "fulltime regularfulltime fulltimeregular",
		source.PartTime:       "parttime regularparttime parttimeregular",
		source.Contractor:     "contractor contract contingent consultant 1099",
		source.Intern:         "intern internship trainee",
		source.Temporary:      "temporary temp fixedterm",
		source.Seasonal:       "seasonal",
		source.Freelance:      "freelance freelancer",
		source.Apprentice:     "apprentice apprenticeship",
		source.WorkingStudent: "workingstudent",
	})
}

// Fold makes words comparable: letters and digits only, in lower case.
func Fold(word string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r > 0x7f:
			return r
		}
		return -1
	}, word)
}
