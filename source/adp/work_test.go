package adp_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/adp"
)

func day(text string) source.Date {
	if text == "" {
		return source.Date{}
	}
	d, err := source.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// The days of employment, by what ADP sends about the worker (first, again, last) and
// about the assignment (hired, left). It is 2 March 2026.
func TestDates(t *testing.T) {
	tests := []struct {
		status, first, again, last, hired, left string
		hire, original, termination             string
		want                                    source.Status
		finding                                 string
	}{
		{"Active", "2015-01-05", "", "", "", "", "2015-01-05", "2015-01-05", "", source.Active, ""},
		{"Active", "2015-01-05", "", "", "2016-01-05", "", "2016-01-05", "2015-01-05", "", source.Active, ""},
		// Somebody who came back: the old last day remains, and belongs to the time before.
		{"Active", "2015-01-05", "2025-02-01", "2020-06-30", "", "", "2025-02-01", "2015-01-05", "2020-06-30", source.Active, ""},
		{"Active", "2015-01-05", "", "2020-06-30", "2025-02-01", "", "2025-02-01", "2015-01-05", "2020-06-30", source.Active, ""},
		// Nobody says that they came back.
		{"Active", "2015-01-05", "", "2020-06-30", "", "", "2015-01-05", "2015-01-05", "", source.Active, "termination_date"},
		{"Current", "2015-01-05", "", "2026-11-30", "", "", "2015-01-05", "2015-01-05", "2026-11-30", source.Active, ""},
		// The status is late by a day.
		{"Active", "2015-01-05", "", "2026-03-01", "", "", "2015-01-05", "2015-01-05", "2026-03-01", source.Active, ""},
		// Somebody who left and will come back.
		{"Terminated", "2015-01-05", "2026-05-01", "2025-12-31", "", "", "2026-05-01", "2015-01-05", "2025-12-31", source.PreHire, ""},
		{"Terminated", "2015-01-05", "2019-05-01", "2025-12-31", "", "", "2019-05-01", "2015-01-05", "2025-12-31", source.Terminated, ""},
		// The end of a position is no end of the employment.
		{"Rehire", "", "", "", "2021-01-02", "2023-02-23", "2021-01-02", "", "", source.Active, ""},
		{"Leaver", "", "", "", "2021-01-02", "2023-02-23", "2021-01-02", "", "2023-02-23", source.Terminated, ""},
		{"Leaver", "2015-01-05", "", "", "", "", "2015-01-05", "2015-01-05", "", source.Terminated, "termination_date"},
		// What stands for no day, and what cannot be read.
		{"Active", "2015-01-05", "0000-00-00", "", "", "", "2015-01-05", "2015-01-05", "", source.Active, ""},
		{"Active", "2015-01-05T00:00:00Z", "", "", "", "", "2015-01-05", "2015-01-05", "", source.Active, ""},
		{"Active", "05/01/2015", "", "", "", "", "", "", "", source.Active, "original_hire_date"},
		{"Active", "2015-01-05", "soon", "", "2016-01-05", "", "", "2015-01-05", "", source.Active, "hire_date"},
		{"Active", "2015-01-05", "", "31.12.2026", "", "", "2015-01-05", "2015-01-05", "", source.Active, "termination_date"},
		{"Active", "2015-01-05", "", "2026-12-31T17:00:00Z", "", "", "2015-01-05", "2015-01-05", "", source.Active, "termination_date"},
	}
	for _, tt := range tests {
		i := only(t, fmt.Sprintf(`{"associateOID":"G3ONLY","workerStatus":{"statusCode":{"codeValue":%q}},
			"workerDates":{"originalHireDate":%s,"rehireDate":%s,"terminationDate":%s},
			"workAssignments":[{"primaryIndicator":true,"hireDate":%s,"terminationDate":%s,"actualStartDate":"2027-01-01"}]}`,
			tt.status, text(tt.first), text(tt.again), text(tt.last), text(tt.hired), text(tt.left)), nil)
		assert.Equal(t, day(tt.hire), i.HireDate, tt)
		assert.Equal(t, day(tt.original), i.OriginalHireDate, tt)
		assert.Equal(t, day(tt.termination), i.TerminationDate, tt)
		assert.Equal(t, source.Date{}, i.StartDate, tt)
		assert.Equal(t, tt.want, i.Status, tt)
		if tt.finding == "" {
			assert.Empty(t, i.Findings, tt)
			continue
		}
		require.NotEmpty(t, i.Findings, tt)
		assert.Equal(t, tt.finding, i.Findings[0].Field, tt)
	}
}

// Of several assignments the one that counts goes on, is primary, and began last, in this
// order; all of them are employments.
func TestWhichAssignmentCounts(t *testing.T) {
	one := func(id string, primary bool, status, began, left string) string {
		return fmt.Sprintf(`{"itemID":%q,"primaryIndicator":%v,"assignmentStatus":{"statusCode":{"codeValue":%q}},
			"actualStartDate":%s,"terminationDate":%s,"jobTitle":"job %s"}`, id, primary, status, text(began), text(left), id)
	}
	tests := []struct {
		name, first, second string
		want                string
	}{
		{"the primary one", one("1", false, "Active", "2020-01-01", ""), one("2", true, "Active", "2019-01-01", ""), "2"},
		{"not one that ended", one("1", true, "Terminated", "2020-01-01", ""), one("2", false, "Active", "2019-01-01", ""), "2"},
		{"not one whose last day is past", one("1", true, "Active", "2020-01-01", "2023-02-23"), one("2", false, "Active", "2019-01-01", ""), "2"},
		{"one whose last day is to come", one("1", true, "Active", "2020-01-01", "2026-12-31"), one("2", false, "Active", "2025-01-01", ""), "1"},
		{"of two primary ones the later", one("1", true, "Active", "2020-01-01", ""), one("2", true, "Active", "2022-01-01", ""), "2"},
		{"of two that are alike the first", one("1", true, "Active", "2020-01-01", ""), one("2", true, "Active", "2020-01-01", ""), "1"},
		{"a day that cannot be read ends nothing", one("1", true, "Active", "2020-01-01", "?"), one("2", false, "Active", "2019-01-01", ""), "1"},
		{"of two that ended the later", one("1", true, "Active", "2020-01-01", "2023-05-07"), one("2", true, "Active", "2019-01-01", "2023-07-05"), "2"},
		{"none is primary", one("1", false, "Active", "2020-01-01", ""), one("2", false, "Active", "2019-01-01", ""), "1"},
	}
	for _, tt := range tests {
		i := only(t, jobs(worker("Active"), "["+tt.first+","+tt.second+"]"), nil)
		assert.Equal(t, "job "+tt.want, i.JobTitle, tt.name)
		require.Len(t, i.Employments, 2, tt.name)
		for n, e := range i.Employments {
			assert.Equal(t, fmt.Sprint(n+1), e.ID, tt.name)
			assert.Equal(t, e.ID == tt.want, e.Primary, tt.name)
			assert.Equal(t, "job "+e.ID, e.Title, tt.name)
		}
	}
	ended := only(t, jobs(worker("Active"), "["+one("1", true, "Terminated", "2020-01-01", "2023-02-23")+","+one("2", false, "Active", "2019-01-01", "")+"]"), nil)
	assert.Equal(t, source.Employment{
		ID: "1", Title: "job 1", Status: source.Terminated, Start: day("2020-01-01"), End: day("2023-02-23"),
	}, ended.Employments[0])
	assert.Empty(t, only(t, jobs(worker("Active"), "["+one("1", true, "Active", "", "")+"]"), nil).Employments, "one is no list")
}

func TestUnits(t *testing.T) {
	unit := func(kind, short, value, name string) string {
		return fmt.Sprintf(`{"typeCode":{"codeValue":%s,"shortName":%s},"nameCode":{"codeValue":%s,"shortName":%s}}`,
			text(kind), text(short), text(value), text(name))
	}
	units := jobs(worker("Active"), `[{"homeOrganizationalUnits":[`+
		unit("0", "Company", "46607", "Acme BV")+`,`+unit("1", "Department", "210", "Kitchen")+`,`+unit(" Division SE", "", "D9", "North")+`,`+
		unit("Team", "", "T1", "")+`,`+unit("", "Cost Number", "CC-77", "R&D")+`,`+unit("Business Unit", "", "B", "Retail")+`,`+
		unit("Department", "", "999", "Another")+`,`+unit("Region", "", "R7", "West")+`,`+unit("Region", "", "R6", "East")+`,`+
		unit("7", "", "X", "Unknown")+`,{},null]}]`)
	i := only(t, units, nil)
	assert.Equal(t, source.Ref{Code: "46607", Name: "Acme BV"}, i.LegalEntity)
	assert.Equal(t, source.Ref{Code: "210", Name: "Kitchen"}, i.Department)
	assert.Equal(t, source.Ref{Code: "D9", Name: "North"}, i.Division)
	assert.Equal(t, source.Ref{Code: "T1", Name: "T1"}, i.Team)
	assert.Equal(t, source.Ref{Code: "CC-77", Name: "R&D"}, i.CostCenter)
	assert.Equal(t, source.Ref{Code: "B", Name: "Retail"}, i.BusinessUnit)
	assert.Empty(t, i.Custom)
	assert.Empty(t, i.Findings)

	i = only(t, units, func(c *adp.Config) {
		c.Units = map[string]string{"7": "team", "REGION": "custom.region", "Department": "", "company": "division"}
	})
	assert.Equal(t, "T1", i.Team.Name, "the first one")
	assert.Equal(t, []string{"East", "West"}, i.Custom["region"])
	assert.Equal(t, source.Ref{}, i.Department, "switched off")
	assert.Equal(t, "Acme BV", i.Division.Name)
}

func TestMails(t *testing.T) {
	mail := func(address, kind string) string {
		return fmt.Sprintf(`{"emailUri":%q,"nameCode":{"codeValue":%s}}`, address, text(kind))
	}
	with := func(business, personal string) string {
		return `{"associateOID":"G3ONLY",` + worker("Active") + `"businessCommunication":{"emails":[` + business + `]},
			"person":{"communication":{"emails":[` + personal + `],"mobiles":[{"formattedNumber":"555"}]}}}`
	}
	tests := []struct{ business, personal, work, home string }{
		{mail("w@x", "Work E-mail"), mail("h@x", "Personal E-mail"), "w@x", "h@x"},
		{mail("w@x", "WORKEMAIL"), mail("h@x", "PERSONALEMAIL"), "w@x", "h@x"},
		{mail("w@x", "Travail"), mail("h@x", "Personnel"), "w@x", "h@x"},
		{mail("w@x", ""), mail("h@x", ""), "w@x", "h@x"},
		{mail("a@x", "other") + "," + mail("w@x", "Work"), "", "w@x", ""},
		{mail("h@x", "Personal") + "," + mail("w@x", ""), "", "w@x", ""},
		{mail("h@x", "Personal"), "", "", ""},
		{"", mail("w@x", "WORKEMAIL") + "," + mail("h@x", ""), "w@x", "h@x"},
		{"", mail("h@x", ""), "", "h@x"},
		{mail("", "Work") + `,"plain@x"`, "", "plain@x", ""},
	}
	for _, tt := range tests {
		i := only(t, with(tt.business, tt.personal), func(c *adp.Config) { c.PersonalEmail = true })
		assert.Equal(t, tt.work, i.WorkEmail, tt)
		assert.Equal(t, tt.home, i.PersonalEmail, tt)
		assert.Empty(t, only(t, with(tt.business, tt.personal), nil).PersonalEmail, "not asked for")
	}
	own := only(t, with(mail("a@x", "Kantoor"), mail("h@x", "Kantoor")), func(c *adp.Config) { c.MailKinds = map[string]bool{"kantoor": true} })
	assert.Equal(t, "a@x", own.WorkEmail)
}

func TestManagers(t *testing.T) {
	reports := func(list string) string { return jobs(worker("Active"), `[{"reportsTo":`+list+`}]`) }
	boss := func(aoid, number, relation string) string {
		return fmt.Sprintf(`{"associateOID":%s,"workerID":{"idValue":%s},"reportsToWorkerName":{"formattedName":"Okafor, Li"},
			"reportsToRelationshipCode":{"codeValue":%s}}`, text(aoid), text(number), text(relation))
	}
	tests := []struct {
		list, relation string
		want           source.Manager
	}{
		{`[` + boss("G3A", "7", "") + `,` + boss("G3B", "8", "") + `]`, "", source.Manager{ID: "G3A", EmployeeNumber: "7", Name: "Okafor, Li"}},
		{boss("G3A", "7", ""), "", source.Manager{ID: "G3A", EmployeeNumber: "7", Name: "Okafor, Li"}},
		{`[` + boss("G3ONLY", "1", "") + `,` + boss("G3B", "8", "") + `]`, "", source.Manager{ID: "G3B", EmployeeNumber: "8", Name: "Okafor, Li"}},
		{`[` + boss("G3A", "7", "DOTTED") + `,` + boss("G3B", "8", "REPORTSTO") + `]`, "Reports To", source.Manager{ID: "G3B", EmployeeNumber: "8", Name: "Okafor, Li"}},
		{`[` + boss("G3A", "7", "DOTTED") + `]`, "REPORTSTO", source.Manager{}},
		{`[` + boss("", "7", "") + `]`, "", source.Manager{EmployeeNumber: "7", Name: "Okafor, Li"}},
		{`[` + boss("", "", "") + `]`, "", source.Manager{}},
		{`null`, "", source.Manager{}},
		{`[null,7]`, "", source.Manager{}},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, only(t, reports(tt.list), func(c *adp.Config) { c.ManagerRelation = tt.relation }).Manager, tt)
	}
}

