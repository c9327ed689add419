package scim

import (
	"fmt"
	"net/http"
	"strconv"
)

// The values of scimType that RFC 7644, section 3.12, and RFC 9865, section 2.1,
// define.
const (
	InvalidFilter = "invalidFilter"
	TooMany       = "tooMany"
	Uniqueness    = "uniqueness"
	Mutability    = "mutability"
	InvalidSyntax = "invalidSyntax"
	InvalidPath   = "invalidPath"
	NoTarget      = "noTarget"
	InvalidValue  = "invalidValue"
	InvalidVers   = "invalidVers"
	Sensitive     = "sensitive"
	InvalidCursor = "invalidCursor"
	ExpiredCursor = "expiredCursor"
	InvalidCount  = "invalidCount"
)

// ErrorURN is the schema of an error on the wire.
const ErrorURN = "urn:ietf:params:scim:api:messages:2.0:Error"

// Error is what a client is told.
type Error struct {
	Status int    // of HTTP
	Type   string // scimType, or ""
	Detail string // for people
	// At names the attribute or the operation concerned, or is "".
	At string
}

// Error returns at, detail and scimType.
func (e *Error) Error() string {
	text := e.Detail
	if e.At != "" {
		text = e.At + ": " + text
	}
	if e.Type != "" {
		text += " (" + e.Type + ")"
	}
	return text
}

// MarshalJSON writes the message of RFC 7644, section 3.12, and no members beside
// those that it has. status is a string there.
func (e *Error) MarshalJSON() ([]byte, error) {
	detail := e.Detail
	if e.At != "" {
		detail = e.At + ": " + detail
	}
	return marshal(struct {
		Schemas [1]string `json:"schemas"`
		Status  string    `json:"status"`
		Type    string    `json:"scimType,omitempty"`
		Detail  string    `json:"detail,omitempty"`
	}{[1]string{ErrorURN}, strconv.Itoa(e.Status), e.Type, detail})
}

// fail is an Error of status 400.
func fail(scimType, at, format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Type: scimType, At: at, Detail: fmt.Sprintf(format, args...)}
}
