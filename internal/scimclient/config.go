package scimclient

import (
	"net/http"
	"time"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/scim"
)

// Config says which service provider to speak to, and how.
type Config struct {
	// System names the service provider in errors, such as "acme". It is required.
	System string
	// Base is the address of the service, such as "https://app.example/scim/v2". It
	// is required.
	Base string
	// Auth adds credentials to each request. Defaults to none: a Transport may do so.
	Auth Auth
	// Header is sent with each request; it holds no credentials.
	Header http.Header
	// Users and Groups are what resources below /Users and /Groups consist of.
	// Default to [scim.UserType] and [scim.GroupType].
	Users, Groups *scim.ResourceType

	// Paging is how lists are read. Defaults to Auto.
	Paging Paging
	// PageSize is how many resources a page is asked for. Defaults to 100.
	PageSize int

	// Attempts is how often a read is tried in all, and MaxWait the sum of the waits
	// between. Default as in package fetch. Writes are never repeated.
	Attempts int
	MaxWait  time.Duration
	// Rate is how many requests begin per second, and Burst how many at once. Defaults
	// to no limit.
	Rate  float64
	Burst int
	// Timeouts of one attempt.
	Timeouts fetch.Timeouts
	// MaxBody bounds an answer, in bytes. Defaults to 64 MiB.
	MaxBody int64
	// Connections is how many idle connections are kept. Defaults to 16.
	Connections int

	// Private permits loopback addresses, private networks and plain http.
	Private bool
	// Transport replaces the transport with its check of addresses.
	Transport http.RoundTripper
}

// Paging is how lists are read.
type Paging uint8

// The ways to read lists.
const (
	// Auto asks by index and goes on by cursor when the first answer names one.
	Auto Paging = iota
	// ByIndex asks with startIndex and count (RFC 7644, section 3.4.2.4).
	ByIndex
	// ByCursor asks with cursor and count (RFC 9865).
	ByCursor
	// Unpaged asks once, without either.
	Unpaged
)
