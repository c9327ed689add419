package successfactorstest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An entity has properties and navigations: texts, numbers, booleans, nil, instants,
// days, an entity, several.
type entity map[string]any

// A day is a civil date, "" for none.
type day string

// stored is a person, and when each of the parts was changed.
type stored struct {
	Person
	changed map[string]time.Time
	prints  map[string]string
}

// store compares a person with how they were before.
func store(p Person, before *stored, now time.Time) *stored {
	s := &stored{Person: p, changed: map[string]time.Time{}, prints: map[string]string{}}
	note := func(key string, parts ...any) {
		s.prints[key], s.changed[key] = fmt.Sprintf("%#v", parts), now
		if before != nil && before.prints[key] == s.prints[key] {
			s.changed[key] = before.changed[key]
		}
	}
	note("person", p.ID, p.UUID, p.DateOfBirth)
	note("personal", p.From, p.FirstName, p.MiddleName, p.LastName, p.PreferredName, p.DisplayName)
	note("emails", p.Emails)
	for _, e := range p.Employments {
		note("work "+e.UserID, e.Start, e.End, e.Original, e.Contingent, e.Class)
		note("user "+e.UserID, e.Username, e.UserEmail, e.UserStatus)
		note("jobs "+e.UserID, e.Jobs)
	}
	return s
}

// entityOf returns all of a person that is in force on the day of a request; with
// always, whatever was or will be, which is what filters look at (SAP note 2920680).
func (s *Server) entityOf(p *stored, asked *request, always bool) entity {
	today := s.cfg.Clock().UTC().Format(time.DateOnly)
	from, to := today, today
	switch {
	case asked.asOf != "":
		from, to = asked.asOf, asked.asOf
	case asked.from != "" && s.cfg.RangeReaches:
		from, to = asked.from, asked.to
	}
	inForce := func(start, end string) bool { return always || start <= to && (end == "" || end >= from) }
	e := entity{
		"personIdExternal": p.ID, "personId": "1" + p.ID, "perPersonUuid": null(p.UUID), "dateOfBirth": day(p.DateOfBirth),
		"lastModifiedDateTime": p.changed["person"], "personalInfoNav": []entity{}, "employmentNav": []entity{}, "emailNav": []entity{},
	}
	if inForce(p.From, "") {
		from := p.From
		if from == "" {
			from = "1990-01-01"
		}
		e["personalInfoNav"] = []entity{{
			"firstName": null(p.FirstName), "middleName": null(p.MiddleName), "lastName": null(p.LastName),
			"preferredName": null(p.PreferredName), "displayName": null(p.DisplayName), "startDate": day(from), "endDate": day("9999-12-31"),
			"lastModifiedDateTime": p.changed["personal"], "gender": null(p.Gender), "maritalStatus": null(p.MaritalStatus),
		}}
	}
	var emails []entity
	for _, m := range p.Emails {
		emails = append(emails, entity{
			"emailAddress": m.Address, "isPrimary": m.Primary, "emailType": "84" + strconv.Itoa(len(m.Type)+46),
			"emailTypeNav": entity{"id": "84" + strconv.Itoa(len(m.Type)+46), "externalCode": null(m.Type)}, "lastModifiedDateTime": p.changed["emails"],
		})
	}
	e["emailNav"] = emails
	var all []entity
	for n := range p.Employments {
		all = append(all, s.employmentOf(p, &p.Employments[n], inForce))
	}
	e["employmentNav"] = all
	return e
}

func (s *Server) employmentOf(p *stored, e *Employment, inForce func(start, end string) bool) entity {
	class := e.Class
	if class == "" {
		class = "ST"
	}
	w := entity{
		"userId": e.UserID, "personIdExternal": p.ID, "startDate": day(e.Start), "endDate": day(e.End), "originalStartDate": day(e.Original),
		"isContingentWorker": e.Contingent, "assignmentClass": class, "lastModifiedDateTime": p.changed["work "+e.UserID], "userNav": nil,
	}
	if e.UserStatus != "-" {
		status := e.UserStatus
		if status == "" {
			status = "t"
		}
		w["userNav"] = entity{
			"userId": e.UserID, "username": null(e.Username), "status": status, "email": null(e.UserEmail),
			"lastModifiedDateTime": p.changed["user "+e.UserID],
		}
	}
	jobs := []entity{}
	for _, j := range e.Jobs {
		if inForce(j.Start, j.End) {
			jobs = append(jobs, s.jobOf(p, e, &j))
		}
	}
	w["jobInfoNav"] = jobs
	return w
}

