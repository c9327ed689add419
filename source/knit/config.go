package knit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/worksites"
)

// IdentityID says what the source takes for the ID of an identity.
type IdentityID uint8

const (
	// ProfileID is profile.id, by which managers are named too, and in a deletion
	// employeeId.
	ProfileID IdentityID = iota
	// RecordID is the recordId of the envelope.
	RecordID
)

// Config says how Knit is asked and listened to. One Connector is for one API key,
// with any number of integrations.
type Config struct {
	// Name of the sources. Defaults to "knit".
	Name string
	// BaseURL is the address of the API, with its version. It must not come from a
	// customer. Defaults to "https://api.getknit.dev/v1.0".
	BaseURL string
	// APIKey is what requests carry and what pushes are signed with. It is required.
	APIKey Key
	// OldKeys sign pushes too, for the time of a change. Defaults to none.
	OldKeys []Key
	// Store keeps what is pushed. It is required: [NewMemory] forgets with the process.
	Store Store

	// Models are what an employee sync is asked for. Defaults to employee_profile,
	// employee_orgStructure, employee_contactInfo and employee_location; add
	// employee_rawValues for RawStatus, and custom_fields for fields of your own. A model
	// of which no field may be kept, such as employee_bankAccount, is an error.
	Models []string
	// Fields maps fields of [source.Fields], and names such as "custom.badge" for
	// Identity.Custom, to places in eventData, in place of the standard ones or beside
	// them; the package documentation lists those. A place is a path such as
	// "orgStructure.department" or "customFields.fields.badge". An empty place switches a
	// standard field off. Only what is mapped is kept: a change of Fields needs an initial
	// sync to have its effect. What [source.Identity] has no business with, such as pay,
	// birth dates and home addresses, is an error.
	Fields map[string]string
	// Status maps words of profile.employmentStatus, compared without regard to case and
	// punctuation, to statuses. It is asked before the usual words, see the package
	// documentation.
	Status map[string]source.Status
	// RawStatus maps words of rawValues.employmentStatus, the status in the words of the
	// application behind Knit, in the same way. What is in it wins over Status: ACTIVE and
	// INACTIVE do not tell who is on leave. Defaults to none.
	RawStatus map[string]source.Status
	// EmploymentType maps words of profile.employmentType like Status does.
	EmploymentType map[string]source.EmploymentType
	// Countries maps words for countries, exactly as Knit sends them, to ISO 3166-1
	// alpha-2 codes. Words that are such codes need no entry. Defaults to none.
	Countries map[string]string
	// Gone is the status of somebody of whom a completed sync says record.deleted: Knit
	// sends it when an active record becomes inactive and when it vanishes. Terminated,
	// Deleted, or Unknown, which decides nothing. Defaults to Terminated.
	Gone *source.Status
	// FirstDayOff says that profile.terminationDate is the first day without work. Knit
	// does not document it. Defaults to false: the last day that is still worked.
	FirstDayOff bool
	// ID says what the ID of an identity is. Defaults to ProfileID.
	ID IdentityID

	// MaxAge is how far back the moment may lie up to which everything is known, before
	// the source is an error. Knit syncs every 6, 12 or 24 hours. Defaults to 48 hours.
	MaxAge time.Duration
	// Oldest is how long ago an event may have been triggered. Knit delivers again for
	// four days. Defaults to 7 days.
	Oldest time.Duration
	// MaxSkew is how far in the future an event may have been triggered. Defaults to one
	// hour.
	MaxSkew time.Duration
	// AllowEmpty permits a company in which nobody is active. Defaults to false: an initial
	// sync with nobody in it does not count, and neither does a list of nobody.
	AllowEmpty bool
	// TrustConsumed says that a sync is complete as soon as Knit says that all its events
	// were delivered, whatever number of events it states. Defaults to false: the number
	// has to fit.
	TrustConsumed bool
	// ConsumedEvent is another name of the event sync.events.allConsumed, which has had
	// several. Defaults to "sync.events.allConverted".
	ConsumedEvent string
	// Finished are the words of the status with which a sync ends well. Defaults to
	// "processed".
	Finished []string

	// Accept is asked whether an integration may push what belongs to a sync job. The
	// signature does not cover the header with the integration: whoever sends a push again
	// under the name of another one is not noticed without this. Its error is answered
	// with 403 and not shown. Defaults to accepting everything that is signed.
	Accept func(ctx context.Context, integration, job string) error
	// Changed is told after an event was written whom to look at again. The response waits
	// for it, so it should do no more than note the ID. It may be called by several
	// goroutines at once, and twice for the same event. Defaults to nothing.
	Changed func(ctx context.Context, c Change)
	// Failed is told why a push was not taken; the error holds nothing of its content but
	// names of members and statuses. integration is "" if that is not known. Defaults to
	// nothing.
	Failed func(ctx context.Context, integration string, err error)
	// MaxBody bounds a push, in bytes. Defaults to 4 MiB.
	MaxBody int64
	// Clock defaults to [time.Now].
	Clock func() time.Time

	// Private permits a BaseURL with plain http or in a private network, for tests and
	// gateways of one's own. Defaults to false: such addresses are refused.
	Private bool
	// Transport replaces the HTTP transport, its check of addresses included. Defaults
	// to one that connects to public addresses only.
	Transport http.RoundTripper
}

