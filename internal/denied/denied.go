// Package denied knows names of fields that hold what provisioning has no business
// with.
package denied

import (
	"slices"
	"strings"
)

// Field returns what a field holds that provisioning does not need and that is
// therefore never read, "" for any other field. Names are compared without regard to
// case and punctuation. Some are told from others by being all of the name: of a path
// such as person.ssn give each name apart.
//
// The names are those of BambooHR's lists of field names
// (https://documentation.bamboohr.com/docs/list-of-field-names and
// https://documentation.bamboohr.com/reference/list-employees). What a company keeps
// in a custom field cannot be seen from a name such as customField4047.
func Field(name string) string {
	folded := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, name)
	folded = strings.TrimPrefix(strings.TrimPrefix(folded, "employee"), "custom")
	for _, d := range denials() {
		if slices.Contains(d.whole, folded) {
			return d.what
		}
		for _, part := range d.parts {
			if strings.Contains(folded, part) {
				return d.what
			}
		}
	}
	return ""
}

// Address is what Field says of a home address: a work record may have a city.
const Address = "a home address or a private telephone number"

type denial struct {
	what  string
	whole []string // names that are as short as parts of others
	parts []string // of names
}

func denials() []denial {
	words := strings.Fields
	return []denial{
		{
			"a national or tax number",
			words("ssn sin nin ein itin tin visa"),
			words("nationalid socialsecurity socialinsurance nationalinsurance passport visanumber driverslicen taxtype taxid secondaryss"),
		},
		{
			"a birth date, an age or a place of birth",
			words("age"),
			words("birth"),
		},
		{
			"pay",
			words("exempt amount rate"),
			words("pay paidper compensation salary wage bonus commission overtime flsa iban bankaccount routingnumber creditcard equity stockoption"),
		},
		{
			Address,
			words("address city state stateid statecode zip country countryid"),
			words("address1 address2 addressline homeaddress streetaddress zipcode postalcode homephone"),
		},
		{
			"health",
			words("finaldoseadministrationdate"),
			words("vaccin allerg dietary disabilit health medical"),
		},
		{
			"origin, sex or family",
			words("sex race eeo dependents"),
			words("ethnic gender marital citizenship nationality veteran eeojob religio emergencycontact"),
		},
		{
			"a picture or a size of clothes",
			nil,
			words("photo shirtsize jacketsize"),
		},
		{
			"the reason for a dismissal or a remark",
			nil,
			words("terminationreason terminationtype terminationregret eligibleforrehire comment"),
		},
	}
}