func TestTerms(t *testing.T) {
	terms := func(kind, level string) string {
		return jobs(worker("Active"), fmt.Sprintf(`[{"workerTypeCode":{"shortName":%s},"workLevelCode":{"codeValue":%s}}]`, text(kind), text(level)))
	}
	tests := []struct {
		kind, level string
		want        source.EmploymentType
		raw         string
		finding     bool
	}{
		{"Full Time", "", source.FullTime, "Full Time", false},
		{"F", "", source.FullTime, "F", false},
		{"Permanent", "Part_Time", source.PartTime, "Part_Time", false},
		{"Temporary", "Part_Time", source.Temporary, "Temporary", false},
		{"Permanent", "", source.EmploymentUnknown, "Permanent", false},
		{"Contractor", "", source.Contractor, "Contractor", false},
		{"Gaffer", "", source.EmploymentUnknown, "Gaffer", true},
		{"Gaffer", "Full_Time", source.FullTime, "Full_Time", false},
		{"", "", source.EmploymentUnknown, "", false},
	}
	for _, tt := range tests {
		i := only(t, terms(tt.kind, tt.level), nil)
		assert.Equal(t, tt.want, i.EmploymentType, tt)
		assert.Equal(t, tt.raw, i.EmploymentTypeRaw, tt)
		assert.Equal(t, tt.finding, len(i.Findings) > 0, tt)
		assert.Equal(t, tt.want == source.Contractor, i.Kind == source.KindContingent)
	}
	own := only(t, terms("Gaffer", ""), func(c *adp.Config) {
		c.EmploymentType = map[string]source.EmploymentType{"gaffer": source.Freelance}
	})
	assert.Equal(t, source.Freelance, own.EmploymentType)
}

