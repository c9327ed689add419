package scimtarget

// RFC is a service that does what RFC 7643 and RFC 7644 demand, and none of what they
// leave to it. It is the base of the other profiles: what is not known of a service is
// as here.
func RFC() Profile {
	return Profile{
		Name: "rfc",
		// Two attributes that the RFCs expect clients to search by (RFC 7643, section
		// 3.1 on externalId; RFC 7644, section 3.4.2.2).
		Filters:        []string{"userName", "externalId"},
		Disable:        true,
		CreateDisabled: true,
		Delete:         true,
		Groups:         GroupProfile{Supported: true, Create: true, MaxChanges: 100, FindByName: true, Exclude: true},
	}
}

// EntraStyle is a service that was made for Microsoft Entra as its client, and may know
// no other requests than Entra's.
//
// Source: Microsoft's "Develop and plan provisioning for a SCIM endpoint": searches by
// userName and externalId, groups by displayName and with excludedAttributes=members,
// members removed by a list of values.
func EntraStyle() Profile {
	p := RFC()
	p.Name = "entra-style"
	p.Groups.RemoveByValue = true
	return p
}

// AWSIdentityCenter is AWS IAM Identity Center.
//
// Source: AWS, "IAM Identity Center SCIM Implementation Developer Guide": ListUsers and
// ListGroups (filters, pages of 100 by cursor alone, no excludedAttributes, groups
// without members), PatchGroup (100 changes), "Limitations" (one e-mail address and
// telephone number). Members are read with a request for each group.
func AWSIdentityCenter() Profile {
	p := RFC()
	p.Name = "aws-identity-center"
	p.Paging, p.PageSize = ByCursor, 100
	p.Attributes = attributes(
		"userName", "displayName", "name.givenName", "name.familyName", "title", "userType", "preferredLanguage",
		"emails.work", "phoneNumbers.work",
		"employeeNumber", "costCenter", "organization", "division", "department", "manager",
	)
	p.Groups.Members, p.Groups.Exclude = ByFilter, false
	return p
}

// GitHubEnterprise is GitHub with Enterprise Managed Users, and GitHub Enterprise Server.
// Provision users before groups. GitHub advises to assign no more than 1,000 users an
// hour and to add no more than 1,000 to one group an hour; set the engine's rate, or
// Profile.Rate, for the first load. Delete suspends for good.
//
// Source: GitHub, "REST API endpoints for SCIM" (enterprise administration: filters by
// userName, externalId, id, displayName; excludedAttributes for groups) and
// "Provisioning users and groups with SCIM using the REST API".
func GitHubEnterprise() Profile {
	p := RFC()
	p.Name = "github-enterprise"
	p.Filters = []string{"userName", "externalId", "displayName"}
	p.Attributes = attributes("userName", "displayName", "name.givenName", "name.familyName", "emails.work", "roles")
	return p
}

// GitHubOrganization is the SCIM service of one GitHub organisation. Setting active to
// false removes the identity there, so it can neither disable nor enable; there are no
// groups.
//
// Source: GitHub, "REST API endpoints for SCIM" (organisations): filters by id, userName,
// emails and externalId, no paths with filters, active. The attributes are the
// "supported SCIM user attributes".
func GitHubOrganization() Profile {
	p := RFC()
	p.Name = "github-organization"
	p.WholeArrays = true
	p.Disable, p.CreateDisabled = false, false
	p.Attributes = attributes("userName", "name.givenName", "name.familyName", "emails.work")
	p.Groups = GroupProfile{}
	return p
}

// GitLab is the SCIM service of a GitLab instance. The id of a user is the externalId
// that it was created with. Names, addresses and the user name are written at the create
// only: give them to rules with Apply set to target.CreateOnly. DELETE blocks the user,
// as Disable does, and there are no groups.
//
// Source: GitLab, "Internal API", section "Instance SCIM API".
func GitLab() Profile {
	p := RFC()
	p.Name = "gitlab"
	p.Key, p.KeyFixed = NativeID, true
	p.Filters = nil // "id" alone is documented
	p.CreateDisabled, p.Delete = false, false
	p.Attributes = []Attribute{
		{Name: "userName"},
		{Name: "emails.work"},
		{Name: "name.formatted"},
		{Name: "name.givenName", WriteOnly: true},
		{Name: "name.familyName", WriteOnly: true},
	}
	p.Groups = GroupProfile{}
	return p
}

