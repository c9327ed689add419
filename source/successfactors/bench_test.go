package successfactors_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/successfactors"
	"github.com/provision-go/provision/source/successfactors/successfactorstest"
)

// replay answers as another handler did, without the work.
type replay struct {
	http.Handler
	mu      sync.Mutex
	answers map[string]*httptest.ResponseRecorder
	size    int
}

func (p *replay) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	answer := p.answers[r.URL.String()]
	if answer == nil {
		answer = httptest.NewRecorder()
		p.Handler.ServeHTTP(answer, r)
		p.answers[r.URL.String()] = answer
		p.size += answer.Body.Len()
	}
	p.mu.Unlock()
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// BenchmarkRead100k reads a hundred thousand people over HTTP. Beside it stands what
// decoding the same bytes with encoding/json costs, without any HTTP.
func BenchmarkRead100k(b *testing.B) {
	const people = 100_000
	cfg := successfactorstest.Population(people)
	cfg.Clock, cfg.Certificate = noon, string(credentials().certificate)
	pages := &replay{Handler: successfactorstest.New(cfg), answers: map[string]*httptest.ResponseRecorder{}}
	server := httptest.NewServer(pages)
	defer server.Close()
	s := open(b, server.URL, func(c *successfactors.Config) { c.PageSize = 0 })
	read := func(b *testing.B) {
		b.Helper()
		n := 0
		for _, err := range s.Identities(b.Context()) {
			require.NoError(b, err)
			n++
		}
		require.Equal(b, people, n)
	}
	read(b)
	b.Run("successfactors", func(b *testing.B) {
		b.SetBytes(int64(pages.size))
		b.ReportAllocs()
		for b.Loop() {
			read(b)
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(int64(pages.size))
		b.ReportAllocs()
		for b.Loop() {
			for _, answer := range pages.answers {
				var page struct {
					D struct{ Results []perPerson }
				}
				require.NoError(b, json.Unmarshal(answer.Body.Bytes(), &page))
			}
		}
	})
}

// What is asked for, for encoding/json to fill.
type perPerson struct {
	PersonIDExternal     string
	PerPersonUUID        string
	LastModifiedDateTime string
	PersonalInfoNav      struct {
		Results []struct{ FirstName, MiddleName, LastName, PreferredName, DisplayName, StartDate, EndDate *string }
	}
	EmailNav struct {
		Results []struct {
			EmailAddress, EmailType string
			IsPrimary               bool
			EmailTypeNav            *struct{ ExternalCode string }
		}
	}
	EmploymentNav struct {
		Results []struct {
			UserID, StartDate, EndDate, OriginalStartDate, AssignmentClass *string
			IsContingentWorker                                             bool
			UserNav                                                        *struct{ Username, Status *string }
			JobInfoNav                                                     struct{ Results []empJob }
		}
	}
}

type object struct {
	ExternalCode, Name string
	NameLocalized      string `json:"name_localized"`
}

type empJob struct {
	StartDate, EndDate, SeqNumber, EmplStatus, JobTitle, ManagerID, Timezone            *string
	Department, Division, BusinessUnit, Company, CostCenter, Location                   *string
	DepartmentNav, DivisionNav, BusinessUnitNav, CompanyNav, CostCenterNav, LocationNav *object
	EmplStatusNav, EmployeeClassNav                                                     *object
}