func TestTitles(t *testing.T) {
	for title, want := range map[string]string{"Cook": "Cook", " ": "Kitchen", "": "Kitchen"} {
		i := only(t, jobs(worker("Active"), fmt.Sprintf(`[{"jobTitle":%q,"jobCode":{"codeValue":"11","shortName":"Kitchen"}}]`, title)), nil)
		assert.Equal(t, want, i.JobTitle)
	}
}

func TestPlaces(t *testing.T) {
	at := func(country string) string {
		return jobs(worker("Active"), fmt.Sprintf(`[{"homeWorkLocation":{"nameCode":{"codeValue":"BER","shortName":"Berlin"},
			"address":{"cityName":"Berlin","countrySubdivisionLevel1":{"codeValue":"BE"},"countryCode":%s}}}]`, text(country)))
	}
	want := source.Location{Code: "BER", Name: "Berlin", City: "Berlin", Region: "BE", Country: "DE"}
	i := only(t, at("DE"), nil)
	assert.Equal(t, want, i.Location)
	assert.Equal(t, "country", only(t, at("Germany"), nil).Findings[0].Field)
	for _, key := range []string{"Berlin", "BER"} {
		i = only(t, at("Germany"), func(c *adp.Config) {
			c.Countries, c.TimeZones = map[string]string{key: "DE"}, map[string]string{key: "Europe/Berlin"}
		})
		assert.Equal(t, "DE", i.Location.Country)
		assert.Equal(t, "Europe/Berlin", i.Location.TimeZone)
		assert.Empty(t, i.Findings)
	}
}

