package scimtarget_test

import (
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/internal/scimfake"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

// lossy passes requests to a fake, and loses or refuses some that carry several writes.
type lossy struct {
	fake  *scimfake.Server
	mu    sync.Mutex
	draw  *rand.Rand
	calm  bool
	bulks int
}

func (l *lossy) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(10 * time.Millisecond) // others are called for meanwhile
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	l.mu.Lock()
	fate := 100
	if strings.HasSuffix(r.URL.Path, "/Bulk") {
		l.bulks++
		if !l.calm {
			fate = l.draw.IntN(100)
		}
	}
	l.mu.Unlock()
	switch {
	case fate < 10:
		return answered(http.StatusTooManyRequests), nil
	case fate < 20:
		return answered(http.StatusServiceUnavailable), nil
	case fate < 25:
		return nil, io.ErrUnexpectedEOF
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	rec := httptest.NewRecorder()
	l.fake.ServeHTTP(rec, r)
	switch {
	case fate < 40:
		return nil, io.ErrUnexpectedEOF // it was done
	case fate < 45:
		return answered(http.StatusInternalServerError), nil // and so was this
	}
	return rec.Result(), nil
}

func answered(status int) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody}
}

// TestBulkRequestsThroughFaults: whatever becomes of bulk requests, in the end everybody has
// one account, in the groups that they should be in.
func TestBulkRequestsThroughFaults(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		synctest.Test(t, func(t *testing.T) {
			wire := &lossy{draw: rand.New(rand.NewPCG(seed, 1)), fake: &scimfake.Server{Quirks: scimfake.Quirks{
				Bulk: 20, BulkReply: []string{"", "shown", "reversed", "cut"}[seed%4],
			}}}
			app, err := scimtarget.New(scimtarget.Config{
				Name: "crm", BaseURL: "https://crm.example/scim/v2", Profile: bulky(20), Groups: true, Transport: wire,
			})
			require.NoError(t, err)
			hr := memsource.New("hr", people(80)...)
			engine, err := provision.New(provision.Config{
				Source: hr, Targets: []target.Target{app}, Rules: company(t, app), Concurrency: 16,
				Policy: reconcile.Policy{CreateEntitlements: true, Limits: map[reconcile.Action]reconcile.Limit{
					reconcile.Create: {Percent: 100}, reconcile.Update: {Percent: 100},
				}},
			})
			require.NoError(t, err)
			time.Sleep(time.Until(day(1))) // when they have been hired
			for n := range 8 {
				if n == 3 { // titles change for everybody, and somebody leaves
					list := people(80)
					for i := range list {
						list[i].JobTitle = "Writer"
					}
					list[7].Status, list[7].TerminationDate = source.Terminated, source.DateOf(time.Now().AddDate(0, 0, -1))
					hr.Set(list...)
				}
				wire.calm = n == 7
				_, err := engine.Sync(t.Context())
				require.NoError(t, err)
				time.Sleep(24 * time.Hour)
			}
			plan, err := engine.Plan(t.Context())
			require.NoError(t, err)
			require.Empty(t, plan.Targets[0].Changes, "seed %d", seed)
			require.Empty(t, plan.Targets[0].Holds, "seed %d", seed)
			require.Equal(t, 80, wire.fake.Users(), "seed %d", seed)
			require.Greater(t, wire.bulks, 10)
			keys, open := map[target.Key]bool{}, 0
			for a, err := range app.Accounts(t.Context()) {
				require.NoError(t, err)
				keys[a.Key] = true
				if a.State == target.Enabled {
					open++
					require.Equal(t, "Writer", a.Attributes.Get("title"), a.Key)
				}
			}
			require.Len(t, keys, 80)
			require.Equal(t, 79, open)
		})
	}
}
