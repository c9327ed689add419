package source

import "github.com/provision-go/provision/internal/cause"

// Sentinels that say why a system could not be read. The errors of our own HTTP
// connectors match one of them, with [errors.Is]; connectors elsewhere may wrap
// them. None of them says anything about a person.
var (
	// ErrUnauthorized: the system does not accept the credentials. Somebody has to
	// give it new ones.
	ErrUnauthorized = cause.ErrUnauthorized
	// ErrForbidden: the credentials are accepted and do not allow the read. Somebody
	// has to grant a permission.
	ErrForbidden = cause.ErrForbidden
	// ErrThrottled: the system asks to come back later than the connector may wait.
	ErrThrottled = cause.ErrThrottled
	// ErrUnavailable: the system could not be reached or failed in a way that
	// usually passes, as often as it was tried.
	ErrUnavailable = cause.ErrUnavailable
	// ErrBadContent: the system answered with something else than it should: a login
	// page, broken or unknown JSON, nothing at all.
	ErrBadContent = cause.ErrBadContent
)
