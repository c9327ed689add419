package successfactors_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/successfactors"
	"github.com/provision-go/provision/source/successfactors/successfactorstest"
)

func count(requests []string, part string) int {
	n := 0
	for _, request := range requests {
		if strings.Contains(request, part) {
			n++
		}
	}
	return n
}

// One token serves many reads, at the same time too; a token that is refused in the
// middle of a list is replaced, whether the answer is 401 or 403.
func TestTokens(t *testing.T) {
	for _, refusal := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		t.Run(fmt.Sprint(refusal), func(t *testing.T) {
			cfg := company()
			cfg.Refusal = refusal
			fake, address := serve(t, cfg)
			s := open(t, address, nil)
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					_, err := source.Collect(t.Context(), s)
					assert.NoError(t, err)
				})
			}
			wg.Wait()
			assert.Equal(t, 1, count(fake.Requests(), "/oauth/token"))
			revoked := false
			revoking := inMemory{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Has("$skiptoken") && !revoked {
					revoked = true
					fake.Revoke()
				}
				fake.ServeHTTP(w, r)
			})}
			before := count(fake.Requests(), "$skiptoken")
			assert.Equal(t, len(everybody()), collect(t, open(t, "http://sfsf.test", func(c *successfactors.Config) { c.Transport = revoking })).Len())
			assert.True(t, revoked)
			assert.Equal(t, before+3, count(fake.Requests(), "$skiptoken"), "one of the two pages is asked for twice")
			assert.Equal(t, 3, count(fake.Requests(), "/oauth/token"))
		})
	}
}

func TestTokensExpire(t *testing.T) {
	now := noon()
	cfg := company()
	cfg.Clock, cfg.TokenLife = func() time.Time { return now }, time.Hour
	fake, address := serve(t, cfg)
	s := open(t, address, func(c *successfactors.Config) { c.Clock = cfg.Clock })
	for range 5 {
		collect(t, s)
		now = now.Add(25 * time.Minute)
	}
	assert.Equal(t, 2, count(fake.Requests(), "/oauth/token"), "nobody waits until a token is refused")
}

func TestOtherCredentials(t *testing.T) {
	fake, address := serve(t, company())
	refused := map[string]func(*successfactors.SAML){
		"another company":  func(c *successfactors.SAML) { c.CompanyID = "Acme" },
		"another client":   func(c *successfactors.SAML) { c.APIKey = "other" },
		"another user":     func(c *successfactors.SAML) { c.UserID = "somebody" },
		"another audience": func(c *successfactors.SAML) { c.Audience = "www.example.com" },
		"another key": func(c *successfactors.SAML) {
			other := newClient()
			c.PrivateKey, c.Certificate = successfactors.Key(other.key), string(other.certificate)
		},
		"an assertion of nobody": func(c *successfactors.SAML) {
			c.Assertion = func(context.Context) (string, error) { return "PHg+PC94Pg==", nil }
		},
	}
	for name, change := range refused {
		t.Run(name, func(t *testing.T) {
			c := saml()
			change(&c)
			_, err := source.Collect(t.Context(), open(t, address, func(cfg *successfactors.Config) { cfg.Auth = successfactors.SAMLBearer(c) }))
			require.ErrorIs(t, err, source.ErrUnauthorized)
			shows(t, err.Error())
		})
	}
	assert.Zero(t, count(fake.Requests(), "PerPerson"))
	c := saml()
	c.Assertion = func(context.Context) (string, error) { return "", errors.New("the identity provider is away") }
	_, err := source.Collect(t.Context(), open(t, address, func(cfg *successfactors.Config) { cfg.Auth = successfactors.SAMLBearer(c) }))
	require.ErrorContains(t, err, "the identity provider is away")
}

// shows fails if a text has a secret or a person in it.
func shows(t *testing.T, text string) {
	t.Helper()
	for _, part := range []string{"BEGIN", "MII", "PHNhbWw", "test-token", "assertion=", "session-1", "csrf-of", "@acme", "Engineer", "$filter", "skiptoken"} {
		assert.NotContains(t, text, part)
	}
}