func (s *Server) jobOf(p *stored, e *Employment, j *Job) entity {
	end := j.End
	if end == "" {
		end = "9999-12-31"
	}
	option := func(code, id string) any {
		if code == "" {
			return nil
		}
		return entity{"id": id, "externalCode": code}
	}
	object := func(code string) any {
		if code == "" {
			return nil
		}
		o := entity{"externalCode": code, "name": null(s.cfg.Names[code]), "name_localized": null(s.cfg.Names[code]), "timezone": nil, "addressNavDEFLT": nil}
		if a, ok := s.cfg.Addresses[code]; ok {
			o["addressNavDEFLT"] = entity{"city": a[0], "country": a[1]}
		}
		return o
	}
	seq := j.Seq
	if seq == 0 {
		seq = 1
	}
	job := entity{
		"userId": e.UserID, "startDate": day(j.Start), "endDate": day(end), "seqNumber": strconv.Itoa(seq), "jobTitle": null(j.Title),
		"department": null(j.Department), "division": null(j.Division), "businessUnit": null(j.BusinessUnit), "company": null(j.Company),
		"costCenter": null(j.CostCenter), "location": null(j.Location), "managerId": null(j.Manager), "emplStatus": null(j.StatusID),
		"employeeClass": null(j.Class), "timezone": null(j.TimeZone), "lastModifiedDateTime": p.changed["jobs "+e.UserID], "payGrade": "GR-11",
		"customString1": nil, "customString2": nil, "customDate1": nil,
		"departmentNav": object(j.Department), "divisionNav": object(j.Division), "businessUnitNav": object(j.BusinessUnit),
		"companyNav": object(j.Company), "costCenterNav": object(j.CostCenter), "locationNav": object(j.Location),
		"emplStatusNav": option(j.Status, j.StatusID), "employeeClassNav": option(j.Class, "77"),
	}
	for name, text := range j.Custom {
		if strings.HasPrefix(name, "customDate") {
			job[name] = day(text)
		} else {
			job[name] = text
		}
	}
	return job
}

func null(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// write returns what a request asked for of a person.
func (s *Server) write(asked *request, p *stored, host string) any {
	return s.part(asked, s.entityOf(p, asked, false), s.schema["PerPerson"], "", host+"/odata/v2/PerPerson('"+p.ID+"')")
}

// part writes the properties that were asked for, and what was expanded.
func (s *Server) part(asked *request, e entity, k kind, before, address string) any {
	out := map[string]any{"__metadata": map[string]string{"uri": address, "type": "SFOData." + k.name}}
	for _, name := range k.properties {
		if slices.Contains(asked.selects, before+name) {
			out[name] = written(e[name])
		}
	}
	for name, to := range k.navs {
		if !slices.Contains(asked.expands, before+name) {
			continue
		}
		behind := s.schema[strings.TrimPrefix(to, "*")]
		switch v := e[name].(type) {
		case entity:
			out[name] = s.part(asked, v, behind, before+name+"/", address+"/"+name)
		case []entity:
			all := make([]any, len(v))
			for n := range v {
				all[n] = s.part(asked, v[n], behind, before+name+"/", address+"/"+name)
			}
			out[name] = map[string]any{"results": all}
		default:
			out[name] = nil
		}
	}
	return out
}

func written(v any) any {
	switch v := v.(type) {
	case time.Time:
		return "/Date(" + strconv.FormatInt(v.UnixMilli(), 10) + "+0000)/"
	case day:
		if v == "" {
			return nil
		}
		t, err := time.Parse(time.DateOnly, string(v))
		if err != nil {
			return string(v) // a day that a test wants to be written so
		}
		return "/Date(" + strconv.FormatInt(t.UnixMilli(), 10) + ")/"
	case json.Marshaler, string, bool, nil:
		return v
	}
	return nil
}
