package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/provision-go/provision/internal/bench/measure"
	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/source/knit"
	"github.com/provision-go/provision/source/knit/knittest"
)

const (
	knitKey         = "bench"
	knitIntegration = "int_1"
)

// A knitEvent is what encoding/json decodes a push into: what the connector reads.
type knitEvent struct {
	EventID, EventType, SyncType, SyncDataType, SyncJobID, SyncRunID, RecordID, TriggeredAt string
	EventData                                                                               struct {
		Profile struct {
			ID, EmployeeNumber, FirstName, LastName, WorkEmail           string
			StartDate, TerminationDate, EmploymentStatus, EmploymentType string
		}
		OrgStructure struct {
			Designation, Department string
			Manager                 struct{ ID, WorkEmail string }
		}
		Locations struct {
			WorkAddress struct{ City, State, Country string }
		}
		ContactInfo struct{ PersonalEmails []string }
	}
}

// A knitRecord is what encoding/json decodes what is kept of a person into.
type knitRecord struct {
	RecordID   string   `json:"recordId"`
	ID         string   `json:"profile.id"`
	Number     string   `json:"profile.employeeNumber"`
	First      string   `json:"profile.firstName"`
	Last       string   `json:"profile.lastName"`
	Email      string   `json:"profile.workEmail"`
	Start      string   `json:"profile.startDate"`
	End        string   `json:"profile.terminationDate"`
	Status     string   `json:"profile.employmentStatus"`
	Type       string   `json:"profile.employmentType"`
	Title      string   `json:"orgStructure.designation"`
	Department string   `json:"orgStructure.department"`
	Manager    string   `json:"orgStructure.manager.id"`
	City       string   `json:"locations.workAddress.city"`
	Country    string   `json:"locations.workAddress.country"`
	Emails     []string `json:"contactInfo.personalEmails"`
}

// knitPeople measures both halves of Knit. The first reads people from a store in
// memory: listed, decoded and made into identities; its limit decodes the same bytes
// into structs. The other takes the pushes of an initial sync, without a wire: checked,
// decoded, compared with what is known and committed one by one; its limit decodes the
// same bytes and does nothing else.
func knitPeople(ctx context.Context, r *results) error {
	const size, taken = 100_000, 20_000
	fake := knittest.New(knittest.Config{APIKey: knitKey, People: knittest.Population(size), Clock: people.Noon})
	pushes := fake.Pushes(fake.Events("initial_sync"))
	connect := func() (*knit.Connector, *knit.Memory, error) {
		store := knit.NewMemory()
		c, err := knit.New(knit.Config{APIKey: knitKey, Store: store, Clock: people.Noon})
		return c, store, err
	}
	receive := func() error {
		c, _, err := connect()
		if err != nil {
			return err
		}
		return received(c, pushes[:taken])
	}
	// No goal: a commit costs what the store of a product takes.
	_, err := r.rounds(taken,
		measure.Side{Name: "knit-receive", Run: receive},
		measure.Side{Name: "encoding/json", Run: func() error {
			var bodies [][]byte
			for n := range pushes[:taken] {
				bodies = append(bodies, pushes[n].Body)
			}
			return decodeEach[knitEvent](bodies)
		}},
	)
	if err != nil {
		return err
	}

	connector, store, err := connect()
	if err != nil {
		return err
	}
	if err := received(connector, pushes); err != nil {
		return err
	}
	records, err := store.List(ctx, knitIntegration, "", size+1)
	if err != nil {
		return err
	}
	bodies := make([][]byte, len(records))
	for n := range records {
		bodies[n] = records[n].Body
	}
	times, err := r.rounds(size,
		measure.Side{Name: "knit-read", Run: func() error {
			n := 0
			for _, err := range connector.Source(knitIntegration).Identities(ctx) {
				if err != nil {
					return err
				}
				n++
			}
			if n != size {
				return fmt.Errorf("%w: %d of %d", errPeople, n, size)
			}
			return nil
		}},
		measure.Side{Name: "encoding/json", Run: func() error { return decodeEach[knitRecord](bodies) }},
	)
	if err != nil {
		return err
	}
	r.set("knit-read", ratio(times[1].CPU, times[0].CPU))
	return nil
}

// received pushes everything.
func received(to http.Handler, pushes []knittest.Push) error {
	if refused := knittest.Send(to, pushes); len(refused) > 0 {
		return fmt.Errorf("%w: %d pushes were refused", errPeople, len(refused))
	}
	return nil
}

func decodeEach[T any](bodies [][]byte) error {
	for _, body := range bodies {
		var one T
		if err := json.Unmarshal(body, &one); err != nil {
			return err
		}
	}
	return nil
}