// Slack is Slack with SCIM 2.0. DELETE deactivates a user, as Disable does. The rate is
// that of the slowest endpoints that an account needs, 180 requests a minute with bursts
// of 20; all SCIM applications of an organisation share it.
//
// Source: Slack, "SCIM API reference" and "SCIM API rate limits".
func Slack() Profile {
	p := RFC()
	p.Name = "slack"
	p.Delete = false
	p.Rate, p.Burst = 3, 20
	return p
}

// Atlassian is the user provisioning of an Atlassian organisation. Groups cannot be
// renamed; their names are given at the create.
//
// Source: Atlassian, "User provisioning REST API" and "How to filter users in
// provisioning SCIM using REST API" (userName, externalId). Its limits are not known.
func Atlassian() Profile {
	p := RFC()
	p.Name = "atlassian"
	return p
}

// GoogleCloudIdentity is the SCIM service of Google Cloud Identity, v1beta1: lists have
// no pages, and there are no versions.
//
// Source: Google, "Cloud Identity SCIM API", section "Unsupported SCIM features".
func GoogleCloudIdentity() Profile {
	p := RFC()
	p.Name = "google-cloud-identity"
	p.Paging = Unpaged
	return p
}

// Databricks is the SCIM 2.1 service of Databricks accounts and workspaces.
//
// Source: Databricks, "SCIM API 2.1": a filter may have 200 nodes, and there are limits
// of rate that are not published.
func Databricks() Profile {
	p := RFC()
	p.Name = "databricks"
	return p
}

// Snowflake is the SCIM service of Snowflake, whose groups are roles. Users have no
// attributes with several values, so one address is all that there is.
//
// Source: Snowflake, "SCIM user API reference" and "Custom SCIM integration": 500
// requests at once for each account and endpoint.
func Snowflake() Profile {
	p := RFC()
	p.Name = "snowflake"
	p.Attributes = attributes("userName", "displayName", "name.givenName", "name.familyName", "emails.work")
	return p
}

// Miro is Miro. In 30 seconds it accepts 100 PATCHes of users, and five lists of groups or
// changes of a group that are longer than 500 bytes; MaxChanges keeps the latter short.
//
// Source: Miro, "SCIM introduction" and its limits of rate.
func Miro() Profile {
	p := RFC()
	p.Name = "miro"
	p.Rate, p.Burst = 100.0/30, 5
	p.Groups.MaxChanges = 5
	return p
}

// Keycloak is the SCIM service of Keycloak 26.8. It answers a filter by an attribute that
// nobody mapped with nothing, even by id, so accounts are searched by userName alone and
// else by listing. A page has 100 users at most, and walks by startIndex lose users while
// others are deleted.
//
// Source: Phase Two, "SCIM filtering in Keycloak"; Keycloak issue 50366.
func Keycloak() Profile {
	p := RFC()
	p.Name = "keycloak"
	p.Filters = []string{"userName"}
	p.PageSize, p.Careful = 100, true
	p.Groups.FindByName = false
	return p
}

// Okta is the inbound SCIM 2.0 service of an Okta organisation, below
// https://ORG/CONNECTION/scim/v2.
//
// Source: Okta, "Okta Inbound SCIM 2.0 API". What it deviates in is not known.
func Okta() Profile {
	p := RFC()
	p.Name = "okta"
	return p
}

// Profiles are all of them.
func Profiles() []Profile {
	return []Profile{
		RFC(), EntraStyle(), AWSIdentityCenter(), GitHubEnterprise(), GitHubOrganization(), GitLab(), Slack(), Atlassian(),
		GoogleCloudIdentity(), Databricks(), Snowflake(), Miro(), Keycloak(), Okta(),
	}
}
