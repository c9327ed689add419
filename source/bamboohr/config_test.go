package bamboohr_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/bamboohr"
	"github.com/provision-go/provision/source/bamboohr/bambootest"
)

func TestConfigErrors(t *testing.T) {
	tests := map[string]struct {
		change func(*bamboohr.Config)
		want   string
	}{
		"no company":             {func(c *bamboohr.Config) { c.Subdomain = "" }, "Subdomain"},
		"two companies":          {func(c *bamboohr.Config) { c.BaseURL = "https://hr.acme.example/api" }, "Subdomain and BaseURL"},
		"a host":                 {func(c *bamboohr.Config) { c.Subdomain = "acme.example" }, "Subdomain"},
		"a host with path":       {func(c *bamboohr.Config) { c.Subdomain = "evil.example/x?" }, "Subdomain"},
		"user information":       {func(c *bamboohr.Config) { c.Subdomain = "acme@evil" }, "Subdomain"},
		"a fragment":             {func(c *bamboohr.Config) { c.Subdomain = "acme#" }, "Subdomain"},
		"an escape":              {func(c *bamboohr.Config) { c.Subdomain = "acme%2eevil" }, "Subdomain"},
		"a line break":           {func(c *bamboohr.Config) { c.Subdomain = "acme\r\nHost: evil" }, "Subdomain"},
		"another script":         {func(c *bamboohr.Config) { c.Subdomain = "аcme" }, "Subdomain"},
		"plain http":             {func(c *bamboohr.Config) { c.Subdomain, c.BaseURL = "", "http://hr.acme.example/api" }, "Base"},
		"no credentials":         {func(c *bamboohr.Config) { c.Auth = bamboohr.Auth{} }, "Auth"},
		"an empty key":           {func(c *bamboohr.Config) { c.Auth = bamboohr.APIKey("") }, "Auth"},
		"no token":               {func(c *bamboohr.Config) { c.Auth = bamboohr.Token(nil, nil) }, "Auth"},
		"strategy":               {func(c *bamboohr.Config) { c.Strategy = 9 }, "Strategy"},
		"page too large":         {func(c *bamboohr.Config) { c.PageSize = 2501 }, "PageSize"},
		"dataset page too large": {func(c *bamboohr.Config) { c.Strategy, c.PageSize = bamboohr.Dataset, 1001 }, "PageSize"},
		"negative page":          {func(c *bamboohr.Config) { c.PageSize = -1 }, "PageSize"},
		"negative changes":       {func(c *bamboohr.Config) { c.MostChanges = -1 }, "MostChanges"},
		"country":                {func(c *bamboohr.Config) { c.Countries = map[string]string{"Berlin": "Germany"} }, "Countries"},
		"time zone":              {func(c *bamboohr.Config) { c.TimeZones = map[string]string{"Berlin": "CET+1"} }, "TimeZones"},
		"no such field":          {fields("departement", "departmentName"), `field "departement"`},
		"a field that follows":   {fields("start", "hireDate"), `field "start"`},
		"the kind":               {fields("kind", "employmentType"), `field "kind"`},
		"another key":            {fields("id", "employeeNumber"), `field "id"`},
		"no key":                 {fields("id", ""), `field "id"`},
		"no status":              {fields("status", ""), `field "status"`},
		"twice the same":         {fields("custom.badge", "firstName"), "feeds"},
		"no name of a field":     {fields("custom.badge", "a,ssn"), `field "custom.badge"`},
		"not in the list":        {fields("custom.badge", "customField4047"), "Strategy: Dataset"},
		"a home as country":      {fields("country", "country"), "Countries"},
		"a private address":      {fields("custom.home", "addressLine1"), "home address"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := bamboohr.Config{Subdomain: "acme", Auth: bamboohr.APIKey(key)}
			tt.change(&cfg)
			s, err := bamboohr.New(cfg)
			require.Error(t, err)
			assert.Nil(t, s)
			assert.ErrorContains(t, err, tt.want)
			assert.NotContains(t, err.Error(), "\n"+"Host")
		})
	}
	_, err := bamboohr.New(bamboohr.Config{Subdomain: "Acme-2", Auth: bamboohr.APIKey(key)})
	require.NoError(t, err)
}

func fields(field, name string) func(*bamboohr.Config) {
	return func(c *bamboohr.Config) { c.Fields = map[string]string{field: name} }
}

// What identities have no business with cannot be asked for, through either door and
// however it is written.
func TestDeniedFields(t *testing.T) {
	denied := strings.Fields(`ssn sin nin ein SSN customSSN employee_ssn nationalId nationalInsuranceCategory taxTypeId
		dateOfBirth birthDate birthday birthplace age gender genderIdentity maritalStatus ethnicity ethnicityId citizenship nationality
		veteranStatus eeo eeoJobCategory payRate payType payPer payPeriod paySchedule payGroup paidPer compensationPayRate compensationComment
		bonusAmount commissionAmount overtimeRate overtime exempt flsaCode amount address1 address2 addressLine1 addressLineOne city state zipcode
		country countryId homePhone vaccinationStatus allergies dietaryRestrictions proofOfVaccination photoUrl photo isPhotoUploaded shirtSize
		tShirtSizeId terminationReason terminationTypeId terminationRegrettable eligibleForRehire employmentStatusComment`)
	allowed := strings.Fields(`customField4047 4047.1 teams pronouns employmentType contractEndDate userId mobilePhone workPhone homeEmail
		customEmployeeOffice independentContractor gracePeriod advisor customRates displayName company`)
	for _, name := range denied {
		for _, strategy := range strategies() {
			_, err := bamboohr.New(bamboohr.Config{
				Subdomain: "acme", Auth: bamboohr.APIKey(key), Strategy: strategy, Fields: map[string]string{"custom.x": name},
			})
			assert.ErrorContains(t, err, "is never read", name)
		}
	}
	for _, name := range allowed {
		_, err := bamboohr.New(bamboohr.Config{
			Subdomain: "acme", Auth: bamboohr.APIKey(key), Strategy: bamboohr.Dataset, Fields: map[string]string{"custom.x": name},
		})
		assert.NoError(t, err, name)
	}
}

