package adp_test

import (
	"crypto/tls"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/adp"
)

func valid(t *testing.T) adp.Config {
	t.Helper()
	return adp.Config{Auth: adp.ClientCredentials("client", secret, until(t, authority(t), time.Hour))}
}

func TestConfig(t *testing.T) {
	s, err := adp.New(valid(t))
	require.NoError(t, err)
	assert.Equal(t, "adp", s.Name())
	cfg := valid(t)
	cfg.BaseURL = adp.Europe
	_, err = adp.New(cfg)
	require.NoError(t, err, "the address of tokens follows")

	certificate := until(t, authority(t), 0)
	tests := map[string]struct {
		change func(*adp.Config)
		says   string
	}{
		"no Auth":        {func(c *adp.Config) { c.Auth = adp.Auth{} }, "Auth: no client id"},
		"no secret":      {func(c *adp.Config) { c.Auth = adp.ClientCredentials("id", "", certificate) }, "Auth: no client secret"},
		"no certificate": {func(c *adp.Config) { c.Auth = adp.ClientCredentials("id", "s", tls.Certificate{}) }, "Auth: no client certificate"},
		"no function":    {func(c *adp.Config) { c.Auth = adp.RotatingCredentials("id", "s", nil) }, "Auth: no client certificate"},
		"no key": {func(c *adp.Config) {
			c.Auth = adp.ClientCredentials("id", "s", tls.Certificate{Certificate: certificate.Certificate})
		}, "Auth: the client certificate has no private key"},
		"rubbish": {func(c *adp.Config) {
			c.Auth = adp.ClientCredentials("id", "s", tls.Certificate{Certificate: [][]byte{{1}}, PrivateKey: certificate.PrivateKey})
		}, "Auth: the client certificate"},
		"BaseURL":    {func(c *adp.Config) { c.BaseURL, c.TokenURL = "http://adp.example", "https://adp.example/token" }, "field BaseURL"},
		"TokenURL":   {func(c *adp.Config) { c.TokenURL = "http://adp.example/token" }, "field TokenURL"},
		"elsewhere":  {func(c *adp.Config) { c.BaseURL = "https://uat-api.adp.com" }, "TokenURL: it does not follow"},
		"Product":    {func(c *adp.Config) { c.Product = 99 }, "Product: there is none with the number 99"},
		"PageSize":   {func(c *adp.Config) { c.PageSize = 101 }, "PageSize: 101"},
		"one":        {func(c *adp.Config) { c.PageSize = 1 }, "PageSize: 1"},
		"Readings":   {func(c *adp.Config) { c.Readings = -1 }, "Readings"},
		"RoleCode":   {func(c *adp.Config) { c.RoleCode = "a\r\nb: c" }, "RoleCode"},
		"Countries":  {func(c *adp.Config) { c.Countries = map[string]string{"B": "Germany"} }, "Countries"},
		"TimeZones":  {func(c *adp.Config) { c.TimeZones = map[string]string{"B": "Local"} }, "TimeZones"},
		"Units":      {func(c *adp.Config) { c.Units = map[string]string{"Region": "work_email"} }, "Units"},
		"a unit":     {func(c *adp.Config) { c.Units = map[string]string{" ": "team"} }, "Units"},
		"two things": {func(c *adp.Config) { c.Fields = map[string]string{"nonsense": "x"}; c.PageSize = 900 }, "PageSize"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := valid(t)
			tt.change(&cfg)
			_, err := adp.New(cfg)
			require.ErrorContains(t, err, tt.says)
			assert.ErrorContains(t, err, "adp: ")
		})
	}
	assert.Equal(t, "adp.Auth(none)", adp.Auth{}.String())
}

func TestFieldMappings(t *testing.T) {
	tests := map[[2]string]string{
		{"nonsense", "person.x"}:                                               "no such field",
		{"start", "workAssignments.actualStartDate"}:                           "no such field",
		{"id", "workerID.idValue"}:                                             "cannot be filled",
		{"status", "workerStatus.statusCode"}:                                  "cannot be filled",
		{"employment_type", "workAssignments.workerTypeCode"}:                  "cannot be filled",
		{"custom.x", "photos.uri"}:                                             "want a place below",
		{"custom.x", "workAssignments..x"}:                                     "is no place",
		{"custom.x", "person[Badge]"}:                                          "in brackets",
		{"custom.x", "person"}:                                                 "what of a person",
		{"custom.x", "person.customFieldGroup"}:                                "in brackets",
		{"custom.x", "person.governmentIDs.idValue"}:                           "never read",
		{"custom.x", "person.birthDate"}:                                       "never read",
		{"custom.x", "person.genderCode"}:                                      "never read",
		{"custom.x", "person.maritalStatusCode"}:                               "never read",
		{"custom.x", "person.raceCode"}:                                        "never read",
		{"custom.x", "person.ethnicityCode"}:                                   "never read",
		{"custom.x", "person.militaryStatusCode"}:                              "never read",
		{"custom.x", "person.legalAddress.cityName"}:                           "never read",
		{"custom.x", "person.otherPersonalAddresses.cityName"}:                 "never read",
		{"custom.x", "person.identityDocuments.documentID"}:                    "never read",
		{"custom.x", "workAssignments.baseRemuneration.hourlyRateAmount"}:      "never read",
		{"custom.x", "workAssignments.additionalRemunerations"}:                "never read",
		{"custom.x", "workerStatus.reasonCode"}:                                "never read",
		{"custom.x", "customFieldGroup[Social Security Number]"}:               "never read",
		{"custom.x", "person.customFieldGroup[Date of Birth]"}:                 "never read",
		{"custom.file", "workAssignments.payrollFileNumber"}:                   "",
		{"custom.badge", "person.customFieldGroup[T-Shirt]"}:                   "",
		{"city", "workAssignments.homeWorkLocation.address.cityName"}:          "",
		{"start_date", "workAssignments.actualStartDate"}:                      "",
		{"work_email", ""}:                                                     "",
		{"original_hire_date", "person.customFieldGroup[DateFirstEmployment]"}: "",
	}
	for mapping, says := range tests {
		cfg := valid(t)
		cfg.Fields = map[string]string{mapping[0]: mapping[1]}
		_, err := adp.New(cfg)
		if says == "" {
			assert.NoError(t, err, mapping)
			continue
		}
		require.ErrorContains(t, err, says, mapping)
		assert.ErrorContains(t, err, mapping[0])
	}
}
