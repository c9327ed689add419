package bamboohr_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/bamboohr"
	"github.com/provision-go/provision/source/bamboohr/bambootest"
)

// tap keeps the bodies of a server's answers.
type tap struct {
	http.Handler
	mu     sync.Mutex
	bodies [][]byte
}

type tapped struct {
	http.ResponseWriter
	body []byte
}

func (w *tapped) Write(p []byte) (int, error) {
	w.body = append(w.body, p...)
	return w.ResponseWriter.Write(p)
}

func (t *tap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	through := &tapped{ResponseWriter: w}
	t.Handler.ServeHTTP(through, r)
	if !strings.HasSuffix(r.URL.Path, "/changed") {
		t.mu.Lock()
		t.bodies = append(t.bodies, through.body)
		t.mu.Unlock()
	}
}

// An employee has the fields that are asked for, for encoding/json to fill.
type employee struct {
	EmployeeID, FirstName, LastName, PreferredName, JobTitleName, Status, EmployeeNumber, MiddleName,
	DisplayName, WorkEmail, DepartmentName, DepartmentID, DivisionName, DivisionID, LocationName, LocationID,
	ReportsToID, EmploymentStatusName, HireDate, OriginalHireDate, TerminationDate *string
}

type row struct {
	EEID, FirstName, LastName, PreferredName, JobInformationJobTitle, Status, EmployeeNumber, MiddleName, Email,
	JobInformationDepartment, JobInformationDivision, JobInformationLocation, SupervisorEid, EmploymentStatus,
	HireDate, OriginalHireDate, TerminationDate *string
}

// BenchmarkRead100k reads a hundred thousand people over HTTP. Beside it stands what
// decoding the same bytes with encoding/json costs, without any HTTP: a read should
// need no more than twice the time.
func BenchmarkRead100k(b *testing.B) {
	const people = 100_000
	fake := bambootest.New(bambootest.Config{APIKey: key, People: bambootest.Population(people), Clock: noon})
	for name, strategy := range strategies() {
		source := func(url string) *bamboohr.Source {
			return newSource(b, url, func(c *bamboohr.Config) { c.Strategy, c.PageSize = strategy, 0 })
		}
		read := func(b *testing.B, s *bamboohr.Source) {
			b.Helper()
			n := 0
			for _, err := range s.Identities(b.Context()) {
				require.NoError(b, err)
				n++
			}
			require.Equal(b, people, n)
		}
		tapping := &tap{Handler: fake}
		server := httptest.NewServer(tapping)
		read(b, source(server.URL+"/api"))
		server.Close()
		size := 0
		for _, body := range tapping.bodies {
			size += len(body)
		}
		b.Run(name, func(b *testing.B) {
			server := httptest.NewServer(fake)
			defer server.Close()
			s := source(server.URL + "/api")
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				read(b, s)
			}
		})
		b.Run(name+"-as-encoding-json", func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				for _, body := range tapping.bodies {
					if strategy == bamboohr.Dataset {
						var page struct{ Data []struct{ Fields row } }
						require.NoError(b, json.Unmarshal(body, &page))
						continue
					}
					var page struct{ Data []employee }
					require.NoError(b, json.Unmarshal(body, &page))
				}
			}
		})
		// What the wire alone costs.
		b.Run(name+"-as-bytes", func(b *testing.B) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for _, body := range tapping.bodies {
					_, _ = w.Write(body)
				}
			}))
			defer server.Close()
			b.SetBytes(int64(size))
			for b.Loop() {
				answer, err := http.Get(server.URL)
				require.NoError(b, err)
				_, err = io.Copy(io.Discard, answer.Body)
				require.NoError(b, err)
				answer.Body.Close()
			}
		})
	}
}