// The requests of a default configuration name nothing of the kind, and no credentials.
func TestRequests(t *testing.T) {
	for _, strategy := range strategies() {
		fake, url := newFake(t, bambootest.Config{People: staff()})
		_, err := source.Collect(t.Context(), newSource(t, url, func(c *bamboohr.Config) { c.Strategy = strategy }))
		require.NoError(t, err)
		requests := strings.Join(fake.Requests(), "\n")
		for _, word := range []string{"ssn", "irth", "pay", "ddress", "gender", "photo", "country", "homeEmail", key} {
			assert.NotContains(t, requests, word)
		}
	}
}

// Credentials are in nothing that is printed or logged, and in no error.
func TestSecrets(t *testing.T) {
	fake, url := newFake(t, bambootest.Config{People: staff()})
	cfg := bamboohr.Config{BaseURL: url, Private: true, Auth: bamboohr.APIKey(key), Clock: noon}
	s, err := bamboohr.New(cfg)
	require.NoError(t, err)
	var logged strings.Builder
	logger := slog.New(slog.NewTextHandler(&logged, nil))
	logger.Info("made", "config", cfg, "source", s, "auth", cfg.Auth)
	logger = slog.New(slog.NewJSONHandler(&logged, nil))
	logger.Info("made", "source", s, "auth", cfg.Auth)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
		_, _ = fmt.Fprintf(&logged, verb+verb+verb, cfg, s, cfg.Auth)
	}
	// A server that repeats what it was sent.
	for _, status := range []int{200, 400, 401, 403, 404, 422} {
		fake.Break(bambootest.Fault{Spoil: bambootest.Spoil{
			Status: status, Body: `{"message":"the key ` + key + ` is not welcome"}`,
			Header: map[string]string{"Content-Type": "application/json", "X-BambooHR-Error-Message": key},
		}})
		_, err := source.Collect(t.Context(), s)
		require.Error(t, err)
		_, _ = fmt.Fprintf(&logged, "%v %+v %#v", err, err, err)
		_, err = s.Identity(t.Context(), "42")
		require.Error(t, err)
		logged.WriteString(err.Error())
	}
	assert.NotContains(t, logged.String(), key)
}

// Without Private nothing in the operator's own network can be reached.
func TestPrivateAddresses(t *testing.T) {
	reached := false
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer server.Close()
	for _, url := range []string{server.URL, "https://169.254.169.254/latest", "https://[::ffff:127.0.0.1]/api"} {
		s, err := bamboohr.New(bamboohr.Config{BaseURL: url, Auth: bamboohr.APIKey(key)})
		require.NoError(t, err)
		_, err = source.Collect(t.Context(), s)
		require.Error(t, err)
		assert.NotErrorIs(t, err, source.ErrUnavailable, "it is tried again")
	}
	assert.False(t, reached)
}

var errVault = errors.New("the vault is closed")

func TestTokens(t *testing.T) {
	token := "first-token"
	renewed := 0
	get := func(context.Context) (string, error) { return token, nil }
	fake, url := newFake(t, bambootest.Config{People: staff(), Token: "first-token"})
	tokens := func(get func(context.Context) (string, error), renew func(context.Context) error) *bamboohr.Source {
		return newSource(t, url, func(c *bamboohr.Config) { c.Auth = bamboohr.Token(get, renew) })
	}
	snapshot, err := source.Collect(t.Context(), tokens(get, nil))
	require.NoError(t, err)
	assert.Equal(t, len(staff()), snapshot.Len())

	// The token expires when the second page is asked for.
	expired := bambootest.Fault{Page: 2, Times: 1, Spoil: bambootest.Spoil{Status: 401}}
	fake.Break(expired)
	_, err = source.Collect(t.Context(), tokens(get, nil))
	require.ErrorIs(t, err, source.ErrUnauthorized)

	fake.Break(expired)
	snapshot, err = source.Collect(t.Context(), tokens(get, func(context.Context) error { renewed++; return nil }))
	require.NoError(t, err)
	assert.Equal(t, len(staff()), snapshot.Len())
	assert.Equal(t, 1, renewed)

	fake.Break(expired)
	_, err = source.Collect(t.Context(), tokens(get, func(context.Context) error { return errVault }))
	require.ErrorIs(t, err, errVault)
	_, err = source.Collect(t.Context(), tokens(func(context.Context) (string, error) { return "", errVault }, nil))
	require.ErrorIs(t, err, errVault)
	_, err = source.Collect(t.Context(), tokens(func(context.Context) (string, error) { return "", nil }, nil))
	require.ErrorContains(t, err, "get a token")
}