func TestNames(t *testing.T) {
	with := func(person string) string {
		return `{"associateOID":"G3ONLY",` + worker("Active") + `"person":` + person + `}`
	}
	tests := map[string]source.Name{
		`{"legalName":{"givenName":"Ada","familyName1":"Ng","formattedName":"Ng, Ada"},"preferredName":{"givenName":"Addie"}}`: {
			Formatted: "Ng, Ada", Given: "Ada", Family: "Ng", Preferred: "Addie",
		},
		`{"legalName":{"givenName":"Jan","familyName1Prefix":"van der","familyName1":"Berg","nickName":"JJ"}}`: {Given: "Jan", Family: "van der Berg", Preferred: "JJ"},
		`{"legalName":{"givenName":"Luz","middleName":"M","familyName1":"García","familyName2":"Márquez"}}`:    {Given: "Luz", Middle: "M", Family: "García Márquez"},
		`{"preferredName":{"givenName":"Bo","familyName1":"Ruiz"}}`:                                            {Given: "Bo", Family: "Ruiz", Preferred: "Bo"},
		`{"legalName":null}`: {},
		`[]`:                 {},
	}
	for person, want := range tests {
		assert.Equal(t, want, only(t, with(person), nil).Name, person)
	}
}

func TestMappedFields(t *testing.T) {
	worker := `{"associateOID":"G3ONLY",` + worker("Active") + `"workerDates":{"originalHireDate":"2015-01-05","adjustedServiceDate":"2014-01-05"},
		"languageCode":{"codeValue":"de_DE"},
		"customFieldGroup":{"stringFields":[{"nameCode":{"codeValue":"Squad"},"stringValue":"Blue"},{"nameCode":{"codeValue":"Badge"},"stringValue":""}],
			"codeFields":[{"nameCode":{"codeValue":"Tier"},"codeValue":"1","shortName":"Gold"}],
			"amountFields":[{"nameCode":{"codeValue":"Squad"},"amountValue":"90000"}]},
		"person":{"legalName":{"givenName":"Ada"},"customFieldGroup":{
			"dateFields":[{"dateValue":"2013-03-01","nameCode":{"shortName":"DateFirstEmployment","longName":"Date first Employment"}}],
			"indicatorFields":[{"indicatorValue":true,"nameCode":{"codeValue":"Remote"}}]}},
		"workAssignments":[{"primaryIndicator":false,"positionID":"P-1","jobTitle":"Other"},
			{"primaryIndicator":true,"positionID":"P-2","jobTitle":"Engineer","managementPositionIndicator":true,
			 "customFieldGroup":{"numberFields":[{"nameCode":{"codeValue":"Desk"},"numberValue":12}]},
			 "assignedWorkLocations":[{"nameCode":{"shortName":"Lyon"}},{"nameCode":{"shortName":"Berlin"}}]}]}`
	i := only(t, worker, func(c *adp.Config) {
		c.Fields = map[string]string{
			"team": "customFieldGroup[squad]", "custom.tier": "customFieldGroup[Tier]", "custom.badge": "customFieldGroup[Badge]",
			"original_hire_date": "person.customFieldGroup[Date First Employment]", "custom.remote": "person.customFieldGroup[Remote]",
			"custom.position": "workAssignments.positionID", "custom.boss": "workAssignments.managementPositionIndicator",
			"custom.desk": "workAssignments.customFieldGroup[Desk]", "custom.places": "workAssignments.assignedWorkLocations.nameCode",
			"custom.language": "languageCode", "job_title": "", "given_name": "person.nothing", "location": "workAssignments.assignedWorkLocations.nameCode",
		}
	})
	assert.Equal(t, "Blue", i.Team.Name)
	assert.Equal(t, day("2013-03-01"), i.OriginalHireDate)
	assert.Empty(t, i.JobTitle, "switched off")
	assert.Empty(t, i.Name.Given, "taken from elsewhere, where nothing is")
	assert.Equal(t, map[string][]string{
		"tier": {"Gold"}, "remote": {"true"}, "position": {"P-2"}, "boss": {"true"}, "desk": {"12"}, "places": {"Berlin", "Lyon"}, "language": {"de_DE"},
	}, i.Custom)
	require.Len(t, i.Findings, 1)
	assert.Contains(t, i.Findings[0].Message, "several values")
}
