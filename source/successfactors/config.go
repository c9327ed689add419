package successfactors

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/oauth"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/worksites"
)

// Config says which company to read, and how.
type Config struct {
	// Name of the source. Defaults to "successfactors".
	Name string
	// BaseURL is the address of the API server of the company's data center, with the
	// path, such as "https://api4.successfactors.com/odata/v2". It must not come from a
	// customer: tokens are sent there. It is required.
	BaseURL string
	// TokenURL is where [SAMLBearer] fetches tokens; the assertion names it as its
	// recipient. It must not come from a customer. Defaults to "/oauth/token" on the host
	// of BaseURL.
	TokenURL string
	// Auth are the credentials: [SAMLBearer], [Token] or [SandboxKey]. It is required.
	Auth Auth

	// Fields maps fields of [source.Fields], and names such as "custom.badge" for
	// Identity.Custom, to properties in place of the standard ones or beside them; the
	// package documentation lists those. A property is written as in $select, from
	// PerPerson on: "employmentNav/jobInfoNav/customString35". An empty one switches a
	// standard field off: it is then not asked for. A path that ends with the navigation
	// of a foundation object, such as "employmentNav/jobInfoNav/departmentNav", gives its
	// external code and its name. What [source.Identity] has no business with, such as
	// national ids, birth dates, pay and home addresses, is an error.
	Fields map[string]string
	// Names are the properties that hold the names of foundation objects, by
	// navigation, such as "externalName_defaultValue" for "positionNav". Defaults to "name"
	// for "locationNav", and for all others to the name in the language of the API user; an
	// empty one is not asked for.
	Names map[string]string
	// Status maps external codes of the picklist of employee statuses, and its option ids
	// where a company has no codes, to statuses. It is asked before the usual codes, see
	// the package documentation.
	Status map[string]source.Status
	// EmploymentType maps the external codes of employee classes, compared without regard
	// to case and punctuation, to types. The codes are the company's own.
	EmploymentType map[string]source.EmploymentType
	// WorkEmailTypes and PersonalEmailTypes are external codes, or option ids, of the
	// picklist of e-mail types: the first type of which there is an address counts. They
	// are not asked if Fields maps "work_email" or "personal_email". WorkEmailTypes
	// defaults to "B", the code of business addresses (SAP note 2319763),
	// PersonalEmailTypes to none: private addresses are then not kept.
	WorkEmailTypes, PersonalEmailTypes []string
	// PrimaryEmail takes the primary address, of whatever type, for a work address where
	// there is none of WorkEmailTypes. During onboarding that may be a private one.
	// Defaults to false.
	PrimaryEmail bool
	// Countries and TimeZones map the code of a location to an ISO 3166-1 alpha-2 code
	// and to an IANA name. Countries defaults to unknown, TimeZones to what the field
	// time_zone says.
	Countries map[string]string
	TimeZones map[string]string

	// UserStatuses are the statuses of users whose people are listed: "t" for active, "f"
	// for inactive, "e" for people in onboarding (SAP note 2736579). Whoever has none of
	// them is not listed. Defaults to these three. Without "f" everybody who left is
	// missing.
	UserStatuses []string
	// DaysBack and DaysAhead ask for records that were in force so many days ago to so
	// many days ahead, by fromDate and toDate. Whether that reaches the expanded entities
	// is not settled (SAP note 2853045 says that it does not). Default to 0: what is in
	// force today, and for people who have not started what will be on their first day.
	DaysBack, DaysAhead int
	// NoPreHireJobs leaves the jobs of people who have not started out, which are asked
	// for by asOfDate, one more request for each first day. Defaults to false.
	NoPreHireJobs bool
	// Count asks for the number of people ($inlinecount), and makes a list that is
	// shorter an error. Whether that number is right beside a snapshot is not documented.
	// Defaults to false.
	Count bool
	// NoSnapshot leaves the parameter paging=snapshot out. Rows may then be missed while
	// others change (SAP note 2723468). Defaults to false.
	NoSnapshot bool
	// PageSize is how many people are asked for at once, at most 1000 (SAP note 2489065).
	// Defaults to 200: each person comes with everything that hangs on them.
	PageSize int
	// ThrottleWait is how long to wait after a 429 that does not say it (SAP note
	// 3159263). Defaults to 5 minutes.
	ThrottleWait time.Duration
	// Clock says which day it is, for who has not started, and what an assertion says.
	// Defaults to [time.Now].
	Clock func() time.Time

	// Private permits addresses with plain http or in a private network, for tests and
	// gateways of one's own. Defaults to false: such addresses are refused.
	Private bool
	// Transport replaces the HTTP transport, its check of addresses included. Defaults
	// to one that connects to public addresses only.
	Transport http.RoundTripper
}

const mostPage = 1000

