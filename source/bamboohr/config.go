package bamboohr

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/worksites"
)

// Strategy is the door through which everybody is read. The package documentation
// says when to choose which.
type Strategy uint8

// The strategies.
const (
	// Employees is the list of employees, page by page with a cursor. It has the
	// vendor's own fields and no custom ones.
	Employees Strategy = iota
	// Dataset is the employee dataset, by page number. It has custom fields too.
	Dataset
)

// Config says which company to read, and how.
type Config struct {
	// Name of the source. Defaults to "bamboohr".
	Name string
	// Subdomain is the company's name in the address of its BambooHR: "acme" for
	// acme.bamboohr.com. It is required unless BaseURL is set. It may come from a
	// customer: anything but one label of a host name is refused.
	Subdomain string
	// BaseURL replaces the address that follows from Subdomain, up to and without
	// "/v1". It must not come from a customer. Defaults to
	// "https://<Subdomain>.bamboohr.com/api".
	BaseURL string
	// Auth are the credentials: [APIKey] or [Token]. It is required.
	Auth Auth
	// Strategy defaults to Employees.
	Strategy Strategy

	// Fields maps fields of [source.Fields], and names such as "custom.badge" for
	// Identity.Custom, to fields of BambooHR, in place of the standard ones or beside
	// them. The names are those of the chosen strategy: "contractEndDate" in the list
	// of employees, "customField4047" in the dataset. An empty name switches a
	// standard field off: it is then not asked for. Nothing that is not named here or
	// standard is asked for, and what [source.Identity] has no business with, such as
	// national ids, birth dates, pay and home addresses, is an error.
	//
	// "employment_type" is the field that holds the employment status, such as
	// "Full-Time" or "Leave of Absence": Status and EmploymentType both read it.
	Fields map[string]string
	// Status maps words of BambooHR's status and of the company's own list of
	// employment statuses, compared without regard to case and punctuation, to
	// statuses. It is asked before the usual words, see the package documentation.
	Status map[string]source.Status
	// EmploymentType maps words of the company's list of employment statuses like
	// Status does.
	EmploymentType map[string]source.EmploymentType
	// Countries and TimeZones map the name of a location, exactly as in BambooHR, to
	// an ISO 3166-1 alpha-2 code and to an IANA name. BambooHR says where people
	// live, not where they work. Default to unknown.
	Countries map[string]string
	TimeZones map[string]string

	// PageSize is how many people are asked for at once. Defaults to the most that
	// the vendor allows: 2500 for Employees, 1000 for Dataset.
	PageSize int
	// MostChanges is how many changes are followed one by one. For more, a full read
	// is the better way, and Changes says so. Defaults to 1000.
	MostChanges int
	// Clock says which day it is, which tells somebody who has not started from
	// somebody who has left. Defaults to [time.Now].
	Clock func() time.Time

	// Private permits a BaseURL with plain http or in a private network, for tests
	// and gateways of one's own. Defaults to false: such addresses are refused.
	Private bool
	// Transport replaces the HTTP transport, its check of addresses included.
	// Defaults to one that connects to public addresses only.
	Transport http.RoundTripper
}

// Auth are credentials. It shows nothing of them, however it is printed. The zero
// Auth is none.
type Auth struct {
	authorize func(ctx context.Context, r *http.Request) error
	renew     func(ctx context.Context) error
}

// APIKey authenticates with the key of a user, which sees what that user sees:
// HTTP Basic with the key as the user name, see
// https://documentation.bamboohr.com/docs/getting-started.
func APIKey(key string) Auth {
	if key == "" {
		return Auth{}
	}
	return Auth{authorize: func(_ context.Context, r *http.Request) error {
		r.SetBasicAuth(key, "x")
		return nil
	}}
}

// Token authenticates with an OAuth access token. get is called before every
// request, at the same time by several goroutines, and is expected to return a token
// that it keeps; they last an hour. renew is called once when a token is refused,
// and get again after it; without renew, a refused token ends the read. Errors of
// both must hold no secrets.
func Token(get func(ctx context.Context) (string, error), renew func(ctx context.Context) error) Auth {
	if get == nil {
		return Auth{}
	}
	return Auth{renew: renew, authorize: func(ctx context.Context, r *http.Request) error {
		token, err := get(ctx)
		if err != nil {
			return fmt.Errorf("get a token: %w", err)
		}
		if token == "" {
			return errors.New("get a token: it is empty")
		}
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}}
}

// filled checks a configuration and fills in the defaults. The error joins
// everything that is wrong and names the fields.
func (cfg Config) filled() (Config, error) {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	switch {
	case cfg.Subdomain != "" && cfg.BaseURL != "":
		wrong("Subdomain and BaseURL: set one of them")
	case cfg.BaseURL == "":
		if err := fetch.CheckSubdomain(cfg.Subdomain); err != nil {
			wrong("Subdomain: %w: want acme for acme.bamboohr.com", err)
		}
		cfg.BaseURL = "https://" + strings.ToLower(cfg.Subdomain) + ".bamboohr.com/api"
	}
	if cfg.Auth.authorize == nil {
		wrong("Auth: no credentials")
	}
	most := 2500
	switch cfg.Strategy {
	case Employees:
	case Dataset:
		most = 1000
	default:
		wrong("Strategy: there is none with the number %d", cfg.Strategy)
	}
	if cfg.PageSize == 0 {
		cfg.PageSize = most
	}
	if cfg.PageSize < 1 || cfg.PageSize > most {
		wrong("PageSize: %d is not from 1 to %d", cfg.PageSize, most)
	}
	if cfg.MostChanges < 0 {
		wrong("MostChanges: it is negative")
	}
	if cfg.MostChanges == 0 {
		cfg.MostChanges = 1000
	}
	errs = append(errs, worksites.Check(cfg.Countries, cfg.TimeZones)...)
	if cfg.Name == "" {
		cfg.Name = "bamboohr"
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	// The caller may go on changing their maps.
	cfg.Countries, cfg.TimeZones = maps.Clone(cfg.Countries), maps.Clone(cfg.TimeZones)
	return cfg, errors.Join(errs...)
}
