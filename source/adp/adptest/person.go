package adptest

import "encoding/json"

// A Person is a worker. Empty fields are left out of the answers, as ADP does.
type Person struct {
	AOID, WorkerID                            string
	GivenName, MiddleName, FamilyName         string
	SecondFamilyName, NamePrefix, Preferred   string
	WorkEmail, PersonalEmail                  Mail
	Status                                    Code
	OriginalHireDate, RehireDate, Termination string
	Assignments                               []Assignment
	Custom                                    map[string]string // string fields of the worker, by name
}

// A Code is an id with a name.
type Code struct{ Value, Name string }

// A Mail is an e-mail address with its kind.
type Mail struct{ Address, Kind string }

// An Assignment is one of the work assignments of a worker.
type Assignment struct {
	ItemID                           string
	Primary                          bool
	Status                           Code
	HireDate, StartDate, Termination string
	JobTitle, PositionID             string
	WorkerType, WorkLevel            Code
	Units                            []Unit
	Location                         Code
	City, Region, Country            string
	ReportsTo                        []Superior
	Custom                           map[string]string // string fields, by name
}

// A Unit is an organisational unit that somebody belongs to.
type Unit struct {
	Type Code
	Code string
	Name string
}

// A Superior is somebody to whom somebody reports.
type Superior struct{ AOID, WorkerID, Name, Relation string }

// Canary stands in everything that a worker has and that nobody may read: national ids,
// birth dates, home addresses, pay, the reason for a dismissal.
const Canary = "CANARY-PRIVATE"

type object = map[string]any

// put sets a member unless it is empty.
func put(o object, name string, v any) {
	switch v := v.(type) {
	case string:
		if v != "" {
			o[name] = v
		}
	case object:
		if len(v) > 0 {
			o[name] = v
		}
	case []any:
		if len(v) > 0 {
			o[name] = v
		}
	}
}

func (c Code) json() object {
	o := object{}
	put(o, "codeValue", c.Value)
	put(o, "shortName", c.Name)
	return o
}

func (m Mail) json() object {
	o := object{}
	if m.Address == "" {
		return o
	}
	email := object{"emailUri": m.Address}
	put(email, "nameCode", Code{Value: m.Kind}.json())
	o["emails"] = []any{email}
	return o
}

func customFields(fields map[string]string) object {
	var all []any
	for name, value := range fields {
		all = append(all, object{"nameCode": Code{Value: name, Name: name}.json(), "stringValue": value, "itemID": "9200000"})
	}
	o := object{}
	put(o, "stringFields", all)
	return o
}

// JSON returns the worker as ADP sends one.
func (p *Person) JSON() []byte {
	legal := object{}
	put(legal, "givenName", p.GivenName)
	put(legal, "middleName", p.MiddleName)
	put(legal, "familyName1Prefix", p.NamePrefix)
	put(legal, "familyName1", p.FamilyName)
	put(legal, "familyName2", p.SecondFamilyName)
	put(legal, "formattedName", p.FamilyName+", "+p.GivenName)
	preferred := object{}
	put(preferred, "givenName", p.Preferred)
	person := object{
		"birthDate": Canary, "genderCode": object{"codeValue": Canary}, "maritalStatusCode": object{"codeValue": Canary},
		"governmentIDs": []any{object{"idValue": Canary, "nameCode": object{"codeValue": "SSN"}}},
		"legalAddress":  object{"lineOne": Canary, "cityName": Canary, "countryCode": Canary},
		"legalName":     legal,
	}
	put(person, "preferredName", preferred)
	put(person, "communication", p.PersonalEmail.json())
	dates := object{}
	put(dates, "originalHireDate", p.OriginalHireDate)
	put(dates, "rehireDate", p.RehireDate)
	put(dates, "terminationDate", p.Termination)
	worker := object{"associateOID": p.AOID, "person": person}
	if p.WorkerID != "" {
		worker["workerID"] = object{"idValue": p.WorkerID, "schemeCode": object{"codeValue": "Worker ID"}}
	}
	put(worker, "businessCommunication", p.WorkEmail.json())
	put(worker, "workerDates", dates)
	put(worker, "customFieldGroup", customFields(p.Custom))
	if p.Status != (Code{}) {
		worker["workerStatus"] = object{"statusCode": p.Status.json(), "reasonCode": object{"codeValue": Canary}}
	}
	var assignments []any
	for i := range p.Assignments {
		assignments = append(assignments, p.Assignments[i].json())
	}
	put(worker, "workAssignments", assignments)
	body, err := json.Marshal(worker)
	if err != nil {
		return []byte(`null`)
	}
	return body
}

func (a *Assignment) json() object {
	o := object{"primaryIndicator": a.Primary, "baseRemuneration": object{"annualRateAmount": object{"amountValue": Canary}}}
	put(o, "itemID", a.ItemID)
	if a.Status != (Code{}) {
		o["assignmentStatus"] = object{"statusCode": a.Status.json(), "reasonCode": object{"codeValue": Canary}}
	}
	put(o, "hireDate", a.HireDate)
	put(o, "actualStartDate", a.StartDate)
	put(o, "terminationDate", a.Termination)
	put(o, "jobTitle", a.JobTitle)
	put(o, "positionID", a.PositionID)
	put(o, "workerTypeCode", a.WorkerType.json())
	put(o, "workLevelCode", a.WorkLevel.json())
	put(o, "customFieldGroup", customFields(a.Custom))
	var units, superiors []any
	for _, u := range a.Units {
		units = append(units, object{"typeCode": u.Type.json(), "nameCode": Code{Value: u.Code, Name: u.Name}.json()})
	}
	put(o, "homeOrganizationalUnits", units)
	address := object{}
	put(address, "cityName", a.City)
	put(address, "countrySubdivisionLevel1", Code{Value: a.Region}.json())
	put(address, "countryCode", a.Country)
	location := object{}
	put(location, "nameCode", a.Location.json())
	put(location, "address", address)
	put(o, "homeWorkLocation", location)
	for _, m := range a.ReportsTo {
		superior := object{}
		put(superior, "associateOID", m.AOID)
		if m.WorkerID != "" {
			superior["workerID"] = object{"idValue": m.WorkerID}
		}
		if m.Name != "" {
			superior["reportsToWorkerName"] = object{"formattedName": m.Name}
		}
		put(superior, "reportsToRelationshipCode", Code{Value: m.Relation}.json())
		superiors = append(superiors, superior)
	}
	put(o, "reportsTo", superiors)
	return o
}
