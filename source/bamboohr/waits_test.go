package bamboohr_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/bamboohr"
	"github.com/provision-go/provision/source/bamboohr/bambootest"
)

// inMemory carries requests to a handler without a network, so that waits take no
// time in a bubble.
type inMemory struct{ http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	recorder := httptest.NewRecorder()
	m.ServeHTTP(recorder, r)
	response := recorder.Result()
	response.Request = r
	body := recorder.Body.Bytes()
	promised, err := strconv.Atoi(response.Header.Get("Content-Length"))
	if err == nil && promised > len(body) {
		// The connection ends before the body does.
		response.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), cutOff{}))
	}
	return response, nil
}

type cutOff struct{}

func (cutOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func inBubble(t *testing.T, strategy bamboohr.Strategy, faults ...bambootest.Fault) source.DeltaSource {
	t.Helper()
	fake := bambootest.New(bambootest.Config{APIKey: key, People: staff()})
	fake.Break(faults...)
	return newSource(t, "https://acme.bamboohr.example/api", func(c *bamboohr.Config) {
		c.Strategy, c.Transport, c.Clock = strategy, inMemory{fake}, time.Now
	})
}

// What passes is waited for, and the list is whole in the end.
func TestPassingFaults(t *testing.T) {
	after := func(seconds string) map[string]string { return map[string]string{"Retry-After": seconds} }
	tests := map[string]struct {
		spoil bambootest.Spoil
		times int
		waits time.Duration
	}{
		"429":               {bambootest.Spoil{Status: 429, Header: after("2")}, 3, 6 * time.Second},
		"429, a minute":     {bambootest.Spoil{Status: 429, Header: after("60")}, 1, time.Minute},
		"503 for a limit":   {bambootest.Spoil{Status: 503, Header: after("30")}, 2, time.Minute},
		"503 without words": {bambootest.Spoil{Status: 503}, 2, 0},
		"504":               {bambootest.Spoil{Status: 504}, 1, 0},
		"598":               {bambootest.Spoil{Status: 598}, 1, 0},
		"408":               {bambootest.Spoil{Status: 408}, 1, 0},
		"500":               {bambootest.Spoil{Status: 500}, 1, 0},
		"cut in the middle": {bambootest.Spoil{Cut: 200}, 2, 0},
		"cut at the end":    {bambootest.Spoil{Cut: -1}, 1, 0},
	}
	for name, tt := range tests {
		for door, strategy := range strategies() {
			t.Run(name+"/"+door, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := inBubble(t, strategy, bambootest.Fault{Page: 2, Times: tt.times, Spoil: tt.spoil})
					begun := time.Now()
					snapshot, err := source.Collect(t.Context(), s)
					require.NoError(t, err)
					assert.Equal(t, len(staff()), snapshot.Len())
					assert.GreaterOrEqual(t, time.Since(begun), tt.waits)
					assert.Less(t, time.Since(begun), tt.waits+time.Minute)
				})
			})
		}
	}
}

// What does not pass is an error that says what it is.
func TestLastingFaults(t *testing.T) {
	tests := map[string]struct {
		spoil bambootest.Spoil
		is    error
	}{
		"429":          {bambootest.Spoil{Status: 429, Header: map[string]string{"Retry-After": "2"}}, source.ErrThrottled},
		"429 for days": {bambootest.Spoil{Status: 429, Header: map[string]string{"Retry-After": "864000"}}, source.ErrThrottled},
		"503":          {bambootest.Spoil{Status: 503}, source.ErrUnavailable},
		"500":          {bambootest.Spoil{Status: 500}, source.ErrUnavailable},
		"598":          {bambootest.Spoil{Status: 598}, source.ErrUnavailable},
		"cut":          {bambootest.Spoil{Cut: 200}, source.ErrUnavailable},
		"401":          {bambootest.Spoil{Status: 401}, source.ErrUnauthorized},
		"403":          {bambootest.Spoil{Status: 403}, source.ErrForbidden},
		"HTML":         {bambootest.Spoil{Status: 200, Body: "<html>"}, source.ErrBadContent},
		"no list":      {bambootest.Spoil{Status: 200, Body: "{}"}, source.ErrBadContent},
	}
	for name, tt := range tests {
		for door, strategy := range strategies() {
			t.Run(name+"/"+door, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := inBubble(t, strategy, bambootest.Fault{Page: 3, Spoil: tt.spoil})
					begun := time.Now()
					_, err := source.Collect(t.Context(), s)
					require.ErrorIs(t, err, tt.is)
					assert.Less(t, time.Since(begun), 20*time.Minute)
					// One person, too: an answer that is no answer says nothing about them.
					s = inBubble(t, strategy, bambootest.Fault{Spoil: tt.spoil})
					_, err = source.Read(t.Context(), s, "42")
					require.ErrorIs(t, err, tt.is)
					require.NotErrorIs(t, err, source.ErrNotFound)
					_, err = changes(t, s, "")
					require.ErrorIs(t, err, tt.is)
				})
			})
		}
	}
}

// changes reads a feed to its end.
func changes(t *testing.T, s source.DeltaSource, since source.Cursor) ([]source.Delta, error) {
	t.Helper()
	var all []source.Delta
	for d, err := range s.Changes(t.Context(), since) {
		if err != nil {
			return all, err
		}
		all = append(all, d)
	}
	if len(all) == 0 {
		return nil, errors.New("nothing came, not even a cursor")
	}
	return all, nil
}