// A Change says whom to look at again. IdentityID is "" for everybody: an initial sync
// was completed, and who is not in it is not there any more.
type Change struct{ Integration, IdentityID string }

// Key is an API key. It prints as nothing.
type Key string

// String hides the key, as GoString and MarshalText do.
func (Key) String() string { return "knit.Key" }

// GoString hides the key.
func (k Key) GoString() string { return k.String() }

// MarshalText hides the key from encoders and loggers.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// filled checks a configuration and fills in the defaults. The error joins everything
// that is wrong and names the fields.
func (cfg Config) filled() (Config, error) {
	cfg.Name = cmp.Or(cfg.Name, "knit")
	cfg.BaseURL = cmp.Or(cfg.BaseURL, "https://api.getknit.dev/v1.0")
	cfg.MaxAge = cmp.Or(cfg.MaxAge, 48*time.Hour)
	cfg.Oldest = cmp.Or(cfg.Oldest, 7*24*time.Hour)
	cfg.MaxSkew = cmp.Or(cfg.MaxSkew, time.Hour)
	cfg.MaxBody = cmp.Or(cfg.MaxBody, 4<<20)
	cfg.ConsumedEvent = cmp.Or(cfg.ConsumedEvent, "sync.events.allConverted")
	if len(cfg.Finished) == 0 {
		cfg.Finished = []string{"processed"}
	}
	if len(cfg.Models) == 0 {
		cfg.Models = strings.Fields("employee_profile employee_orgStructure employee_contactInfo employee_location")
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	// The caller may go on changing what is theirs.
	cfg.Models, cfg.OldKeys, cfg.Countries = slices.Clone(cfg.Models), slices.Clone(cfg.OldKeys), maps.Clone(cfg.Countries)
	errs := slices.Concat(wrongConfig(&cfg), wrongModels(cfg.Models))
	return cfg, errors.Join(errs...)
}

func wrongConfig(cfg *Config) []error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if cfg.APIKey == "" {
		wrong("APIKey: it is missing")
	}
	if slices.Contains(cfg.OldKeys, "") {
		wrong("OldKeys: one is empty")
	}
	if cfg.Store == nil {
		wrong("Store: it is missing")
	}
	for name, d := range map[string]time.Duration{"MaxAge": cfg.MaxAge, "Oldest": cfg.Oldest, "MaxSkew": cfg.MaxSkew} {
		if d < 0 {
			wrong("%s: it is negative", name)
		}
	}
	if cfg.MaxBody < 0 {
		wrong("MaxBody: it is negative")
	}
	if cfg.ID > RecordID {
		wrong("ID: want ProfileID or RecordID")
	}
	if cfg.Gone != nil && !slices.Contains([]source.Status{source.Terminated, source.Deleted, source.Unknown}, *cfg.Gone) {
		wrong("Gone: want Terminated, Deleted or Unknown, not %s", *cfg.Gone)
	}
	errs = append(errs, worksites.Check(cfg.Countries, nil)...)
	return errs
}

// wrongModels refuses models that hold nothing but what provisioning does not need
// (https://developers.getknit.dev/reference/employee-data-model-4).
func wrongModels(models []string) []error {
	private := map[string]string{
		"dependent": "relatives", "dependents": "relatives", "bankaccount": "bank accounts", "kycdocuments": "national numbers",
		"identification": "national numbers", "profilepicture": "pictures", "compensation": "pay",
		"deductions": "pay", "w4": "tax data", "leaverequests": "absences",
	}
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !slices.Contains(models, "employee_profile") {
		wrong("Models: employee_profile is missing, which says who works")
	}
	for _, m := range models {
		if what := private[strings.TrimPrefix(vocabulary.Fold(m), "employee")]; what != "" {
			wrong("Models: %s holds %s, which is never asked for", m, what)
		}
	}
	return errs
}
