package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/provision-go/provision/internal/bench/measure"
	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/source/bamboohr"
	"github.com/provision-go/provision/source/bamboohr/bambootest"
)

const bambooKey = "bench"

// recorded answers what another handler answered, by address and body.
type recorded struct {
	from    http.Handler
	answers map[string]*httptest.ResponseRecorder
	bodies  [][]byte
}

// ServeHTTP answers. Until replay is called it asks the other handler, one request
// at a time.
func (h *recorded) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	question := r.URL.String()
	if r.Body != nil {
		body, _ := io.ReadAll(r.Body) // half a question is another one
		question += string(body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	answer := h.answers[question]
	if answer == nil {
		if h.from == nil {
			http.NotFound(w, r)
			return
		}
		answer = httptest.NewRecorder()
		h.from.ServeHTTP(answer, r)
		h.answers[question] = answer
		h.bodies = append(h.bodies, answer.Body.Bytes())
	}
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // the client sees what is missing
}

// size returns how many bytes the answers have.
func (h *recorded) size() int {
	size := 0
	for _, body := range h.bodies {
		size += len(body)
	}
	return size
}

// An employee is what encoding/json decodes a person into: the fields that the
// source asks for.
type employee struct {
	EmployeeID           string `json:"employeeId"`
	FirstName            string `json:"firstName"`
	LastName             string `json:"lastName"`
	PreferredName        string `json:"preferredName"`
	MiddleName           string `json:"middleName"`
	DisplayName          string `json:"displayName"`
	EmployeeNumber       string `json:"employeeNumber"`
	WorkEmail            string `json:"workEmail"`
	JobTitleName         string `json:"jobTitleName"`
	DepartmentName       string `json:"departmentName"`
	DepartmentID         string `json:"departmentId"`
	DivisionName         string `json:"divisionName"`
	DivisionID           string `json:"divisionId"`
	LocationName         string `json:"locationName"`
	LocationID           string `json:"locationId"`
	ReportsToID          string `json:"reportsToId"`
	Status               string `json:"status"`
	EmploymentStatusName string `json:"employmentStatusName"`
	HireDate             string `json:"hireDate"`
	OriginalHireDate     string `json:"originalHireDate"`
	TerminationDate      string `json:"terminationDate"`
}

var errPeople = errors.New("not everybody was read")

// bamboo measures reading people from BambooHR over HTTP on this machine: pages of
// the usual size, checked, cleaned and made into identities. The limit decodes the
// same bytes into structs, from memory, and does nothing else. What counts is CPU
// time; the server, whose pages are ready, and the wire are in ours.
func bamboo(ctx context.Context, r *results) error {
	const size = 100_000
	pages := &recorded{
		from: bambootest.New(bambootest.Config{
			APIKey: bambooKey, People: bambootest.Population(size), Clock: people.Noon,
		}),
		answers: map[string]*httptest.ResponseRecorder{},
	}
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
	hr, err := bamboohr.New(bamboohr.Config{
		BaseURL: "http://" + listener.Addr().String() + "/api", Private: true, Auth: bamboohr.APIKey(bambooKey), Clock: people.Noon,
	})
	if err != nil {
		return err
	}
	read := func() error {
		n := 0
		for _, err := range hr.Identities(ctx) {
			if err != nil {
				return err
			}
			n++
		}
		if n != size {
			return fmt.Errorf("%w: %d of %d", errPeople, n, size)
		}
		return nil
	}
	if err := read(); err != nil { // records
		return err
	}
	pages.from = nil
	times, err := r.rounds(size,
		measure.Side{Name: "bamboohr", Run: read},
		measure.Side{Name: "encoding/json", Run: func() error {
			n := 0
			for _, body := range pages.bodies {
				var page struct{ Data []employee }
				if err := json.Unmarshal(body, &page); err != nil {
					return err
				}
				n += len(page.Data)
			}
			if n != size {
				return fmt.Errorf("%w: %d of %d", errPeople, n, size)
			}
			return nil
		}},
	)
	if err != nil {
		return err
	}
	r.note("%d bytes per person", pages.size()/size)
	r.set("bamboohr-read", ratio(times[1].CPU, times[0].CPU))
	return nil
}
