package greenhousetest

import (
	"encoding/json"
	"time"
)

// IDs are digits. A Custom map holds custom fields by key: texts, numbers, booleans,
// lists of texts, or whatever stands in "value". Updated defaults to the present.

// A Candidate is a person who applied.
type Candidate struct {
	ID            string
	FirstName     string
	LastName      string
	PreferredName string
	Emails        []Email
	LinkedUsers   []string
	Custom        map[string]any
	Updated       time.Time
}

// An Email is an address; Type is "personal", "work" or "other".
type Email struct{ Value, Type string }

// An Application brings a candidate and a job together. Status is "in_process",
// "rejected", "hired" or "converted".
type Application struct {
	ID, Candidate, Job, Status string
	Custom                     map[string]any
	Updated                    time.Time
}

// An Offer is the current version of an offer. Status is "Created", "Accepted",
// "Rejected" or "Deprecated"; StartsOn is written as 2006-01-02.
type Offer struct {
	ID, Application, Status, StartsOn string
	Custom                            map[string]any
	Updated                           time.Time
}

// A Job has one department and any number of offices.
type Job struct {
	ID, Name, RequisitionID, Department string
	Offices                             []string
	Custom                              map[string]any
}

// A Place is a department or an office.
type Place struct{ ID, Name, ExternalID string }

type row map[string]any

// number writes an id as Greenhouse does.
func number(id string) any {
	if id == "" {
		return nil
	}
	return json.Number(id)
}

func numbers(ids []string) []any {
	all := []any{}
	for _, id := range ids {
		all = append(all, number(id))
	}
	return all
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func custom(fields map[string]any) map[string]any {
	all := map[string]any{}
	for key, value := range fields {
		kind := "short_text"
		switch value.(type) {
		case []string, []any:
			kind = "multi_select"
		case bool:
			kind = "yes_no"
		case map[string]any:
			kind = "single_select"
		}
		if typed, ok := value.(Typed); ok {
			kind, value = typed.Type, typed.Value
		}
		all[key] = map[string]any{"name": key, "type": kind, "value": value}
	}
	return all
}

// Typed is a custom field of a certain type, such as "currency".
type Typed struct {
	Type  string
	Value any
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func (s *Server) updated(t time.Time) string {
	if t.IsZero() {
		t = s.cfg.Clock()
	}
	return stamp(t)
}

// PutCandidates adds candidates, or replaces those with the same ID.
func (s *Server) PutCandidates(all ...Candidate) {
	for _, c := range all {
		emails := []any{}
		for _, e := range c.Emails {
			emails = append(emails, map[string]string{"value": e.Value, "type": e.Type})
		}
		s.put(Candidates, c.ID, row{
			"id": number(c.ID), "first_name": orNull(c.FirstName), "last_name": orNull(c.LastName),
			"preferred_name": orNull(c.PreferredName), "email_addresses": emails, "linked_user_ids": numbers(c.LinkedUsers),
			"custom_fields": custom(c.Custom), "updated_at": s.updated(c.Updated), "created_at": stamp(time.Unix(1_700_000_000, 0)),
			// What nobody needs for an account.
			"company": "Elsewhere Ltd.", "title": "Their title elsewhere", "private": false, "can_email": true, "tags": []string{"top"},
			"phone_numbers": []any{map[string]string{"value": "+1 518 555 0100", "type": "home"}},
			"addresses":     []any{map[string]string{"value": "123 Canary Street", "type": "home"}},
		})
	}
}

// PutApplications adds applications, or replaces those with the same ID.
func (s *Server) PutApplications(all ...Application) {
	for _, a := range all {
		s.put(Applications, a.ID, row{
			"id": number(a.ID), "candidate_id": number(a.Candidate), "job_id": number(a.Job), "status": orNull(a.Status),
			"prospect": false, "stage_name": "Offer", "rejected_at": nil, "custom_fields": custom(a.Custom),
			"updated_at": s.updated(a.Updated), "created_at": stamp(time.Unix(1_700_000_000, 0)),
			"answers": []any{map[string]string{"question": "Where do you live?", "answer": "123 Canary Street"}},
		})
	}
}

// PutOffers adds offers, or replaces those with the same ID. Their applications are
// known already.
func (s *Server) PutOffers(all ...Offer) {
	for _, o := range all {
		s.mu.Lock()
		application := s.tables[Applications].get(o.Application)
		s.mu.Unlock()
		s.put(Offers, o.ID, row{
			"id": number(o.ID), "version": 1, "application_id": number(o.Application), "candidate_id": application["candidate_id"],
			"job_id": application["job_id"], "opening_id": nil, "status": orNull(o.Status), "starts_on": orNull(o.StartsOn),
			"sent_on": nil, "resolved_at": nil, "custom_fields": custom(o.Custom),
			"updated_at": s.updated(o.Updated), "created_at": stamp(time.Unix(1_700_000_000, 0)),
		})
	}
}

// PutJobs adds jobs, or replaces those with the same ID.
func (s *Server) PutJobs(all ...Job) {
	for _, j := range all {
		s.put(Jobs, j.ID, row{
			"id": number(j.ID), "name": j.Name, "requisition_id": orNull(j.RequisitionID), "status": "open", "confidential": false,
			"department_id": number(j.Department), "office_ids": numbers(j.Offices), "custom_fields": custom(j.Custom),
			"updated_at": s.updated(time.Time{}), "created_at": stamp(time.Unix(1_700_000_000, 0)),
		})
	}
}

func (p Place) row() row {
	return row{"id": number(p.ID), "name": p.Name, "parent_id": nil, "external_id": orNull(p.ExternalID)}
}

func (s *Server) put(e Endpoint, id string, r row) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tables[e].put(id, r)
}

// Delete removes a record for good, without a word: a candidate with all applications
// and offers, an application with its offers.
func (s *Server) Delete(e Endpoint, ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		s.tables[e].remove(func(r row) bool { return text(r["id"]) == id })
		switch e {
		case Candidates:
			s.tables[Applications].remove(func(r row) bool { return text(r["candidate_id"]) == id })
			s.tables[Offers].remove(func(r row) bool { return text(r["candidate_id"]) == id })
		case Applications:
			s.tables[Offers].remove(func(r row) bool { return text(r["application_id"]) == id })
		default:
		}
	}
}

// Hide removes single records, as when the API user may not see them: a private
// candidate, a confidential job.
func (s *Server) Hide(e Endpoint, ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		s.tables[e].remove(func(r row) bool { return text(r["id"]) == id })
	}
}

// Merge gives all applications of a candidate to another one and deletes the first.
func (s *Server) Merge(from, into string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range []Endpoint{Applications, Offers} {
		for _, r := range s.tables[e].rows {
			if text(r["candidate_id"]) == from {
				r["candidate_id"], r["updated_at"] = number(into), s.updated(time.Time{})
			}
		}
	}
	s.tables[Candidates].remove(func(r row) bool { return text(r["id"]) == from })
}
