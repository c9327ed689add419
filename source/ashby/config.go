package ashby

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/provision-go/provision/internal/secret"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/hiring"
	"github.com/provision-go/provision/source/internal/worksites"
)

// Config says which company to read, and how.
type Config struct {
	// Name of the source. Defaults to "ashby".
	Name string
	// BaseURL is the address of the API. It must not come from a customer. Defaults to
	// "https://api.ashbyhq.com".
	BaseURL string
	// Auth are the credentials: [APIKey]. It is required.
	Auth Auth

	// Fields maps fields of [source.Fields], and names such as "custom.badge" for
	// Identity.Custom, to places in Ashby, in place of the standard ones or beside them;
	// the package documentation lists both. A place is a field such as "job.title", or a
	// custom field by its title or its id, such as "offer.custom_fields.Work e-mail". An
	// empty place switches a standard field off. What [source.Identity] has no business
	// with, such as pay, birth dates and home addresses, is an error.
	Fields map[string]string
	// SplitName makes a given and a family name of the one text that Ashby has for a
	// candidate. Defaults to none: then only Name.Formatted is known.
	SplitName func(name string) (given, family string)
	// Status maps words of an application's status, compared without regard to case
	// and punctuation, to statuses. It is asked before the usual words, see the package
	// documentation. Active, OnLeave, Suspended, Retired and Deceased are errors: no
	// application says that somebody works.
	Status map[string]source.Status
	// EmploymentType maps words of a field for the employment type like Status does.
	EmploymentType map[string]source.EmploymentType
	// Countries and TimeZones map the name of a location, exactly as in Ashby, to an ISO
	// 3166-1 alpha-2 code and to an IANA name. They default to the country of the
	// location's address, if that is such a code, and to unknown.
	Countries map[string]string
	TimeZones map[string]string
	// ManagerRole is the role in an application's hiring team whose address becomes the
	// manager's. Defaults to "Hiring Manager".
	ManagerRole string

	// Aliases returns the ID under which a candidate is known whose record is another
	// now, by the present id. A webhook tells of merges. It is called once for each read.
	// Without it, somebody who was merged is gone, and somebody else is new. Defaults to
	// none.
	Aliases func(ctx context.Context) (map[string]string, error)

	// Handover is for how many days after the first day a hire counts. After that the
	// status is Unknown, which decides nothing, because Ashby does not know who has left
	// since. Defaults to 30.
	Handover int
	// AllowEmpty permits a list in which nobody was ever hired: an account that is new.
	// Defaults to false: then it is an error, because an account that may see nothing
	// looks the same.
	AllowEmpty bool
	// PageSize is how many records are asked for at once. Defaults to 100, the most that
	// the vendor allows.
	PageSize int
	// MostChanges is how many candidates who changed are looked at, one by one. For more,
	// a full read is the better way, and Changes says so. Defaults to 300.
	MostChanges int
	// Clock says which day it is, for Handover. Defaults to [time.Now].
	Clock func() time.Time

	// Private permits a BaseURL with plain http or in a private network, for tests and
	// gateways of one's own. Defaults to false: such addresses are refused.
	Private bool
	// Transport replaces the HTTP transport, its check of addresses included. Defaults
	// to one that connects to public addresses only.
	Transport http.RoundTripper
}

// Auth are credentials. It shows nothing of them, however it is printed. The zero
// Auth is none.
type Auth struct{ key secret.Secret }

// APIKey authenticates with an API key: HTTP Basic with the key as the user name and
// no password (https://developers.ashbyhq.com/reference/authentication).
func APIKey(key string) Auth { return Auth{secret.New(key)} }

func (a Auth) authorize(_ context.Context, r *http.Request) error {
	r.SetBasicAuth(a.key.Reveal(), "")
	return nil
}

// filled checks a configuration and fills in the defaults. The error joins
// everything that is wrong and names the fields.
func (cfg Config) filled() (Config, error) {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if cfg.Auth.key.Reveal() == "" {
		wrong("Auth: no credentials")
	}
	if cfg.Handover < 0 {
		wrong("Handover: it is negative")
	}
	if cfg.MostChanges < 0 {
		wrong("MostChanges: it is negative")
	}
	cfg.Name = cmp.Or(cfg.Name, "ashby")
	cfg.BaseURL = cmp.Or(cfg.BaseURL, "https://api.ashbyhq.com")
	cfg.ManagerRole = cmp.Or(cfg.ManagerRole, "Hiring Manager")
	cfg.Handover = cmp.Or(cfg.Handover, 30)
	cfg.MostChanges = cmp.Or(cfg.MostChanges, 300)
	if cfg.PageSize = cmp.Or(cfg.PageSize, mostPage); cfg.PageSize < 1 || cfg.PageSize > mostPage {
		wrong("PageSize: %d is not from 1 to %d", cfg.PageSize, mostPage)
	}
	for _, word := range slices.Sorted(maps.Keys(cfg.Status)) {
		if !hiring.Permitted(cfg.Status[word]) {
			wrong("Status: %q cannot mean %s: no application says that somebody works", word, cfg.Status[word])
		}
	}
	errs = append(errs, worksites.Check(cfg.Countries, cfg.TimeZones)...)
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	// The caller may go on changing their maps.
	cfg.Countries, cfg.TimeZones = maps.Clone(cfg.Countries), maps.Clone(cfg.TimeZones)
	return cfg, errors.Join(errs...)
}