// An assertion that was used before gives a new token all the same.
func TestAnAssertionFromElsewhere(t *testing.T) {
	var first string
	c := saml()
	tap := func(r *http.Request) {
		if r.URL.Path == "/oauth/token" {
			_ = r.ParseForm() // what is no form is refused
			first = r.PostForm.Get("assertion")
		}
	}
	other := successfactorstest.New(successfactorstest.Config{
		Certificate: string(credentials().certificate), Clock: noon, People: company().People,
	})
	tapped := inMemory{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tap(r)
		other.ServeHTTP(w, r)
	})}
	collect(t, open(t, "http://sfsf.test", func(cfg *successfactors.Config) { cfg.Transport = tapped }))
	require.NotEmpty(t, first)
	c.Assertion = func(context.Context) (string, error) { return first, nil }
	s := open(t, "http://sfsf.test", func(cfg *successfactors.Config) {
		cfg.Auth, cfg.Transport = successfactors.SAMLBearer(c), inMemory{other}
	})
	collect(t, s)
	other.Revoke()
	collect(t, s)
}

func TestATokenFromElsewhere(t *testing.T) {
	for name, auth := range map[string]successfactors.Auth{
		"an error": successfactors.Token(func(context.Context) (string, error) { return "", errors.New("away") }, nil),
		"empty":    successfactors.Token(func(context.Context) (string, error) { return "", nil }, nil),
		"refused":  successfactors.Token(func(context.Context) (string, error) { return "canary-token", nil }, nil),
		"sandbox":  successfactors.SandboxKey("canary-key"),
	} {
		_, address := serve(t, company())
		_, err := source.Collect(t.Context(), open(t, address, func(c *successfactors.Config) { c.Auth = auth }))
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), "canary")
		assert.NotContains(t, fmt.Sprintf("%v %+v %#v", auth, auth, auth), "canary")
	}
}

// Errors have the codes of SuccessFactors and the names of what was asked for, and
// nothing that somebody's data could be in.
func TestErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		body   string
		says   []string
		is     error
	}{
		"an unknown property": {
			400, `{"error":{"code":"COE_PROPERTY_NOT_FOUND","message":{"lang":"en-US","value":"[COE0021]Invalid property names: PerPerson/employmentNav/jobInfoNav/timezone, ada@acme.example"}}}`,
			[]string{"COE_PROPERTY_NOT_FOUND [COE0021]", "timezone"},
			nil,
		},
		"XML": {
			400, `<?xml version="1.0"?><error xmlns="x"><code>COE_GENERAL_BAD_REQUEST</code><message xml:lang="en-US">[COE0018]Engineer</message></error>`,
			[]string{"COE_GENERAL_BAD_REQUEST [COE0018]"},
			nil,
		},
		"no permission": {
			403, `{"error":{"code":"ODATA_ADMIN_PERM_REQUIRED","message":{"lang":"en-US","value":"[LGN0002]Authentication failed, user canary"}}}`,
			[]string{"ODATA_ADMIN_PERM_REQUIRED [LGN0002]"},
			source.ErrForbidden,
		},
		"another form":        {400, `{"errorHttpCode":"400","errorMessage":"[LGN0008]Company canary not found"}`, []string{"[LGN0008]"}, nil},
		"a code that is none": {400, `{"error":{"code":"Ada Ng","message":{"value":"canary"}}}`, []string{"400 Bad Request"}, nil},
		"nothing":             {400, ``, []string{"400"}, nil},
		"damaged":             {400, `{"error":{"code":`, []string{"400"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			fake, address := serve(t, company())
			fake.Break(successfactorstest.Fault{Spoil: successfactorstest.Spoil{
				Status: tt.status, Body: tt.body, Header: map[string]string{"Content-Type": "application/json"},
			}})
			_, err := source.Collect(t.Context(), open(t, address, nil))
			require.Error(t, err)
			for _, part := range tt.says {
				assert.ErrorContains(t, err, part)
			}
			if tt.is != nil {
				require.ErrorIs(t, err, tt.is)
			}
			shows(t, err.Error())
			assert.NotContains(t, err.Error(), "canary")
			assert.NotContains(t, err.Error(), "Ada")
		})
	}
}

// Nothing that a source is made of is shown by printing it.
func TestPrintsNothing(t *testing.T) {
	_, address := serve(t, company())
	s := open(t, address, nil)
	shows(t, fmt.Sprintf("%v %+v %#v %s", s, s, s, s))
}
