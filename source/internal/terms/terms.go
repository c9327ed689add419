// Package terms has the words that systems of record commonly use.
package terms

import (
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
)

// Employment returns the usual English words for terms of employment, folded as
// vocabulary.Fold does it. What a company adds goes over them with vocabulary.With.
func Employment() map[string]source.EmploymentType {
	return vocabulary.Of(map[source.EmploymentType]string{
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
