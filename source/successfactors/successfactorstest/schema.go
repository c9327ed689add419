package successfactorstest

import "strings"

// A kind is an entity type: its properties, and its navigations with the kinds behind
// them. A navigation to many is marked by an asterisk.
type kind struct {
	name       string
	properties []string
	navs       map[string]string
}

// schema has what the metadata of a company has, and some of what nobody may ask for.
func schema() map[string]kind {
	all := map[string]kind{}
	add := func(name, properties string, navs ...string) {
		k := kind{name: name, properties: strings.Fields(properties), navs: map[string]string{}}
		for n := 0; n < len(navs); n += 2 {
			k.navs[navs[n]] = navs[n+1]
		}
		all[name] = k
	}
	add("PerPerson", "personIdExternal personId perPersonUuid lastModifiedDateTime lastModifiedOn dateOfBirth",
		"personalInfoNav", "*PerPersonal", "emailNav", "*PerEmail", "employmentNav", "*EmpEmployment")
	add("PerPersonal", "firstName middleName lastName preferredName displayName startDate endDate lastModifiedDateTime gender maritalStatus")
	add("PerEmail", "emailAddress isPrimary emailType lastModifiedDateTime", "emailTypeNav", "PicklistOption")
	add("EmpEmployment", "userId personIdExternal startDate endDate originalStartDate isContingentWorker assignmentClass lastModifiedDateTime",
		"userNav", "User", "jobInfoNav", "*EmpJob")
	add("User", "userId username status email lastModifiedDateTime")
	add("EmpJob", `userId startDate endDate seqNumber jobTitle department division businessUnit company costCenter location managerId
		emplStatus employeeClass timezone lastModifiedDateTime payGrade customString1 customString2 customDate1`,
		"departmentNav", "FODepartment", "divisionNav", "FODivision", "businessUnitNav", "FOBusinessUnit", "companyNav", "FOCompany",
		"costCenterNav", "FOCostCenter", "locationNav", "FOLocation", "emplStatusNav", "PicklistOption", "employeeClassNav", "PicklistOption")
	for _, name := range []string{"FODepartment", "FODivision", "FOBusinessUnit", "FOCompany", "FOCostCenter"} {
		add(name, "externalCode name name_localized")
	}
	add("FOLocation", "externalCode name timezone", "addressNavDEFLT", "FOCorporateAddressDEFLT")
	add("FOCorporateAddressDEFLT", "city country")
	add("PicklistOption", "id externalCode")
	return all
}