// filled checks a configuration and fills in the defaults. The error joins everything
// that is wrong and names the fields.
func (cfg Config) filled() (Config, error) {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	base, err := url.Parse(cfg.BaseURL)
	switch {
	case cfg.BaseURL == "":
		wrong("BaseURL: empty; want such as https://api4.successfactors.com/odata/v2")
	case err != nil || base.Host == "":
		wrong("BaseURL: it is no URL with a host")
	case cfg.TokenURL == "":
		cfg.TokenURL = base.Scheme + "://" + base.Host + "/oauth/token"
	}
	if strings.HasSuffix(strings.TrimRight(cfg.TokenURL, "/"), "/oauth/idp") {
		wrong("TokenURL: /oauth/idp takes private keys and gives no tokens; want /oauth/token")
	}
	if cfg.Auth.authorize == nil && cfg.Auth.saml == nil {
		wrong("Auth: no credentials")
	}
	for _, field := range []struct {
		name  string
		value int64
	}{
		{"DaysBack", int64(cfg.DaysBack)}, {"DaysAhead", int64(cfg.DaysAhead)}, {"ThrottleWait", int64(cfg.ThrottleWait)},
	} {
		if field.value < 0 {
			wrong("%s: it is negative", field.name)
		}
	}
	if cfg.PageSize = cmp.Or(cfg.PageSize, 200); cfg.PageSize < 1 || cfg.PageSize > mostPage {
		wrong("PageSize: %d is not from 1 to %d", cfg.PageSize, mostPage)
	}
	errs = append(errs, cfg.checkLists()...)
	cfg.Name = cmp.Or(cfg.Name, "successfactors")
	cfg.ThrottleWait = cmp.Or(cfg.ThrottleWait, 5*time.Minute)
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.UserStatuses == nil {
		cfg.UserStatuses = []string{"t", "f", "e"}
	}
	if cfg.WorkEmailTypes == nil {
		cfg.WorkEmailTypes = []string{"B"}
	}
	// The caller may go on changing their maps and lists.
	cfg.Countries, cfg.TimeZones = maps.Clone(cfg.Countries), maps.Clone(cfg.TimeZones)
	cfg.UserStatuses = slices.Clone(cfg.UserStatuses)
	cfg.WorkEmailTypes, cfg.PersonalEmailTypes = slices.Clone(cfg.WorkEmailTypes), slices.Clone(cfg.PersonalEmailTypes)
	return cfg, errors.Join(errs...)
}

// checkLists checks what maps and lists hold.
func (cfg Config) checkLists() []error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if cfg.UserStatuses != nil && len(cfg.UserStatuses) == 0 {
		wrong("UserStatuses: nobody has none of them; leave it nil for the standard")
	}
	for _, word := range cfg.UserStatuses {
		if !regexp.MustCompile(`^[A-Za-z_]{1,32}$`).MatchString(word) {
			wrong("UserStatuses: %q is no status of a user", word)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(cfg.Status)) {
		if strings.TrimSpace(code) == "" {
			wrong("Status: a code is empty")
		}
	}
	for _, nav := range slices.Sorted(maps.Keys(cfg.Names)) {
		if !isNavigation(nav) || cfg.Names[nav] != "" && !validName(cfg.Names[nav]) {
			wrong("Names: %q of %q: want a property of a navigation, such as name_localized of departmentNav", cfg.Names[nav], nav)
		}
	}
	errs = append(errs, worksites.Check(cfg.Countries, cfg.TimeZones)...)
	return errs
}

// credentials returns what adds credentials to requests, and what gets new credentials.
func (cfg Config) credentials() (
	func(context.Context, *http.Request) error, func(context.Context) error, error,
) {
	if cfg.Auth.saml == nil {
		return cfg.Auth.authorize, cfg.Auth.renew, nil
	}
	saml, signer, err := cfg.Auth.saml.filled()
	if err != nil {
		return nil, nil, fmt.Errorf("Auth: %w", err)
	}
	tokens, err := oauth.New(oauth.Config{
		System: cfg.Name, TokenURL: cfg.TokenURL, ID: saml.APIKey,
		// Without new_token an assertion that was used before gives the token that it gave
		// then, refused or not (SAP note 2872019).
		Params:  url.Values{"company_id": {saml.CompanyID}, "new_token": {"true"}},
		Now:     cfg.Clock,
		Private: cfg.Private, Transport: cfg.Transport,
		Grant: func(ctx context.Context) (url.Values, error) {
			assertion, err := saml.assertion(ctx, signer, cfg.TokenURL, cfg.Clock())
			return url.Values{
				"grant_type": {"urn:ietf:params:oauth:grant-type:saml2-bearer"}, "assertion": {assertion},
			}, err
		},
	})
	if err != nil {
		return nil, nil, fmt.Errorf("TokenURL: %w", err)
	}
	return tokens.Authorize, tokens.Renew, nil
}
