package successfactors_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/successfactors"
)

func valid() successfactors.Config {
	return successfactors.Config{BaseURL: "https://api4.successfactors.com/odata/v2", Auth: successfactors.SAMLBearer(saml())}
}

func TestConfig(t *testing.T) {
	s, err := successfactors.New(valid())
	require.NoError(t, err)
	assert.Equal(t, "successfactors", s.Name())
	type config = successfactors.Config
	signed := func(change func(*successfactors.SAML)) func(*config) {
		return func(c *config) {
			own := saml()
			change(&own)
			c.Auth = successfactors.SAMLBearer(own)
		}
	}
	for name, tt := range map[string]struct {
		change func(*config)
		says   string
	}{
		"no address":       {func(c *config) { c.BaseURL = "" }, "BaseURL: empty"},
		"no host":          {func(c *config) { c.BaseURL = "api4" }, "BaseURL: it is no URL"},
		"plain http":       {func(c *config) { c.BaseURL, c.TokenURL = "http://a.example/odata/v2", "https://a.example/oauth/token" }, "field BaseURL"},
		"a plain token":    {func(c *config) { c.TokenURL = "http://a.example/oauth/token" }, "TokenURL"},
		"the old endpoint": {func(c *config) { c.TokenURL = "https://api4.successfactors.com/oauth/idp" }, "TokenURL: /oauth/idp"},
		"Auth":             {func(c *config) { c.Auth = successfactors.Auth{} }, "Auth: no credentials"},
		"no token":         {func(c *config) { c.Auth = successfactors.Token(nil, nil) }, "Auth: no credentials"},
		"no sandbox key":   {func(c *config) { c.Auth = successfactors.SandboxKey("") }, "Auth: no credentials"},
		"company":          {signed(func(c *successfactors.SAML) { c.CompanyID = "" }), "Auth: field CompanyID: empty"},
		"API key":          {signed(func(c *successfactors.SAML) { c.APIKey = "" }), "Auth: field APIKey: empty"},
		"user":             {signed(func(c *successfactors.SAML) { c.UserID = "" }), "Auth: field UserID: empty"},
		"a line break":     {signed(func(c *successfactors.SAML) { c.UserID = "sfapi\n" }), "Auth: field UserID: a control character"},
		"lifetime":         {signed(func(c *successfactors.SAML) { c.Lifetime = -1 }), "Auth: field Lifetime"},
		"no key":           {signed(func(c *successfactors.SAML) { c.PrivateKey = successfactors.Key(nil) }), "Auth: field PrivateKey: it is not in PEM"},
		"no certificate":   {signed(func(c *successfactors.SAML) { c.Certificate = "" }), "Auth: field Certificate"},
		"another key":      {signed(func(c *successfactors.SAML) { c.Certificate = string(newClient().certificate) }), "belongs to another key"},
		"page size":        {func(c *config) { c.PageSize = 1001 }, "PageSize: 1001"},
		"days back":        {func(c *config) { c.DaysBack = -1 }, "DaysBack"},
		"days ahead":       {func(c *config) { c.DaysAhead = -1 }, "DaysAhead"},
		"wait":             {func(c *config) { c.ThrottleWait = -time.Second }, "ThrottleWait"},
		"no users":         {func(c *config) { c.UserStatuses = []string{} }, "UserStatuses"},
		"strange users":    {func(c *config) { c.UserStatuses = []string{"t') or ('"} }, "UserStatuses"},
		"an empty code":    {func(c *config) { c.Status = map[string]source.Status{" ": source.Active} }, "Status"},
		"names":            {func(c *config) { c.Names = map[string]string{"departmentNav": "a b"} }, "Names"},
		"names of nothing": {func(c *config) { c.Names = map[string]string{"department": "name"} }, "Names"},
		"countries":        {func(c *config) { c.Countries = map[string]string{"B": "DEU"} }, "Countries"},
		"time zones":       {func(c *config) { c.TimeZones = map[string]string{"B": "Local"} }, "TimeZones"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := valid()
			tt.change(&cfg)
			_, err := successfactors.New(cfg)
			require.ErrorContains(t, err, tt.says)
			shows(t, err.Error())
		})
	}
	_, err = successfactors.New(successfactors.Config{PageSize: -1, Fields: map[string]string{"x": "y"}})
	for _, part := range []string{"BaseURL", "Auth", "PageSize", `field "x"`} {
		require.ErrorContains(t, err, part, "everything at once")
	}
	cfg := valid()
	cfg.Auth = successfactors.SAMLBearer(successfactors.SAML{
		CompanyID: "acme", APIKey: "k", Assertion: func(context.Context) (string, error) { return "x", nil },
	})
	_, err = successfactors.New(cfg)
	require.NoError(t, err, "who brings assertions needs no key")
}

