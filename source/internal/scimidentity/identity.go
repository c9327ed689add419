// Package scimidentity says what of a SCIM user is read as what of an identity (RFC
// 7643, sections 4.1 and 4.3): for sources that serve SCIM and for those that ask for
// it. Addresses at home, photos and the like are not read: provisioning does not need
// them.
package scimidentity

import (
	"strings"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/source"
)

// Of returns what a user with canonical values says about an identity: all but its ID,
// status, groups, dates and custom fields. Manager.ID is the SCIM id of the manager.
func Of(o scim.Object) source.Identity {
	return source.Identity{
		Kind: source.KindDirectoryUser,
		Name: source.Name{
			Formatted: Text(o, "name", "formatted"), Given: Text(o, "name", "givenName"), Middle: Text(o, "name", "middleName"),
			Family: Text(o, "name", "familyName"), Prefix: Text(o, "name", "honorificPrefix"), Suffix: Text(o, "name", "honorificSuffix"),
			Preferred: Text(o, "nickName"),
		},
		DisplayName: Text(o, "displayName"), Username: Text(o, "userName"),
		WorkEmail: email(o, "work"), PersonalEmail: email(o, "home"),
		JobTitle: Text(o, "title"), EmploymentTypeRaw: Text(o, "userType"),
		EmployeeNumber: Text(o, scim.EnterpriseURN, "employeeNumber"),
		Department:     source.Named(Text(o, scim.EnterpriseURN, "department")),
		Division:       source.Named(Text(o, scim.EnterpriseURN, "division")),
		CostCenter:     source.Named(Text(o, scim.EnterpriseURN, "costCenter")),
		LegalEntity:    source.Named(Text(o, scim.EnterpriseURN, "organization")),
		Location:       location(o),
		Manager:        source.Manager{ID: Text(o, scim.EnterpriseURN, "manager", "value"), Name: Text(o, scim.EnterpriseURN, "manager", "displayName")},
	}
}

// email returns the address of a kind; for work, failing that, the primary one and the
// first of no kind, since many send but one.
func email(o scim.Object, kind string) string {
	list, _ := o["emails"].([]any)
	var primary, untyped string
	for _, element := range list {
		e, _ := element.(scim.Object)
		value, of := Text(e, "value"), Text(e, "type")
		if strings.EqualFold(of, kind) {
			return value
		}
		if first, _ := e["primary"].(bool); first && primary == "" && !strings.EqualFold(of, "home") {
			primary = value
		}
		if of == "" && untyped == "" {
			untyped = value
		}
	}
	if kind != "work" {
		return ""
	}
	if primary != "" {
		return primary
	}
	return untyped
}

// location returns where somebody works.
func location(o scim.Object) source.Location {
	where := source.Location{TimeZone: Text(o, "timezone")}
	list, _ := o["addresses"].([]any)
	for _, element := range list {
		if a, _ := element.(scim.Object); strings.EqualFold(Text(a, "type"), "work") {
			where.City, where.Region, where.Country = Text(a, "locality"), Text(a, "region"), strings.ToUpper(Text(a, "country"))
			break
		}
	}
	return where
}

// Text returns the string that a path of names leads to, or "".
func Text(o scim.Object, path ...string) string {
	for _, name := range path[:len(path)-1] {
		o, _ = o[name].(scim.Object)
	}
	text, _ := o[path[len(path)-1]].(string)
	return text
}
