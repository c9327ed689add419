package oauth_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/oauth"
)

// Another grant brings its parameters, made anew for each token, and its client
// without a secret names itself in the body. Whoever asks meanwhile waits for the same
// token.
func TestAnotherGrant(t *testing.T) {
	var mu sync.Mutex
	var forms []url.Values
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		assert.NoError(t, r.ParseForm())
		assert.Empty(t, r.Header.Get("Authorization"))
		forms = append(forms, r.PostForm)
		_, _ = io.WriteString(w, `{"access_token":"t`+strconv.Itoa(len(forms))+`","expires_in":60}`)
	}))
	t.Cleanup(server.Close)
	made := 0
	s, err := oauth.New(oauth.Config{
		System: "acme", ID: "key", TokenURL: server.URL + "/oauth/token", Private: true, Params: url.Values{"company_id": {"acme"}},
		Grant: func(context.Context) (url.Values, error) {
			made++ // by one goroutine at a time, as the race detector can tell
			return url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:saml2-bearer"}, "assertion": {strconv.Itoa(made)}}, nil
		},
	})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got, err := s.Token(t.Context())
			assert.NoError(t, err)
			assert.Equal(t, "t1", got)
		})
	}
	wg.Wait()
	require.NoError(t, s.Renew(t.Context()))
	for n, form := range forms {
		require.Equal(t, url.Values{
			"grant_type": {"urn:ietf:params:oauth:grant-type:saml2-bearer"}, "assertion": {strconv.Itoa(n + 1)},
			"client_id": {"key"}, "company_id": {"acme"},
		}, form)
	}
	require.Len(t, forms, 2)
}

func TestAGrantThatFails(t *testing.T) {
	for name, grant := range map[string]func(context.Context) (url.Values, error){
		"an error":      func(context.Context) (url.Values, error) { return nil, errors.New("the key is worn out") },
		"no grant_type": func(context.Context) (url.Values, error) { return url.Values{"assertion": {"x"}}, nil },
	} {
		t.Run(name, func(t *testing.T) {
			s, err := oauth.New(oauth.Config{
				System: "acme", ID: "key", TokenURL: "https://login.acme.example/token", Grant: grant,
				Transport: transport(func(*http.Request) (*http.Response, error) {
					t.Error("something was sent")
					return reply(http.StatusOK, `{}`)
				}),
			})
			require.NoError(t, err)
			_, err = s.Token(t.Context())
			require.ErrorContains(t, err, "acme: prepare the request for a token")
		})
	}
}
