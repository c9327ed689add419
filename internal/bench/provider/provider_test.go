package provider_test

import (
	"bufio"
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/bench/provider"
)

// Both sides read and write the same: what is found is equal, and so is what is made,
// but for what only a service provider knows.
func TestBareAnswersTheSame(t *testing.T) {
	const held, n = 300, 50
	server, users, err := provider.NewServer(t.Context(), held)
	require.NoError(t, err)
	bare := provider.NewBare(users)
	for name, list := range map[string][][]byte{
		"get": provider.Gets(users, n), "filter": provider.Filters(users, n), "page": provider.Pages(users, n),
	} {
		for _, request := range list {
			ours, theirs := answer(t, server, request), answer(t, bare, request)
			require.Equal(t, http.StatusOK, ours.Code)
			assert.JSONEq(t, ours.Body.String(), theirs.Body.String(), name)
		}
	}
	for _, list := range [][][]byte{provider.Patches(users, n), provider.Posts(users, n)} {
		for _, request := range list {
			ours, theirs := answer(t, server, request), answer(t, bare, request)
			assert.Equal(t, ours.Code, theirs.Code)
			assert.InDelta(t, ours.Body.Len(), theirs.Body.Len(), 16)
		}
	}
}

func answer(t *testing.T, h http.Handler, request []byte) *httptest.ResponseRecorder {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(request)))
	require.NoError(t, err)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHost(t *testing.T) {
	server, users, err := provider.NewServer(t.Context(), 200)
	require.NoError(t, err)
	host, err := provider.Serve(t.Context(), server)
	require.NoError(t, err)
	require.NoError(t, host.Send(provider.Gets(users, 20), http.StatusOK))
	require.NoError(t, host.Send(provider.Posts(users, 20), http.StatusCreated))
	require.Error(t, host.Send(provider.Posts(users, 20), http.StatusCreated), "they are there already")
	require.NoError(t, host.Close())
}
