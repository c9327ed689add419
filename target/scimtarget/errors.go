package scimtarget

import (
	"context"
	"errors"
	"net"
	"net/http"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/target"
)

// classify gives an error of the client its class. write says that the request may
// have changed something.
func classify(err error, write bool) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*target.Error](err); ok {
		return err
	}
	if errors.Is(err, context.Canceled) && !write {
		return target.Fail(target.NotSent, err)
	}
	e, ok := errors.AsType[*scimclient.Error](err)
	if !ok {
		return target.Fail(effect(target.ClassOf(err), write), err)
	}
	if e.Status >= 200 && e.Status <= 299 {
		return target.Fail(effect(target.Unclear, write), err) // an answer that cannot be read
	}
	if resp := e.Response(); resp != nil { //nolint:bodyclose // it has none
		as := target.FromHTTP(resp)
		return &target.Error{Class: target.ClassOf(as), RetryAfter: e.RetryAfter, Err: err}
	}
	class := effect(target.ClassOf(err), write)
	if _, name := errors.AsType[*net.DNSError](err); e.Kind == fetch.Refused && !name {
		class = target.Fatal // an address or a certificate that will not do for any request
	}
	return &target.Error{Class: class, RetryAfter: e.RetryAfter, Err: err}
}

// effect is the class of a failure whose effect nobody knows: a read has none.
func effect(class target.Class, write bool) target.Class {
	if class == target.Unclear && !write {
		return target.Transient
	}
	return class
}

// status is the status of the answer that an error is about; 0: there was none.
func status(err error) int {
	if e, ok := errors.AsType[*scimclient.Error](err); ok {
		return e.Status
	}
	return 0
}

func missing(err error) bool {
	s := status(err)
	return s == http.StatusNotFound || s == http.StatusGone
}

// taken reports whether an error may say that a value is somebody else's. Services say
// so with 409, as RFC 7644, section 3.12, wants it, and with 400.
func taken(err error) bool {
	e, ok := errors.AsType[*scimclient.Error](err)
	if !ok {
		return false
	}
	switch e.Status {
	case http.StatusConflict:
		return true
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return e.ScimType == scim.Uniqueness || e.Mentions("already exist", "already in use", "already taken", "unique", "duplicate", "conflict")
	}
	return false
}

// lookedAt reports whether what a write did has to be looked at: services exist that
// answer 500 to what they have done.
func lookedAt(err error) bool { return status(err) == http.StatusInternalServerError }

// wrongs reports whether a request was refused for what it asks for.
func wrongs(err error) bool {
	switch status(err) {
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusNotImplemented:
		return true
	}
	return false
}
