package knit_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/knit"
)

func answer(status int, contentType, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
}

// Whatever Knit answers to the request for a sync: an error, and nothing that is known
// changes.
func TestStartFaults(t *testing.T) {
	const ok = `{"success":true,"data":{"syncJobId":"sj_1"}}`
	for name, tt := range map[string]struct {
		answer http.Handler
		is     error
	}{
		"401":                {answer(401, "application/json", `{}`), source.ErrUnauthorized},
		"403":                {answer(403, "application/json", `{}`), source.ErrForbidden},
		"404":                {answer(404, "application/json", `{}`), nil},
		"429":                {answer(429, "application/json", `{}`), source.ErrThrottled},
		"500":                {answer(500, "text/plain", "oops"), source.ErrUnavailable},
		"503":                {answer(503, "text/plain", "oops"), source.ErrUnavailable},
		"a redirect":         {http.RedirectHandler("https://login.example/", http.StatusFound), nil},
		"204":                {answer(204, "", ""), source.ErrBadContent},
		"empty":              {answer(200, "application/json", ""), source.ErrBadContent},
		"HTML":               {answer(200, "text/html", "<!doctype html><title>Log in</title>"), source.ErrBadContent},
		"HTML as JSON":       {answer(200, "application/json", "<!doctype html><title>Log in</title>"), source.ErrBadContent},
		"null":               {answer(200, "application/json", "null"), source.ErrBadContent},
		"an empty object":    {answer(200, "application/json", "{}"), source.ErrBadContent},
		"an empty list":      {answer(200, "application/json", "[]"), source.ErrBadContent},
		"an error with 200":  {answer(200, "application/json", `{"success":false,"error":{"msg":"canary"}}`), source.ErrBadContent},
		"both":               {answer(200, "application/json", `{"success":true,"error":{"msg":"canary"}}`), source.ErrBadContent},
		"half":               {answer(200, "application/json", ok[:20]), source.ErrBadContent},
		"two in one":         {answer(200, "application/json", ok+ok), source.ErrBadContent},
		"success in a text":  {answer(200, "application/json", `{"success":"false"}`), source.ErrBadContent},
		"an id that is none": {answer(200, "application/json", `{"success":true,"data":{"syncJobId":{}}}`), source.ErrBadContent},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, company(), nil)
				b.sync("initial_sync")
				before, err := b.store.State(t.Context(), integration)
				require.NoError(t, err)
				b.fake.Answer(tt.answer)
				job, err := b.Start(t.Context(), integration, knit.Delta)
				require.Error(t, err)
				if tt.is != nil {
					require.ErrorIs(t, err, tt.is)
				}
				assert.Empty(t, job)
				assert.ErrorContains(t, err, "start delta_sync of int_1")
				assert.NotContains(t, err.Error(), key)
				after, err := b.store.State(t.Context(), integration)
				require.NoError(t, err)
				assert.Equal(t, before, after)
				assert.Equal(t, active(ids()...), b.statuses())
			})
		})
	}
}

func TestStart(t *testing.T) {
	b := newBench(t, company(), func(c *knit.Config) { c.Models = []string{"employee_profile", "employee_rawValues"} })
	_, err := b.Start(t.Context(), integration, knit.Delta)
	require.NoError(t, err)
	assert.Equal(t, []string{`{"dataType":"employee","models":["employee_profile","employee_rawValues"],"syncType":"delta_sync"}`}, b.fake.Asked())

	b.fake.Answer(answer(200, "application/json", `{"success":true,"data":null}`))
	job, err := b.Start(t.Context(), integration, knit.Initial)
	require.NoError(t, err)
	assert.Empty(t, job, "it is not documented")

	_, err = b.Start(t.Context(), "", knit.Initial)
	require.ErrorContains(t, err, "no integration")
	_, err = b.Start(t.Context(), integration, "full")
	require.ErrorContains(t, err, "want Initial or Delta")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = b.Start(ctx, integration, knit.Initial)
	require.ErrorIs(t, err, context.Canceled)
}
