package ashby_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/ashby"
)

func TestConfig(t *testing.T) {
	valid := ashby.Config{Auth: ashby.APIKey("key")}
	s, err := ashby.New(valid)
	require.NoError(t, err)
	assert.Equal(t, "ashby", s.Name())
	tests := map[string]struct {
		change func(*ashby.Config)
		says   string
	}{
		"Auth":        {func(c *ashby.Config) { c.Auth = ashby.APIKey("") }, "Auth: no credentials"},
		"BaseURL":     {func(c *ashby.Config) { c.BaseURL = "http://api.example" }, "field BaseURL"},
		"PageSize":    {func(c *ashby.Config) { c.PageSize = 101 }, "PageSize: 101"},
		"Handover":    {func(c *ashby.Config) { c.Handover = -1 }, "Handover"},
		"MostChanges": {func(c *ashby.Config) { c.MostChanges = -1 }, "MostChanges"},
		"Countries":   {func(c *ashby.Config) { c.Countries = map[string]string{"B": "Germany"} }, "Countries"},
		"TimeZones":   {func(c *ashby.Config) { c.TimeZones = map[string]string{"B": "Local"} }, "TimeZones"},
		"active":      {func(c *ashby.Config) { c.Status = map[string]source.Status{"Hired": source.Active} }, `"Hired" cannot mean active`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := valid
			tt.change(&cfg)
			_, err := ashby.New(cfg)
			require.ErrorContains(t, err, tt.says)
		})
	}
}

func TestFieldMappings(t *testing.T) {
	tests := map[[2]string]string{
		{"nonsense", "job.title"}:                                        "no such field",
		{"start", "offer.startDate"}:                                     "no such field",
		{"id", "application.custom_fields.key"}:                          "cannot be filled",
		{"alternate_ids", "candidate.primaryEmailAddress"}:               "cannot be filled",
		{"work_email", "candidate.primaryEmailAddress"}:                  "no work address",
		{"job_title", "candidate.position"}:                              "there is no place",
		{"job_title", "job.custom_fields.title"}:                         "there is no place",
		{"job_title", "offer.custom_fields. "}:                           "there is no place",
		{"job_title", "offer.custom_fields." + strings.Repeat("x", 201)}: "there is no place",
		{"department_id", "job.department"}:                              "nothing else",
		{"manager", "application.hiringTeam"}:                            "nothing else",
		{"custom.x", "offer.custom_fields.Base Salary"}:                  "pay",
		{"custom.x", "application.custom_fields.Date of birth"}:          "birth",
		{"custom.x", "offer.custom_fields.Home Address"}:                 "home address",
		{"country", "offer.custom_fields.Country"}:                       "",
		{"work_email", "offer.custom_fields.Work e-mail"}:                "",
		{"hire_date", "offer.startDate"}:                                 "",
		{"location", ""}:                                                 "",
	}
	for mapping, says := range tests {
		_, err := ashby.New(ashby.Config{Auth: ashby.APIKey("key"), Fields: map[string]string{mapping[0]: mapping[1]}})
		if says == "" {
			assert.NoError(t, err, mapping)
			continue
		}
		require.ErrorContains(t, err, says, mapping)
		assert.ErrorContains(t, err, mapping[0])
	}
}
