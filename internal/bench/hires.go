package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/provision-go/provision/internal/bench/measure"
	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/ashby"
	"github.com/provision-go/provision/source/ashby/ashbytest"
	"github.com/provision-go/provision/source/greenhouse"
	"github.com/provision-go/provision/source/greenhouse/greenhousetest"
)

const manyHires = 100_000

// A hireReader is a source that reads hires from a fake of its system.
type hireReader struct {
	figure string
	fake   http.Handler
	open   func(address string) (source.Source, error)
	// decode decodes an answer into structs, and returns how many people it names.
	decode func(body []byte) (int, error)
}

// measure reads everybody over HTTP on this machine, from pages that are ready. The
// limit decodes the same bytes into structs, from memory, and does nothing else: it
// joins nothing. What counts is CPU time; the server and the wire are in ours.
func (h *hireReader) measure(ctx context.Context, r *results) error {
	pages := &recorded{from: h.fake, answers: map[string]*httptest.ResponseRecorder{}}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: pages, ReadHeaderTimeout: time.Minute}
	defer server.Close() //nolint:errcheck // nothing is lost with it
	go func() {
		_ = server.Serve(listener) // it ends when it is closed
	}()
	ats, err := h.open("http://" + listener.Addr().String())
	if err != nil {
		return err
	}
	read := func() error { return readHires(ctx, ats) }
	if err := read(); err != nil { // records
		return err
	}
	pages.from = nil
	decode := func() error {
		n := 0
		for _, body := range pages.bodies {
			found, err := h.decode(body)
			if err != nil {
				return err
			}
			n += found
		}
		if n != manyHires {
			return fmt.Errorf("%w: %d of %d", errPeople, n, manyHires)
		}
		return nil
	}
	times, err := r.rounds(manyHires, measure.Side{Name: ats.Name(), Run: read}, measure.Side{Name: "encoding/json", Run: decode})
	if err != nil {
		return err
	}
	bytes := 0
	for _, body := range pages.bodies {
		bytes += len(body)
	}
	r.note("%d bytes per person in %d answers", bytes/manyHires, len(pages.bodies))
	r.set(h.figure, ratio(times[1].CPU, times[0].CPU))
	return nil
}

func readHires(ctx context.Context, s source.Source) error {
	n := 0
	for _, err := range s.Identities(ctx) {
		if err != nil {
			return err
		}
		n++
	}
	if n != manyHires {
		return fmt.Errorf("%w: %d of %d", errPeople, n, manyHires)
	}
	return nil
}

// readGreenhouse measures reading hires from Greenhouse.
func readGreenhouse(ctx context.Context, r *results) error {
	cfg := greenhousetest.Population(manyHires)
	cfg.Clock = people.Noon
	reader := hireReader{
		figure: "greenhouse-read", fake: greenhousetest.New(cfg), decode: decodeGreenhouse,
		open: func(address string) (source.Source, error) {
			return greenhouse.New(greenhouse.Config{
				BaseURL: address + "/v3", TokenURL: address + "/token", Private: true, Clock: people.Noon,
				Auth: greenhouse.ClientCredentials("test-client", "test-secret", ""),
			})
		},
	}
	return reader.measure(ctx, r)
}

// A harvested is a record of any kind: the fields that the source asks for.
type harvested struct {
	ID             int64                          `json:"id"`
	CandidateID    int64                          `json:"candidate_id"`
	JobID          int64                          `json:"job_id"`
	ApplicationID  int64                          `json:"application_id"`
	Status         string                         `json:"status"`
	StartsOn       string                         `json:"starts_on"`
	UpdatedAt      string                         `json:"updated_at"`
	CustomFields   map[string]struct{ Value any } `json:"custom_fields"`
	FirstName      string                         `json:"first_name"`
	LastName       string                         `json:"last_name"`
	PreferredName  string                         `json:"preferred_name"`
	LinkedUserIDs  []int64                        `json:"linked_user_ids"`
	EmailAddresses []struct{ Value, Type string } `json:"email_addresses"`
	DepartmentID   int64                          `json:"department_id"`
	OfficeIDs      []int64                        `json:"office_ids"`
	Name           string                         `json:"name"`
}

func decodeGreenhouse(body []byte) (int, error) {
	if len(body) > 0 && body[0] == '{' {
		return 0, nil // a token
	}
	var rows []harvested
	if err := json.Unmarshal(body, &rows); err != nil {
		return 0, err
	}
	n := 0
	for i := range rows {
		if rows[i].FirstName != "" {
			n++
		}
	}
	return n, nil
}

// readAshby measures reading hires from Ashby.
func readAshby(ctx context.Context, r *results) error {
	cfg := ashbytest.Population(manyHires)
	cfg.Clock = people.Noon
	reader := hireReader{
		figure: "ashby-read", fake: ashbytest.New(cfg), decode: decodeAshby,
		open: func(address string) (source.Source, error) {
			return ashby.New(ashby.Config{BaseURL: address, Private: true, Clock: people.Noon, Auth: ashby.APIKey("test-key")})
		},
	}
	return reader.measure(ctx, r)
}

// An ashbyPage is an answer with records of any kind: the fields that the source takes.
type ashbyPage struct {
	Success           bool
	MoreDataAvailable bool
	NextCursor        string
	Results           []struct {
		ID, Status, UpdatedAt, Name string
		Candidate                   struct {
			ID, Name            string
			PrimaryEmailAddress struct{ Value string }
		}
		Job          struct{ ID, Title, DepartmentID, LocationID string }
		HiringTeam   []struct{ Role, Email, FirstName, LastName string }
		CustomFields []struct {
			ID, Title, ValueType string
			Value                any
		}
		ApplicationID, OfferStatus, AcceptanceStatus, DecidedAt string
		LatestVersion                                           struct{ StartDate string }
	}
}

func decodeAshby(body []byte) (int, error) {
	var page ashbyPage
	if err := json.Unmarshal(body, &page); err != nil {
		return 0, err
	}
	n := 0
	for i := range page.Results {
		if page.Results[i].Candidate.ID != "" {
			n++
		}
	}
	return n, nil
}
