package sourcetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/provision-go/provision/source"
)

// A carelessness is what a connector gets wrong.
type carelessness int

const (
	careful carelessness = iota
	ignoresStatus
	missingIsTheEnd
	emptyIsTheEnd
	nullIsNobody
	noStatusIsTerminated
	noStatusIsActive
	followsForEver
	endsQuietly
)

// reader is a connector in small: pages of one person, in JSON.
type reader struct {
	source.ListOnly
	through http.RoundTripper
	carelessness
}

type row struct {
	ID     string  `json:"id"`
	Status *string `json:"status"`
}

type pageOfOne struct {
	Page   *int   `json:"page"`
	Total  *int   `json:"total"`
	People *[]row `json:"people"`
	Next   *int   `json:"next"`
}

func (reader) Name() string { return "reader" }

func (r reader) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		seen := 0
		for next := 1; next > 0; {
			a, err := r.page(ctx, next)
			if err != nil && r.carelessness == endsQuietly && next > 1 {
				return
			}
			if err != nil {
				yield(source.Identity{}, err)
				return
			}
			if a.People != nil {
				for _, p := range *a.People {
					seen++
					if !yield(r.identity(p), nil) {
						return
					}
				}
			}
			if a.Next == nil {
				break
			}
			next = *a.Next
		}
		if r.carelessness == careful && seen != 4 {
			yield(source.Identity{}, fmt.Errorf("%d people of 4", seen))
		}
	}
}

func (r reader) identity(p row) source.Identity {
	i := source.Identity{ID: p.ID}
	switch {
	case p.Status != nil && *p.Status == "active":
		i.Status = source.Active
	case p.Status != nil && *p.Status == "left":
		i.Status = source.Terminated
	case r.carelessness == noStatusIsTerminated:
		i.Status = source.Terminated
	case r.carelessness == noStatusIsActive:
		i.Status = source.Active
	}
	return i
}

// page reads a page, and then tries once more.
func (r reader) page(ctx context.Context, n int) (pageOfOne, error) {
	a, err := r.try(ctx, n)
	if err != nil {
		a, err = r.try(ctx, n)
	}
	return a, err
}

func (r reader) try(ctx context.Context, n int) (pageOfOne, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://hr.example/?page="+strconv.Itoa(n), http.NoBody)
	if err != nil {
		return pageOfOne{}, err
	}
	response, err := r.through.RoundTrip(request)
	if err != nil {
		return pageOfOne{}, err
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusNotFound && r.carelessness == missingIsTheEnd,
		response.StatusCode == http.StatusNoContent && r.carelessness == emptyIsTheEnd:
		return pageOfOne{}, nil
	case response.StatusCode != http.StatusOK && r.carelessness != ignoresStatus:
		return pageOfOne{}, fmt.Errorf("status %d", response.StatusCode)
	}
	return r.decode(response.Body, n)
}

func (r reader) decode(body io.Reader, n int) (pageOfOne, error) {
	var a pageOfOne
	d := json.NewDecoder(body)
	err := d.Decode(&a)
	switch {
	case err != nil && (r.carelessness == ignoresStatus || r.carelessness == emptyIsTheEnd && errors.Is(err, io.EOF)):
		return pageOfOne{}, nil
	case err != nil:
		return pageOfOne{}, err
	case d.More():
		return pageOfOne{}, errors.New("more than one answer")
	case a.People == nil && r.carelessness != nullIsNobody:
		return pageOfOne{}, errors.New("no people")
	case r.carelessness == followsForEver || r.carelessness == nullIsNobody:
		return a, nil
	case a.Page == nil || *a.Page != n:
		return pageOfOne{}, errors.New("another page")
	}
	return a, nil
}

func fourPeople() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, err := strconv.Atoi(r.FormValue("page"))
		if err != nil || page < 1 || page > 4 {
			http.Error(w, "page", http.StatusBadRequest)
			return
		}
		next, status := "null", "active"
		if page < 4 {
			next = strconv.Itoa(page + 1)
		}
		if page == 2 {
			status = "left"
		}
		_, _ = fmt.Fprintf(w, `{"page":%d,"people":[{"id":"E%d","status":%q}],"next":%s}`, page, page, status, next)
	})
}

