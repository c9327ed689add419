package adp

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/worksites"
)

// The addresses of ADP's API. The address for tokens follows from them, see
// Config.TokenURL.
const (
	UnitedStates = "https://api.adp.com"
	Europe       = "https://api.eu.adp.com"
)

// Config says which company to read, and how.
type Config struct {
	// Name of the source. Defaults to "adp".
	Name string
	// BaseURL is the address of the API. It must not come from a customer. Defaults to
	// UnitedStates.
	BaseURL string
	// TokenURL is where tokens come from. It must not come from a customer. Defaults to
	// "https://accounts.adp.com/auth/oauth/v2/token" for UnitedStates and
	// "https://accounts.eu.adp.com/auth/oauth/v2/token" for Europe. With any other BaseURL
	// it is required.
	TokenURL string
	// Auth are the credentials: [ClientCredentials] or [RotatingCredentials]. It is
	// required.
	Auth Auth
	// SecretInBody sends id and secret in the body when a token is asked for, as several
	// public clients do. Defaults to false: HTTP Basic, as several others do.
	SecretInBody bool
	// RoleCode is sent as the header roleCode, such as "practitioner". Defaults to none.
	RoleCode string

	// Product says whose words for a status are understood. Defaults to AnyProduct.
	Product Product
	// Status maps words of workerStatus and assignmentStatus, codes or names, compared
	// without regard to case and punctuation, to statuses. It is asked before the words
	// of the product. Payroll@adp has numbers that only a company can explain.
	Status map[string]source.Status
	// EmploymentType maps words of workerTypeCode and workLevelCode like Status does.
	EmploymentType map[string]source.EmploymentType
	// Units maps type codes of organisational units, codes or names, compared without
	// regard to case, punctuation and surrounding blanks, to "department", "team",
	// "division", "business_unit", "legal_entity" or "cost_center", or to "custom.…". It
	// adds to the usual ones, see the package documentation; an empty field leaves a type
	// out.
	Units map[string]string
	// MailKinds says which name codes of e-mail addresses mean work (true) and which mean
	// home (false). It adds to the usual ones.
	MailKinds map[string]bool
	// ManagerRelation is the code or the name of the relationship, such as "REPORTSTO", by
	// which the manager is found among those to whom somebody reports. Defaults to the
	// first of them: ADP marks none as the one that counts.
	ManagerRelation string
	// PersonalEmail reads the address at home too. Defaults to false: it is skipped.
	PersonalEmail bool
	// Fields maps fields of [source.Fields], and names such as "custom.badge" for
	// Identity.Custom, to places in a worker, in place of what is usual. A place is a path
	// of names, such as "workAssignments.positionID" or
	// "person.customFieldGroup[T-Shirt]"; see the package documentation. An empty place
	// switches a field off. What [source.Identity] has no business with, such as
	// national ids, birth dates, pay and home addresses, is an error.
	Fields map[string]string
	// Countries and TimeZones map the name or the code of a place of work, exactly as in
	// ADP, to an ISO 3166-1 alpha-2 code and to an IANA name. They default to the country
	// of the place's address, if that is such a code, and to unknown.
	Countries map[string]string
	TimeZones map[string]string

	// Select asks only for the members of a worker that are read, with $select, so that
	// national ids, birth dates and home addresses are not sent. Workforce Now is known to
	// take it. Defaults to false: everything comes, and the rest is stepped over.
	Select bool
	// PageSize is how many workers are asked for at once. Defaults to 100, the most that
	// ADP allows. At least 2.
	PageSize int
	// NoTotals does not ask how many workers there are. Defaults to false: every page is
	// asked with count=true, and a list that is shorter than the total is an error. It is
	// for products that do not take the parameter, or count something else.
	NoTotals bool
	// Readings is how often the list is read from its beginning while people move in it,
	// until it stays still. Defaults to 3.
	Readings int
	// Clock says which day it is. Defaults to [time.Now].
	Clock func() time.Time

	// RootCAs are the authorities by which ADP's certificates are checked. Defaults to
	// those of the system.
	RootCAs *x509.CertPool
	// Private permits addresses with plain http or in a private network, for tests and
	// gateways of one's own. Defaults to false: such addresses are refused.
	Private bool
	// Transport replaces the HTTP transport, its check of addresses and the client
	// certificate included. Defaults to one that shows the certificate and connects to
	// public addresses only.
	Transport http.RoundTripper
}

const mostPage = 100 // workers

// filled checks a configuration and fills in the defaults. The error joins everything
// that is wrong and names the fields.
func (cfg Config) filled() (Config, error) {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if err := cfg.Auth.check(); err != nil {
		errs = append(errs, err)
	}
	cfg.Name = cmp.Or(cfg.Name, "adp")
	cfg.BaseURL = cmp.Or(cfg.BaseURL, UnitedStates)
	if cfg.TokenURL == "" {
		cfg.TokenURL = map[string]string{
			UnitedStates: "https://accounts.adp.com/auth/oauth/v2/token", Europe: "https://accounts.eu.adp.com/auth/oauth/v2/token",
		}[cfg.BaseURL]
	}
	if cfg.TokenURL == "" {
		wrong("TokenURL: it does not follow from this BaseURL")
	}
	if _, known := vocabularies()[cfg.Product]; !known {
		wrong("Product: there is none with the number %d", cfg.Product)
	}
	if cfg.PageSize = cmp.Or(cfg.PageSize, mostPage); cfg.PageSize < 2 || cfg.PageSize > mostPage {
		wrong("PageSize: %d is not from 2 to %d", cfg.PageSize, mostPage)
	}
	if cfg.Readings = cmp.Or(cfg.Readings, 3); cfg.Readings < 1 {
		wrong("Readings: it is negative")
	}
	if !regexp.MustCompile(`^[A-Za-z0-9_-]*$`).MatchString(cfg.RoleCode) {
		wrong("RoleCode: want letters and digits, such as practitioner")
	}
	errs = append(errs, checkPlaces(&cfg), checkUnits(cfg.Units))
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	// The caller may go on changing their maps.
	cfg.Countries, cfg.TimeZones = maps.Clone(cfg.Countries), maps.Clone(cfg.TimeZones)
	return cfg, errors.Join(errs...)
}

// checkPlaces checks what is said about places of work.
func checkPlaces(cfg *Config) error {
	var errs []error
	errs = append(errs, worksites.Check(cfg.Countries, cfg.TimeZones)...)
	return errors.Join(errs...)
}
