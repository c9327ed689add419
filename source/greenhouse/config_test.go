package greenhouse_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/greenhouse"
)

func TestConfig(t *testing.T) {
	valid := greenhouse.Config{Auth: greenhouse.ClientCredentials("id", "secret", "")}
	s, err := greenhouse.New(valid)
	require.NoError(t, err)
	assert.Equal(t, "greenhouse", s.Name())

	tests := map[string]struct {
		change func(*greenhouse.Config)
		says   string
	}{
		"Auth":           {func(c *greenhouse.Config) { c.Auth = greenhouse.Auth{} }, "Auth: no credentials"},
		"no secret":      {func(c *greenhouse.Config) { c.Auth = greenhouse.ClientCredentials("id", "", "") }, "Auth: no credentials"},
		"no token":       {func(c *greenhouse.Config) { c.Auth = greenhouse.Token(nil, nil) }, "Auth: no credentials"},
		"BaseURL":        {func(c *greenhouse.Config) { c.BaseURL = "http://harvest.example" }, "field BaseURL"},
		"TokenURL":       {func(c *greenhouse.Config) { c.TokenURL = "ftp://x" }, "field TokenURL"},
		"PageSize":       {func(c *greenhouse.Config) { c.PageSize = 501 }, "PageSize: 501"},
		"Handover":       {func(c *greenhouse.Config) { c.Handover = -1 }, "Handover"},
		"MostChanges":    {func(c *greenhouse.Config) { c.MostChanges = -1 }, "MostChanges"},
		"Countries":      {func(c *greenhouse.Config) { c.Countries = map[string]string{"B": "Germany"} }, "Countries"},
		"TimeZones":      {func(c *greenhouse.Config) { c.TimeZones = map[string]string{"B": "Local"} }, "TimeZones"},
		"active":         {func(c *greenhouse.Config) { c.Status = map[string]source.Status{"hired": source.Active} }, `"hired" cannot mean active`},
		"no such status": {func(c *greenhouse.Config) { c.Status = map[string]source.Status{"hired": 99} }, "cannot mean"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := valid
			tt.change(&cfg)
			_, err := greenhouse.New(cfg)
			require.ErrorContains(t, err, tt.says)
		})
	}
	_, err = greenhouse.New(greenhouse.Config{PageSize: -1, Fields: map[string]string{"x": "y"}})
	for _, part := range []string{"Auth", "PageSize", `field "x"`} {
		require.ErrorContains(t, err, part, "everything at once")
	}
}

func TestFieldMappings(t *testing.T) {
	tests := map[[2]string]string{
		{"nonsense", "job.name"}:                                  "no such field",
		{"start", "offer.starts_on"}:                              "no such field",
		{"id", "candidate.custom_fields.key"}:                     "cannot be filled",
		{"status", "application.custom_fields.state"}:             "cannot be filled",
		{"alternate_ids", "candidate.email_addresses.personal"}:   "cannot be filled",
		{"work_email", "candidate.email_addresses.work"}:          "there is no place",
		{"job_title", "candidate.title"}:                          "there is no place",
		{"job_title", "opening.custom_fields.title"}:              "there is no place",
		{"department_id", "job.department"}:                       "map that",
		{"job_title", "job.department"}:                           "cannot fill it",
		{"team", "job.office"}:                                    "cannot fill it",
		{"team", "offer.custom_fields.a b"}:                       "no key",
		{"custom.x", "offer.custom_fields.salary"}:                "pay",
		{"custom.x", "offer.custom_fields.base_pay"}:              "pay",
		{"custom.x", "candidate.custom_fields.date_of_birth"}:     "birth",
		{"custom.x", "application.custom_fields.gender_identity"}: "sex",
		{"custom.x", "candidate.custom_fields.city"}:              "home address",
		{"custom.x", "offer.custom_fields.home_address"}:          "home address",
		{"country", "offer.custom_fields.country"}:                "",
		{"city", "job.custom_fields.city"}:                        "",
		{"manager_email", "offer.custom_fields.manager_email"}:    "",
		{"personal_email", "candidate.email_addresses.other"}:     "",
		{"hire_date", "offer.starts_on"}:                          "",
		{"department", ""}:                                        "",
	}
	for mapping, says := range tests {
		_, err := greenhouse.New(greenhouse.Config{
			Auth: greenhouse.ClientCredentials("id", "secret", ""), Clock: time.Now, Fields: map[string]string{mapping[0]: mapping[1]},
		})
		if says == "" {
			assert.NoError(t, err, mapping)
			continue
		}
		require.ErrorContains(t, err, says, mapping)
		assert.ErrorContains(t, err, mapping[0])
	}
}