func faultOptions(c carelessness) FaultOptions {
	return FaultOptions{
		Fake: fourPeople,
		Source: func(_ *testing.T, through http.RoundTripper) source.Source {
			return reader{through: through, carelessness: c}
		},
		Columns: []string{"status", `"status"`},
	}
}

func TestFaults(t *testing.T) { Faults(t, faultOptions(careful)) }

// oneAnswer tells the four people at once.
func oneAnswer(c carelessness) FaultOptions {
	o := faultOptions(c)
	o.OneAnswer = true
	o.Fake = func() http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"page":1,"next":null,"people":[{"id":"E1","status":"active"},{"id":"E2","status":"left"},`+
				`{"id":"E3","status":"active"},{"id":"E4","status":"active"}]}`)
		})
	}
	return o
}

func TestFaultsOneAnswer(t *testing.T) { Faults(t, oneAnswer(careful)) }

// One page of a system with pages is no fake for it, pages are none of a system without,
// and a column that is not there cannot vanish.
func TestFaultsFake(t *testing.T) {
	for _, c := range []struct {
		one              bool
		people, requests int
		unseen           []string
		good             bool
	}{
		{false, 3, 2, nil, true},
		{false, 3, 1, nil, false},
		{false, 2, 2, nil, false},
		{true, 3, 1, nil, true},
		{true, 3, 2, nil, false},
		{true, 2, 1, nil, false},
		{true, 3, 0, nil, false},
		{false, 3, 2, []string{"state"}, false},
	} {
		o := FaultOptions{OneAnswer: c.one}
		if err := o.judgeFake(c.people, c.requests, c.unseen); (err == nil) != c.good {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// A column that is empty for everybody, or that nobody reads, vanishes without a trace:
// that a source passes then says nothing about it.
func TestFaultsColumnThatProvesNothing(t *testing.T) {
	o := faultOptions(careful)
	o.Fake = func() http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			recorder := httptest.NewRecorder()
			fourPeople().ServeHTTP(recorder, r)
			_, _ = io.WriteString(w, strings.ReplaceAll(recorder.Body.String(), `"status"`, `"last_day":"","status"`))
		})
	}
	o.Columns = []string{`"status"`, `"last_day"`}
	var want source.Snapshot
	synctest.Test(t, func(t *testing.T) { want, _, _ = readFaulty(t, o, httpFault{}, 0) })
	if got := silentColumns(t, o, want); !slices.Equal(got, []string{`"last_day"`}) {
		t.Errorf("silent columns %q, want the last day alone", got)
	}
	o.Except = map[string]string{`without "last_day" from then on`: "nobody ever leaves"}
	if got := silentColumns(t, o, want); len(got) > 0 {
		t.Errorf("silent columns %q, want none: it is excepted", got)
	}
}

// What is careless fails in the fault that it is careless about.
func TestFaultsMutants(t *testing.T) {
	for c, fault := range map[carelessness]string{
		ignoresStatus:        "500 from then on",
		missingIsTheEnd:      "404 from then on",
		emptyIsTheEnd:        "empty 200",
		nullIsNobody:         "null",
		noStatusIsTerminated: `without "status"`,
		noStatusIsActive:     "without status",
		followsForEver:       "the answer before comes again and again",
		endsQuietly:          "connection ends in the body",
	} {
		t.Run(fault, func(t *testing.T) {
			if !found(t, faultOptions(c), fault) {
				t.Errorf("mutant %d is not found", c)
			}
			if paging := c == followsForEver || c == endsQuietly; !paging && !found(t, oneAnswer(c), fault) {
				t.Errorf("mutant %d is not found in one answer", c)
			}
		})
	}
}

// found reports whether a source fails in a fault.
func found(t *testing.T, o FaultOptions, fault string) bool {
	t.Helper()
	var want source.Snapshot
	var requests int
	synctest.Test(t, func(t *testing.T) { want, requests, _ = readFaulty(t, o, httpFault{}, 0) })
	is := false
	for _, f := range o.faults() {
		if f.name != fault {
			continue
		}
		for _, at := range places(requests) {
			synctest.Test(t, func(t *testing.T) { is = is || judgeFault(t, o, f, at, want) != nil })
		}
	}
	return is
}
