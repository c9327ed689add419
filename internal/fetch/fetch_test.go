package fetch_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// serve returns a client of a server, and fails what is left open.
func serve(t *testing.T, handler http.HandlerFunc, alter ...func(*fetch.Config)) *fetch.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	cfg := fetch.Config{System: "acme-hr", Base: server.URL + "/api", Private: true}
	for _, a := range alter {
		a(&cfg)
	}
	client, err := fetch.New(cfg)
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client
}

type worker struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func TestReads(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/workers/a/b":
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte("\ufeff" + `{"id":"a/b","name":"Ana"}`))
		case "/api/workers":
			_, _ = w.Write([]byte(` {"skipped":[1,{"a":[]}],"data":{"workers":[{"id":"1"},{"id":"2"}]},"total":2} `))
		default:
			http.Error(w, "no such page", http.StatusNotFound)
		}
	})
	ctx := context.Background()

	var ana worker
	_, err := client.JSON(ctx, fetch.Request{Path: "/workers/{id}", Args: []string{"a/b"}}, &ana)
	require.NoError(t, err)
	require.Equal(t, worker{"a/b", "Ana"}, ana)

	var ids []string
	for w, err := range fetch.Elements[worker](ctx, client, fetch.Request{Path: "/workers"}, "data", "workers") {
		require.NoError(t, err)
		ids = append(ids, w.ID)
	}
	require.Equal(t, []string{"1", "2"}, ids)

	var none struct{ Success bool }
	answer, err := client.JSON(ctx, fetch.Request{Path: "/workers"}, &none)
	require.NoError(t, err)
	err = answer.Fail(fetch.Forbidden, errors.New("scope\nmissing"))
	require.EqualError(t, err, "acme-hr: GET /api/workers: scope missing")
	require.ErrorIs(t, err, source.ErrForbidden)

	_, err = client.Read(ctx, fetch.Request{Path: "/elsewhere"})
	require.EqualError(t, err, "acme-hr: GET /api/elsewhere: 404 Not Found: no such page")
	require.Equal(t, fetch.NotFound, fetch.KindOf(err))
	require.NotErrorIs(t, err, source.ErrNotFound)
}
