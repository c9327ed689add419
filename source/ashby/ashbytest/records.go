package ashbytest

import (
	"strings"
	"time"
)

// IDs are UUIDs there; any text of letters, digits and hyphens will do here. A Custom
// map holds custom fields by title.

// A Candidate is a person who applied.
type Candidate struct{ ID, Name, Email string }

// An Application brings a candidate and a job together. Status is "Active", "Hired",
// "Archived" or "Lead".
type Application struct {
	ID, Candidate, Job, Status string
	Manager                    string // address of the hiring manager
	Custom                     map[string]any
	Updated                    time.Time // defaults to the present
}

// An Offer is an offer with its latest version. Status and Acceptance are the words of
// Ashby, such as "CandidateAccepted" and "Accepted"; StartDate is written as 2006-01-02.
type Offer struct {
	ID, Application, Status, Acceptance, StartDate, Decided string
	Custom                                                  map[string]any
}

// A Job has a department and a location.
type Job struct{ ID, Title, Department, Location string }

// A Place is a department or a location.
type Place struct{ ID, Name, City, Region, Country string }

// Typed is a custom field of a certain type, such as "Currency".
type Typed struct {
	Type  string
	Value any
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func fields(all map[string]any) []row {
	out := []row{}
	for title, value := range all {
		kind := "String"
		if typed, ok := value.(Typed); ok {
			kind, value = typed.Type, typed.Value
		}
		out = append(out, row{"id": "f-" + strings.ReplaceAll(title, " ", "-"), "title": title, "valueType": kind, "value": value})
	}
	return out
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// PutCandidates adds candidates, or replaces those with the same ID, in their
// applications too.
func (s *Server) PutCandidates(all ...Candidate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range all {
		s.people[c.ID] = c
		for _, r := range s.tables["application"].rows {
			if r["candidate"].(row)["id"] == c.ID {
				r["candidate"] = s.person(c.ID)
			}
		}
	}
}

// person is a candidate as an application shows them.
func (s *Server) person(id string) row {
	c := s.people[id]
	r := row{"id": id, "name": c.Name, "primaryEmailAddress": nil, "primaryPhoneNumber": row{"value": "+1 518 555 0100", "type": "Personal", "isPrimary": true}}
	if c.Email != "" {
		r["primaryEmailAddress"] = row{"value": c.Email, "type": "Personal", "isPrimary": true}
	}
	return r
}

// PutApplications adds applications, or replaces those with the same ID.
func (s *Server) PutApplications(all ...Application) {
	for _, a := range all {
		at := a.Updated
		if at.IsZero() {
			at = s.cfg.Clock()
		}
		s.put("application", a.ID, func() row {
			j := s.jobs[a.Job]
			team := []row{}
			if a.Manager != "" {
				team = append(team, row{"userId": "u-1", "firstName": "Mara", "lastName": "Okafor", "email": a.Manager, "role": "Hiring Manager"})
			}
			return row{
				"id": a.ID, "status": orNull(a.Status), "createdAt": stamp(time.Unix(1_700_000_000, 0)), "updatedAt": stamp(at),
				"candidate": s.person(a.Candidate), "hiringTeam": team, "customFields": fields(a.Custom),
				"job":           row{"id": j.ID, "title": j.Title, "departmentId": orNull(j.Department), "locationId": orNull(j.Location)},
				"archiveReason": nil, "currentInterviewStage": row{"id": "s-1", "title": "Offer", "type": "Offer"},
				// What nobody needs for an account.
				"submitterClientIp": "203.0.113.7", "submitterUserAgent": "canary",
			}
		})
	}
}

// PutOffers adds offers, or replaces those with the same ID.
func (s *Server) PutOffers(all ...Offer) {
	for _, o := range all {
		s.put("offer", o.ID, func() row {
			return row{
				"id": o.ID, "applicationId": o.Application, "offerStatus": orNull(o.Status), "acceptanceStatus": orNull(o.Acceptance),
				"decidedAt": orNull(o.Decided), "latestVersion": row{
					"id": "v-" + o.ID, "startDate": orNull(o.StartDate), "salary": row{"currencyCode": "USD", "value": 90_000},
					"createdAt": stamp(time.Unix(1_700_000_000, 0)), "openingId": nil, "customFields": fields(o.Custom), "fileHandles": []any{},
				},
			}
		})
	}
}

func (p Place) department() row {
	return row{"id": p.ID, "name": p.Name, "isArchived": false, "parentId": nil}
}

func (p Place) location() row {
	return row{"id": p.ID, "name": p.Name, "isArchived": false, "isRemote": false, "address": row{"postalAddress": row{
		"addressCountry": orNull(p.Country), "addressRegion": orNull(p.Region), "addressLocality": orNull(p.City),
	}}}
}

// candidate is the answer of candidate.info.
func (s *Server) candidate(id string) row {
	c, known := s.people[id]
	if !known {
		return refuse("candidate_not_found")
	}
	applications := []string{}
	for _, r := range s.tables["application"].rows {
		if r["candidate"].(row)["id"] == id {
			applications = append(applications, r["id"].(string))
		}
	}
	return row{"success": true, "results": row{
		"id": id, "name": c.Name, "applicationIds": applications, "emailAddresses": []any{}, "phoneNumbers": []any{}, "fraudStatus": "canary",
		"location": row{"locationSummary": "123 Canary Street"},
	}}
}

// Delete removes candidates for good, with their applications and offers.
func (s *Server) Delete(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		delete(s.people, id)
		gone := map[any]bool{}
		s.tables["application"].remove(func(r row) bool {
			if r["candidate"].(row)["id"] == id {
				gone[r["id"]] = true
			}
			return gone[r["id"]]
		})
		s.tables["offer"].remove(func(r row) bool { return gone[r["applicationId"]] })
	}
}

// HideApplications takes applications out of sight, with nothing else.
func (s *Server) HideApplications(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		s.tables["application"].remove(func(r row) bool { return r["id"] == id })
	}
}

// Merge gives all applications of a candidate to another one and deletes the first.
func (s *Server) Merge(from, into string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tables["application"]
	for n, r := range t.rows {
		if r["candidate"].(row)["id"] == from {
			s.version++
			r["candidate"], t.versions[n] = s.person(into), s.version
		}
	}
	delete(s.people, from)
}
