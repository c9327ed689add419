package workday

import (
	"slices"
	"strings"
)

// denied returns what a place in a worker, a column of a report or a type of
// organisation holds that provisioning does not need and that is therefore never
// read, "" for any other. Names are compared without regard to case and punctuation.
//
// The names are those of elements of Get_Workers; columns of reports are called like
// them or like the fields that they show, but an author may call anything by any name.
func denied(path string) string {
	for _, d := range denials() {
		if slices.ContainsFunc(strings.Split(path, "/"), func(name string) bool { return d.concerns(fold(name)) }) {
			return d.what
		}
	}
	// A place of work has an address and a telephone too.
	private := fold(path)
	for _, part := range []string{"contactdataaddressdata", "contactdataphonedata", "contactdatainstantmessenger"} {
		if strings.Contains(private, part) {
			return "a home address or a private telephone number"
		}
	}
	return ""
}

type denial struct {
	what  string
	whole []string // names that are as short as parts of others
	parts []string // of names
}

func (d *denial) concerns(name string) bool {
	return slices.Contains(d.whole, name) ||
		slices.ContainsFunc(d.parts, func(part string) bool { return strings.Contains(name, part) })
}

func denials() []denial {
	words := strings.Fields
	return []denial{
		{
			"a national or tax number, or papers",
			words("ssn sin nin itin tin visa"),
			words("nationalid governmentid socialsecurity socialinsurance nationalinsurance passport visaid visanumber driverslicen licenseid " +
				"identificationdata taxid taxauthority"),
		},
		{
			"a birth date, an age or a place of birth",
			words("age dob deathdate"),
			words("birth"),
		},
		{
			"pay or benefits",
			words("pay rate amount exempt"),
			words("compensation salary wage bonus commission payrate payroll basepay benefit iban bankaccount stockgrant"),
		},
		{
			"a home address or a private telephone number",
			words("streetaddress postalcode zip zipcode"),
			words("homeaddress addressline homephone personalphone primaryhomeaddress homepostal homecity homestate"),
		},
		{
			"health or the reason of a leave",
			nil,
			words("disabil health medical tobacco bloodtype leavetype leavereason leaveofabsencetype"),
		},
		{
			"origin, sex, belief or family",
			words("sex race"),
			words("ethnic gender marital citizenship nationality veteran military religio pronoun relatedperson dependent emergencycontact " +
				"sexualorientation hukou politicalaffiliation"),
		},
		{
			"a picture",
			nil,
			words("photo"),
		},
		{
			"the reason of a dismissal or a judgement",
			words("voluntary"),
			words("terminationreason terminationcategory secondarytermination terminationinvoluntary involuntary regrettable eligibleforhire " +
				"eligibleforrehire backgroundcheck employeereview feedback talentassessment successionprofile"),
		},
	}
}
