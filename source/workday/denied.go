package workday

import (
	"slices"
	"strings"

	fields "github.com/provision-go/provision/internal/denied"
	"github.com/provision-go/provision/internal/vocabulary"
)

// denied returns what a place in a worker, a column of a report or a type of
// organisation holds that provisioning does not need and that is therefore never
// read, "" for any other. Names are compared without regard to case and punctuation.
//
// The names are those of elements of Get_Workers; columns of reports are called like
// them or like the fields that they show, but an author may call anything by any name.
func denied(path string) string {
	for name := range strings.SplitSeq(path, "/") {
		// A city may be that of a place of work.
		if what := fields.Field(name); what != "" && (what != fields.Address || len(name) > len("country")) {
			return what
		}
		for _, d := range denials() {
			if d.concerns(vocabulary.Fold(name)) {
				return d.what
			}
		}
	}
	// A place of work has an address and a telephone too.
	private := vocabulary.Fold(path)
	for _, part := range []string{"contactdataaddressdata", "contactdataphonedata", "contactdatainstantmessenger"} {
		if strings.Contains(private, part) {
			return "a home address or a private telephone number"
		}
	}
	return ""
}

type denial struct {
	what  string
	parts []string // of names
}

func (d *denial) concerns(name string) bool {
	return slices.ContainsFunc(d.parts, func(part string) bool { return strings.Contains(name, part) })
}

// denials are what Workday has beside what all systems have.
func denials() []denial {
	words := strings.Fields
	return []denial{
		{"a national or tax number, or papers", words("governmentid licenseid identificationdata visaid taxauthority")},
		{"a date of death", words("deathdate dateofdeath")},
		{"pay or benefits", words("benefit stockgrant")},
		{"a home address or a private telephone number", words("personalphone primaryhomeaddress homepostal homecity homestate")},
		{"health or the reason of a leave", words("tobacco bloodtype leavetype leavereason leaveofabsencetype")},
		{"origin, belief or family", words("relatedperson dependent military politicalaffiliation hukou sexualorientation")},
		{
			"the reason of a dismissal or a judgement",
			words("terminationcategory secondarytermination involuntary regrettable eligibleforhire backgroundcheck employeereview feedback " +
				"talentassessment successionprofile"),
		},
	}
}
