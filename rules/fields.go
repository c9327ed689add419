package rules

import "github.com/provision-go/provision/source"

// A TextField names a field that holds a text. Comparisons are exact: case and
// white space count. A comparison with a missing field is undecided.
//
// A TextField is also a [Value]. The names are those of source.Fields; Build
// refuses unknown ones.
type TextField string

// The text fields of an identity.
const (
	ID             TextField = "id"
	EmployeeNumber TextField = "employee_number"

	FormattedName TextField = "formatted_name"
	GivenName     TextField = "given_name"
	MiddleName    TextField = "middle_name"
	FamilyName    TextField = "family_name"
	NamePrefix    TextField = "name_prefix"
	NameSuffix    TextField = "name_suffix"
	PreferredName TextField = "preferred_name" // the given name the person goes by
	DisplayName   TextField = "display_name"
	Username      TextField = "username" // the login name that the source keeps
	WorkEmail     TextField = "work_email"
	PersonalEmail TextField = "personal_email"

	JobTitle         TextField = "job_title"
	Department       TextField = "department" // the name
	DepartmentID     TextField = "department_id"
	DepartmentCode   TextField = "department_code"
	Team             TextField = "team"
	TeamID           TextField = "team_id"
	TeamCode         TextField = "team_code"
	Division         TextField = "division"
	DivisionID       TextField = "division_id"
	DivisionCode     TextField = "division_code"
	BusinessUnit     TextField = "business_unit"
	BusinessUnitID   TextField = "business_unit_id"
	BusinessUnitCode TextField = "business_unit_code"
	LegalEntity      TextField = "legal_entity"
	LegalEntityID    TextField = "legal_entity_id"
	LegalEntityCode  TextField = "legal_entity_code"
	CostCenter       TextField = "cost_center"
	CostCenterID     TextField = "cost_center_id"
	CostCenterCode   TextField = "cost_center_code"

	Location     TextField = "location"
	LocationID   TextField = "location_id"
	LocationCode TextField = "location_code"
	City         TextField = "city"
	Region       TextField = "region"
	Country      TextField = "country" // ISO 3166-1 alpha-2, upper case
	TimeZone     TextField = "time_zone"

	// Manager is the key of the manager's normal account: the manager's identity
	// ID in the form of target.Key. As the value of a reference attribute it
	// points at that account.
	Manager               TextField = "manager"
	ManagerEmployeeNumber TextField = "manager_employee_number"
	ManagerEmail          TextField = "manager_email"
	ManagerName           TextField = "manager_name"
)

// Custom names a custom field that holds one text. It must be declared in
// Spec.Fields.
func Custom(name string) TextField { return TextField(customPrefix + name) }

const customPrefix = "custom."

// Is is yes if the field holds exactly this text.
func (f TextField) Is(text string) Cond { return compare(opEq, f.value(), text) }

// IsFold is yes if the field holds this text, ASCII letters compared without
// regard to case.
func (f TextField) IsFold(text string) Cond { return compare(opEqualFold, f.value(), text) }

// IsNot is the negation of Is: undecided, not yes, if the field is missing.
func (f TextField) IsNot(text string) Cond { return Not(f.Is(text)) }

// In is yes if the field holds one of the texts exactly.
func (f TextField) In(texts ...string) Cond { return compare(opIn, f.value(), texts...) }

// NotIn is the negation of In: undecided, not yes, if the field is missing.
func (f TextField) NotIn(texts ...string) Cond { return Not(f.In(texts...)) }

// StartsWith is yes if the field begins with the text.
func (f TextField) StartsWith(text string) Cond { return compare(opStartsWith, f.value(), text) }

// EndsWith is yes if the field ends with the text.
func (f TextField) EndsWith(text string) Cond { return compare(opEndsWith, f.value(), text) }

// Contains is yes if the text occurs in the field.
func (f TextField) Contains(text string) Cond { return compare(opContains, f.value(), text) }

// Missing is yes if the source left the field empty. It is never undecided.
func (f TextField) Missing() Cond { return missing(f.value()) }

func (f TextField) value() *node { return fieldNode(string(f), source.FieldText) }

// A ListField names a field that holds several texts. A nil list is missing;
// a list that is empty without being nil is known to be empty. It is also a
// [Value], for attributes that hold several values.
type ListField string

// The list fields of an identity.
const (
	Groups       ListField = "groups" // names of groups, the ID of one without a name
	GroupIDs     ListField = "group_ids"
	AlternateIDs ListField = "alternate_ids" // each as "type=value"
)

// CustomList names a custom field that holds several texts. It must be declared
// in Spec.Fields.
func CustomList(name string) ListField { return ListField(customPrefix + name) }

// Has is yes if the list holds exactly this text.
func (f ListField) Has(text string) Cond { return compare(opHas, f.value(), text) }

// Missing is yes if the source left the list out. It is never undecided.
func (f ListField) Missing() Cond { return missing(f.value()) }

func (f ListField) value() *node { return fieldNode(string(f), source.FieldList) }

func fieldNode(name string, kind source.FieldType) *node {
	return &node{op: opField, field: name, kind: kind}
}
