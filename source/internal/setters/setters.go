// Package setters gives identities their commonest values.
package setters

import "github.com/provision-go/provision/source"

// Text returns how a text gets into one of the commonest fields of [source.Fields]. It
// costs less than [source.FieldSpec.Set], which is for all others: for those that are no
// plain text, and for rare ones, it returns nil.
func Text(field string) func(*source.Identity, string) {
	switch field {
	case "employee_number":
		return func(i *source.Identity, s string) { i.EmployeeNumber = s }
	case "given_name":
		return func(i *source.Identity, s string) { i.Name.Given = s }
	case "middle_name":
		return func(i *source.Identity, s string) { i.Name.Middle = s }
	case "family_name":
		return func(i *source.Identity, s string) { i.Name.Family = s }
	case "preferred_name":
		return func(i *source.Identity, s string) { i.Name.Preferred = s }
	case "personal_email":
		return func(i *source.Identity, s string) { i.PersonalEmail = s }
	case "display_name":
		return func(i *source.Identity, s string) { i.DisplayName = s }
	case "work_email":
		return func(i *source.Identity, s string) { i.WorkEmail = s }
	case "job_title":
		return func(i *source.Identity, s string) { i.JobTitle = s }
	case "department":
		return func(i *source.Identity, s string) { i.Department.Name = s }
	case "department_id":
		return func(i *source.Identity, s string) { i.Department.ID = s }
	case "division":
		return func(i *source.Identity, s string) { i.Division.Name = s }
	case "division_id":
		return func(i *source.Identity, s string) { i.Division.ID = s }
	case "location":
		return func(i *source.Identity, s string) { i.Location.Name = s }
	case "location_id":
		return func(i *source.Identity, s string) { i.Location.ID = s }
	}
	return nil
}

// Ref returns the field of an identity that names a unit of its company, such as
// "department", nil if the field is none.
func Ref(i *source.Identity, field string) *source.Ref {
	switch field {
	case "department":
		return &i.Department
	case "team":
		return &i.Team
	case "division":
		return &i.Division
	case "business_unit":
		return &i.BusinessUnit
	case "legal_entity":
		return &i.LegalEntity
	case "cost_center":
		return &i.CostCenter
	}
	return nil
}
