package adp

import (
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
)

// Product is one of ADP's, with words of its own for the status of workers. They all
// answer at the same address.
type Product uint8

// The products. Their words were counted in samples that ADP publishes; see the package
// documentation.
const (
	// AnyProduct understands the words of all products that mean the same in all of them.
	// Single letters are not among them, except A.
	AnyProduct Product = iota
	// WorkforceNow is ADP Workforce Now in the United States.
	WorkforceNow
	// Workforce is ADP Workforce in the Netherlands.
	Workforce
	// IHCM is ADP iHCM.
	IHCM
	// Decidium is ADP Decidium.
	Decidium
	// Link is ADP Link.
	Link
	// ExpertBR is ADP Expert in Brazil.
	ExpertBR
	// ExpertLAHC is ADP Expert in other countries of Latin America.
	ExpertLAHC
	// PayrollADP is payroll@adp. Its statuses are numbers (2, 3, 4, 7 and 9 occur) of
	// which no documentation says what they mean: map them in Config.Status.
	PayrollADP
)

// A language is what the words of a product mean. They are written folded.
type language struct {
	words map[source.Status]string
	// inactive means that "inactive" says of somebody without any date that they have
	// left, because the product has no other word for it. Without it, dates decide.
	inactive bool
	// leaves means that a leave is stated by assignments and not by workerStatus, and that
	// every assignment has a status.
	leaves bool
}

// vocabularies are the words by product. Those that a status has in plain language,
// such as "retired", are in all of them, see [newMeanings].
func vocabularies() map[Product]language {
	return map[Product]language{
		AnyProduct: {words: map[source.Status]string{
			source.Active:     "active current rehire a activo",
			source.OnLeave:    "leave onleave",
			source.PreHire:    "hiring futstart pending",
			source.Terminated: "terminated leaver",
		}},
		WorkforceNow: {leaves: true, words: map[source.Status]string{
			source.Active: "active a", source.OnLeave: "leave onleave l", source.Terminated: "terminated t",
		}},
		Workforce: {inactive: true, words: map[source.Status]string{source.Active: "active", source.PreHire: "hiring"}},
		IHCM: {words: map[source.Status]string{
			source.Active: "current rehire", source.PreHire: "futstart", source.Terminated: "leaver",
		}},
		Decidium:   {inactive: true, words: map[source.Status]string{source.Active: "active", source.PreHire: "pending"}},
		Link:       {inactive: true, words: map[source.Status]string{source.Active: "active"}},
		ExpertBR:   {words: map[source.Status]string{source.Active: "active", source.OnLeave: "onleave"}},
		ExpertLAHC: {words: map[source.Status]string{source.Active: "a activo"}},
		PayrollADP: {},
	}
}

// plain are words that mean the same in any product that has them.
func plain() map[source.Status]string {
	return map[source.Status]string{source.Retired: "retired", source.Deceased: "deceased"}
}

// wordInactive is said of people who left, and in some products of others as well.
const wordInactive = "inactive"

// usualUnits are the types of organisational units, folded, and which field one fills.
// Types such as "0" and "1" are numbers that mean something else in each product; their
// short names are words from this list.
func usualUnits() map[string]string {
	return map[string]string{
		"company": "legal_entity", "companyse": "legal_entity", "legalentity": "legal_entity",
		"department": "department", "departmentse": "department", "homedepartment": "department",
		"division": "division", "divisionse": "division",
		"team":         "team",
		"businessunit": "business_unit",
		"costnumber":   "cost_center", "costcenter": "cost_center", "costcentre": "cost_center", "homecostnumber": "cost_center",
	}
}

// usualMailKinds says of kinds of addresses, folded, whether they are for work.
func usualMailKinds() map[string]bool {
	return map[string]bool{
		"workemail": true, "work": true, "business": true, "travail": true,
		"personalemail": false, "personal": false, "home": false, "personnel": false,
	}
}

// usualTypes are the words for terms of employment beyond the common ones, folded.
func usualTypes() map[string]source.EmploymentType {
	return vocabulary.Of(map[source.EmploymentType]string{source.FullTime: "f ft", source.PartTime: "p pt"})
}

// saysNothing are words for terms of employment that are no terms of ours: whether
// somebody works all day is elsewhere.
func saysNothing() []string { return []string{"permanent", "regular", "employee", "active"} }