func TestFieldMappings(t *testing.T) {
	const job = "employmentNav/jobInfoNav/"
	for mapping, says := range map[[2]string]string{
		{"nonsense", job + "jobTitle"}:                            "no such field",
		{"start", job + "startDate"}:                              "no such field",
		{"id", "personId"}:                                        "not filled",
		{"status", job + "emplStatus"}:                            "not filled",
		{"hire_date", ""}:                                         "without it nothing can be decided",
		{"termination_date", ""}:                                  "without it nothing can be decided",
		{"work_email", "emailNav/emailAddress"}:                   "by their type",
		{"job_title", "employmentNav"}:                            "no property",
		{"job_title", "employmentNav/jobInfoNav"}:                 "no property",
		{"job_title", "jobs/title"}:                               "no property",
		{"job_title", job + "job title"}:                          "no property",
		{"job_title", job + "x')/y"}:                              "no property",
		{"job_title", job + "departmentNav"}:                      "foundation object",
		{"department_code", job + "departmentNav"}:                "foundation object",
		{"custom.x", "aNav/bNav/cNav/dNav/eNav/fNav/gNav/hNav/i"}: "too many",
		{"custom.x", "dateOfBirth"}:                               "birth",
		{"custom.x", "placeOfBirth"}:                              "birth",
		{"custom.x", "nationalIdNav/nationalId"}:                  "national",
		{"custom.x", "homeAddressNavDEFLT/city"}:                  "home address",
		{"custom.x", "emergencyContactNav/name"}:                  "family",
		{"custom.x", "personRelationshipNav/lastName"}:            "family",
		{"custom.x", "personalInfoNav/gender"}:                    "sex",
		{"custom.x", "personalInfoNav/maritalStatus"}:             "family",
		{"custom.x", "personalInfoNav/nationality"}:               "origin",
		{"custom.x", "personalInfoNav/challengeStatus"}:           "health",
		{"custom.x", job + "payGrade"}:                            "pay",
		{"custom.x", "employmentNav/compInfoNav/x"}:               "pay",
		{"custom.x", "employmentNav/paymentInformationNav/x"}:     "pay",
		{"custom.x", job + "eeo1JobCategory"}:                     "origin",
		{"city", job + "locationNav/addressNavDEFLT/city"}:        "",
		{"country", job + "locationNav/addressNavDEFLT/country"}:  "",
		{"team", job + "departmentNav"}:                           "",
		{"custom.x", job + "customString35"}:                      "",
		{"custom.x", "employmentNav/userNav/custom07"}:            "",
		{"kind", ""}:                       "",
		{"manager", job + "customString1"}: "",
	} {
		cfg := valid()
		cfg.Fields = map[string]string{mapping[0]: mapping[1]}
		_, err := successfactors.New(cfg)
		if says == "" {
			assert.NoError(t, err, mapping)
			continue
		}
		require.ErrorContains(t, err, says, mapping)
		assert.ErrorContains(t, err, mapping[0])
	}
}
