package bamboohr_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/bamboohr"
	"github.com/provision-go/provision/source/bamboohr/bambootest"
)

// meanwhile is a BambooHR in which something happens before the n-th page is asked
// for.
func meanwhile(t *testing.T, strategy bamboohr.Strategy, n int, happens func(*bambootest.Server)) *bamboohr.Source {
	t.Helper()
	fake, _ := newFake(t, bambootest.Config{People: staff()})
	pages := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/changed") {
			if pages++; pages == n {
				happens(fake)
			}
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return newSource(t, server.URL+"/api", func(c *bamboohr.Config) { c.Strategy = strategy })
}

// People come and go while the pages are read. Whoever was there all the time is in
// the list, or there is no list.
func TestMeanwhile(t *testing.T) {
	newcomer := bambootest.Person{ID: "2000", FirstName: "Di"}
	tests := map[string]struct {
		happens   func(*bambootest.Server)
		employees string // IDs, or the beginning of an error
		dataset   string
	}{
		"somebody joins": {
			func(s *bambootest.Server) { s.Put(newcomer) },
			"7 42 43 108 1009 2000", "7 42 43 108 1009 2000",
		},
		"somebody who was read is deleted": {
			func(s *bambootest.Server) { s.Delete("7") },
			"7 42 43 108 1009", "list is incomplete",
		},
		"somebody who was read is deleted, and somebody joins": {
			func(s *bambootest.Server) { s.Delete("7"); s.Put(newcomer) },
			"7 42 43 108 1009 2000", "list is incomplete",
		},
		"somebody who was not read is deleted": {
			func(s *bambootest.Server) { s.Delete("1009") },
			"7 42 43 108", "list is incomplete",
		},
		"the person at the edge is deleted": {
			func(s *bambootest.Server) { s.Delete("42") },
			"BadPage", "list is incomplete",
		},
		"somebody marries": {
			func(s *bambootest.Server) {
				married := staff()[0]
				married.LastName = "Zu"
				s.Put(married)
			},
			"7 42 43 108 1009", "7 42 43 108 1009",
		},
	}
	for name, tt := range tests {
		for door, want := range map[bamboohr.Strategy]string{bamboohr.Employees: tt.employees, bamboohr.Dataset: tt.dataset} {
			t.Run(name, func(t *testing.T) {
				snapshot, err := source.Collect(t.Context(), meanwhile(t, door, 2, tt.happens))
				if !strings.HasPrefix(want, "7") {
					require.ErrorContains(t, err, want)
					return
				}
				require.NoError(t, err)
				var got []string
				for id := range strings.FieldsSeq("7 42 43 108 1009 2000") {
					if snapshot.Find(id) != nil {
						got = append(got, id)
					}
				}
				assert.Equal(t, want, strings.Join(got, " "))
			})
		}
	}
}

// A page that took long to compute shows people as they were before.
func TestDeletedWhileAPageIsComputed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := bambootest.New(bambootest.Config{APIKey: key, People: staff()})
		pages := 0
		slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if pages++; pages > 1 {
				fake.ServeHTTP(w, r)
				return
			}
			computed := httptest.NewRecorder()
			fake.ServeHTTP(computed, r)
			time.Sleep(20 * time.Second)
			fake.Delete("7")
			fake.Put(bambootest.Person{ID: "2000"}) // the numbers stay as they were
			time.Sleep(20 * time.Second)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
			_, _ = w.Write(computed.Body.Bytes())
		})
		s := newSource(t, "https://acme.bamboohr.example/api", func(c *bamboohr.Config) {
			c.Strategy, c.Transport, c.Clock = bamboohr.Dataset, inMemory{slow}, time.Now
		})
		time.Sleep(time.Hour)
		_, err := source.Collect(t.Context(), s)
		require.ErrorIs(t, err, source.ErrIncomplete)
	})
}

// One page needs no look at who was deleted; more need one.
func TestRequestsOfTheDataset(t *testing.T) {
	for size, want := range map[int]int{1000: 1, 5: 1, 2: 3 + 1} {
		fake, url := newFake(t, bambootest.Config{People: staff()})
		_, err := source.Collect(t.Context(), newSource(t, url, func(c *bamboohr.Config) {
			c.Strategy, c.PageSize = bamboohr.Dataset, size
		}))
		require.NoError(t, err)
		assert.Len(t, fake.Requests(), want)
	}
	// Without the look there is no list.
	fake, url := newFake(t, bambootest.Config{People: staff()})
	fake.Break(bambootest.Fault{Endpoint: bambootest.Changed, Spoil: bambootest.Spoil{Status: http.StatusForbidden}})
	_, err := source.Collect(t.Context(), newSource(t, url, func(c *bamboohr.Config) { c.Strategy = bamboohr.Dataset }))
	require.ErrorIs(t, err, source.ErrForbidden)
	assert.ErrorContains(t, err, "look for deletions")
}

// A server that takes no notice of the filter must not make somebody else of a person.
func TestIgnoredFilter(t *testing.T) {
	for _, strategy := range strategies() {
		fake, _ := newFake(t, bambootest.Config{People: staff()})
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			q.Del("filter[ids][]")
			r.URL.RawQuery = q.Encode()
			if strategy == bamboohr.Dataset {
				r.Body = http.NoBody
				r.Body = body(`{"fields":["eeid","status"],"orderBy":"eeid asc","page":1,"pageSize":5}`)
			}
			fake.ServeHTTP(w, r)
		}))
		t.Cleanup(server.Close)
		s := newSource(t, server.URL+"/api", func(c *bamboohr.Config) {
			c.Strategy, c.PageSize, c.Fields = strategy, 5, only("id", "status")
		})
		_, err := s.Identity(t.Context(), "1009")
		require.ErrorIs(t, err, source.ErrIncomplete)
		assert.ErrorContains(t, err, "somebody else came")
	}
}

// A dataset that does not take the filter costs a list for one person, and a full read
// for changes.
func TestRefusedFilter(t *testing.T) {
	fake, _ := newFake(t, bambootest.Config{People: staff()})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		question, err := io.ReadAll(r.Body)
		if err != nil || strings.Contains(string(question), "filter") {
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		r.Body = body(string(question))
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s := newSource(t, server.URL+"/api", func(c *bamboohr.Config) { c.Strategy = bamboohr.Dataset })
	_, err := s.Identity(t.Context(), "42")
	require.ErrorIs(t, err, source.ErrListOnly)
	person, err := source.Read(t.Context(), s, "42")
	require.NoError(t, err)
	assert.Equal(t, "Ng", person.Name.Family)
	_, err = changes(t, s, "2026-03-02T11:00:00Z")
	require.ErrorIs(t, err, source.ErrCursorExpired)
}

// One person, read by an id that cannot be one, costs no request.
func TestNobody(t *testing.T) {
	fake, url := newFake(t, bambootest.Config{People: staff()})
	s := newSource(t, url, nil)
	for _, id := range []string{"0", "", "-1", "42/../7", "42&sort=x", "E-0042", "007", "42') or ('1' eq '1"} {
		_, err := s.Identity(t.Context(), id)
		require.ErrorIs(t, err, source.ErrNotFound, "%q", id)
	}
	assert.Empty(t, fake.Requests())
	_, err := s.Identity(t.Context(), "9")
	require.ErrorIs(t, err, source.ErrNotFound)
}
