package workday_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/workday"
	"github.com/provision-go/provision/source/workday/workdaytest"
)

// inMemory sends requests to a handler without a network, for tests in a bubble.
func inMemory(h http.Handler) http.RoundTripper {
	return transport(func(r *http.Request) (*http.Response, error) {
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
		recorder := httptest.NewRecorder()
		h.ServeHTTP(recorder, r)
		return recorder.Result(), nil
	})
}

func soap(status int, body string) workdaytest.Spoil {
	return workdaytest.Spoil{Status: status, Header: map[string]string{"Content-Type": "text/xml"}, Body: body}
}

// A status of 500 is final or may pass by the kind of the fault that is in it.
func TestFaults(t *testing.T) {
	const soap12 = `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>e:%s</e:Value></e:Code>` +
		`<e:Reason><e:Text>said</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>`
	tests := map[string]struct {
		spoil    workdaytest.Spoil
		attempts int
		want     error
		text     string
	}{
		"validation": {
			workdaytest.SOAPFault("Client.validationError", "Page number cannot be zero"), 1, nil,
			"Client.validationError: Validation error occurred. Page number cannot be zero",
		},
		"authentication": {
			workdaytest.SOAPFault("Client.authenticationError", "invalid username or password"), 1, source.ErrUnauthorized, "invalid username",
		},
		"permission": {
			workdaytest.SOAPFault("Server.processingError", "Processing error occurred. The task submitted is not authorized."), 1,
			source.ErrForbidden, "not authorized",
		},
		"processing":        {workdaytest.SOAPFault("Server.processingError", "try later"), 5, source.ErrUnavailable, "try later"},
		"server":            {workdaytest.SOAPFault("Server", "oh"), 5, source.ErrUnavailable, "Server: oh"},
		"another code":      {workdaytest.SOAPFault("MustUnderstand", "oh"), 1, nil, "MustUnderstand"},
		"sender":            {soap(500, fmt.Sprintf(soap12, "Sender")), 1, nil, "Sender: said"},
		"receiver":          {soap(500, fmt.Sprintf(soap12, "Receiver")), 5, source.ErrUnavailable, "Receiver: said"},
		"no fault":          {workdaytest.Spoil{Status: 500}, 5, source.ErrUnavailable, "500"},
		"half a fault":      {soap(500, `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>`), 5, source.ErrUnavailable, ""},
		"throttled":         {soap(429, workdaytest.SOAPFault("Client", "slow down").Body), 5, source.ErrThrottled, "slow down"},
		"accepted, a fault": {soap(200, workdaytest.SOAPFault("Client.validationError", "Invalid page").Body), 1, nil, "Invalid page"},
		"with the password": {workdaytest.SOAPFault("Client.validationError", "not "+password), 1, nil, ""},
		"400 with a fault":  {soap(400, workdaytest.SOAPFault("Server.busy", "busy").Body), 5, source.ErrUnavailable, "busy"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := workdaytest.New(workdaytest.Config{Workers: staff(), Password: password, Clock: noon})
				fake.Break(workdaytest.Fault{Spoil: test.spoil})
				s := newSource(t, "https://acme.workday.example/ccx", func(c *workday.Config) { c.Connection.Transport = inMemory(fake) })
				_, err := source.Collect(t.Context(), s)
				require.Error(t, err)
				assert.Len(t, fake.Requests(), test.attempts)
				assert.Contains(t, err.Error(), test.text)
				assert.NotContains(t, err.Error(), password)
				for _, sentinel := range []error{source.ErrUnauthorized, source.ErrForbidden, source.ErrUnavailable, source.ErrThrottled} {
					assert.Equal(t, sentinel == test.want, errors.Is(err, sentinel), "%v: %v", sentinel, err) //nolint:errorlint // compares sentinels
				}
				_, err = s.Identity(t.Context(), ada)
				require.Error(t, err)
				require.NotErrorIs(t, err, source.ErrNotFound)
			})
		})
	}
}

// A fault that passes is not noticed.
func TestFaultThatPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := workdaytest.New(workdaytest.Config{Workers: staff(), Password: password, Clock: noon})
		fake.Break(workdaytest.Fault{Page: 2, Times: 3, Spoil: workdaytest.SOAPFault("Server.processingError", "try later")})
		s := newSource(t, "https://acme.workday.example/ccx", func(c *workday.Config) { c.Connection.Transport = inMemory(fake) })
		snapshot, err := source.Collect(t.Context(), s)
		require.NoError(t, err)
		assert.Equal(t, len(staff()), snapshot.Len())
	})
}

// A token that is no longer accepted is renewed once, whether Workday says so with a
// status or with a fault.
func TestTokenExpires(t *testing.T) {
	for name, spoil := range map[string]workdaytest.Spoil{
		"401":   {Status: 401},
		"fault": workdaytest.SOAPFault("Client.authenticationError", "invalid token"),
	} {
		t.Run(name, func(t *testing.T) {
			fake, url := newFake(t, workdaytest.Config{Workers: staff(), Token: "canary-token"})
			var renewals atomic.Int32
			renewed := errors.New("no more tokens")
			renew := func(context.Context) error {
				if renewals.Add(1) > 1 {
					return renewed
				}
				return nil
			}
			s := newSource(t, url, func(c *workday.Config) {
				c.Connection.Auth = workday.Token(func(context.Context) (string, error) { return "canary-token", nil }, renew)
			})
			fake.Break(workdaytest.Fault{Page: 2, Times: 1, Spoil: spoil})
			snapshot, err := source.Collect(t.Context(), s)
			require.NoError(t, err)
			assert.Equal(t, len(staff()), snapshot.Len())
			assert.EqualValues(t, 1, renewals.Load())

			fake.Break(workdaytest.Fault{Page: 2, Spoil: spoil})
			_, err = source.Collect(t.Context(), s)
			require.ErrorIs(t, err, renewed)
			assert.EqualValues(t, 2, renewals.Load())
		})
	}
}

// An ID that nobody has is refused by some versions and skipped by others.
func TestUnknownReference(t *testing.T) {
	fake, url := newFake(t, workdaytest.Config{Workers: staff()})
	s := newSource(t, url, nil)
	fake.Break(workdaytest.Fault{Spoil: workdaytest.SOAPFault("Client.validationError", "Invalid ID value.  'abc' is not a valid ID value for type = 'WID'")})
	_, err := s.Identity(t.Context(), "abc")
	require.ErrorIs(t, err, source.ErrNotFound)
	_, err = s.Identity(t.Context(), ada)
	require.Error(t, err)
	require.NotErrorIs(t, err, source.ErrNotFound, "it is about somebody else")
}
