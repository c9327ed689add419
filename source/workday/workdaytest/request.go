package workdaytest

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The namespaces of a request.
const (
	soapSpace = "http://schemas.xmlsoap.org/soap/envelope/"
	wsseSpace = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	plainText = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"
)

// The limits and the default of a page.
const (
	defaultCount = 100
	maxCount     = 999
)

// A question is what Get_Workers was asked.
type question struct {
	version     string
	people      [][2]string // type and ID; nil for everybody
	skipUnknown bool
	log         *logWindow
	inactive    bool // inactive workers too
	calculated  bool
	asOf        string
	entered     time.Time // zero: now
	page, count int
	group       map[string]bool
}

type logWindow struct {
	effective     bool
	from, through time.Time
	hiresOnly     bool
}

// read takes a request apart.
func (s *Server) read(r *http.Request, path string, body []byte) (*question, *refusal) {
	q := &question{page: 1, count: defaultCount, group: map[string]bool{}}
	parts := strings.Split(path, "/")
	if len(parts) != 3 || parts[0] != s.cfg.Tenant || parts[1] != "Human_Resources" || !regexp.MustCompile(`^v\d\d\.\d$`).MatchString(parts[2]) {
		return q, invalid("", "The web service or version is invalid for the requested operation")
	}
	envelope := tree{}
	if err := xml.Unmarshal(body, &envelope); err != nil || envelope.XMLName != (xml.Name{Space: soapSpace, Local: "Envelope"}) {
		return q, &refusal{code: "Client", text: "the request is no SOAP envelope"}
	}
	if !s.bearer(r) && !s.token(&envelope) {
		return q, &refusal{code: "Client.authenticationError", text: "invalid username or password"}
	}
	asked := envelope.child("Body").child("Get_Workers_Request")
	if asked == nil {
		return q, invalid("", "there is no Get_Workers_Request")
	}
	if q.version = asked.attribute("version"); q.version != parts[2] {
		return q, invalid("", "the version is not the one of the address")
	}
	if f := asked.sequence("", "Request_References Request_Criteria Response_Filter Response_Group"); f != nil {
		return q, f
	}
	for _, step := range []func(*tree) *refusal{q.references, q.criteria, q.filter, q.switches} {
		if f := step(asked); f != nil {
			return q, f
		}
	}
	if provider := asked.child("Request_Criteria").child("Field_And_Parameter_Criteria_Data"); provider != nil {
		id := provider.child("Provider_Reference").child("ID")
		if id.attribute("type") != "WID" || id.text() != s.cfg.FieldService {
			return q, unknownID(id.text(), id.attribute("type"))
		}
		q.calculated = true
	}
	return q, nil
}

func unknownID(id, kind string) *refusal {
	return invalid("/Request_References", fmt.Sprintf("Invalid ID value.  '%s' is not a valid ID value for type = '%s'", id, kind))
}

// token checks a UsernameToken.
func (s *Server) token(envelope *tree) bool {
	security := envelope.child("Header").child("Security")
	if security == nil || security.XMLName.Space != wsseSpace {
		return false
	}
	name, password := security.child("UsernameToken").child("Username"), security.child("UsernameToken").child("Password")
	return name != nil && password != nil && password.attribute("Type") == plainText &&
		name.Text == s.cfg.User+"@"+s.cfg.Tenant && same(password.Text, s.cfg.Password)
}

func (q *question) references(asked *tree) *refusal {
	references := asked.child("Request_References")
	if references == nil {
		return nil
	}
	q.people = [][2]string{}
	q.skipUnknown = isTrue(references.attribute("Skip_Non_Existing_Instances"))
	if f := references.sequence("/Request_References", "Worker_Reference*"); f != nil {
		return f
	}
	for n := range references.Inner {
		id := references.Inner[n].child("ID")
		switch kind := id.attribute("type"); kind {
		case "WID", "Employee_ID", "Contingent_Worker_ID":
			q.people = append(q.people, [2]string{kind, id.text()})
		default:
			return invalid("/Request_References", "'"+kind+"' is not a valid type")
		}
	}
	return nil
}

func (q *question) criteria(asked *tree) *refusal {
	const path = "/Request_Criteria"
	criteria := asked.child("Request_Criteria")
	if criteria == nil {
		return nil
	}
	if f := criteria.sequence(path, `Transaction_Log_Criteria_Data Field_And_Parameter_Criteria_Data
		Exclude_Inactive_Workers Exclude_Employees Exclude_Contingent_Workers`); f != nil {
		return f
	}
	q.inactive = criteria.child("Exclude_Inactive_Workers").text() == "false"
	if isTrue(criteria.child("Exclude_Employees").text()) || isTrue(criteria.child("Exclude_Contingent_Workers").text()) {
		return invalid(path, "this fake has no kinds of workers to leave out")
	}
	log := criteria.child("Transaction_Log_Criteria_Data")
	if log == nil {
		return nil
	}
	if f := log.sequence(path, "Transaction_Date_Range_Data Transaction_Type_References"); f != nil {
		return f
	}
	q.log = &logWindow{}
	window := log.child("Transaction_Date_Range_Data")
	if f := window.sequence(path, "Updated_From Updated_Through Effective_From Effective_Through"); f != nil {
		return f
	}
	kind := "Updated"
	if window.child("Effective_From") != nil {
		kind, q.log.effective = "Effective", true
	}
	var err1, err2 error
	q.log.from, err1 = time.Parse(time.RFC3339, window.child(kind+"_From").text())
	q.log.through, err2 = time.Parse(time.RFC3339, window.child(kind+"_Through").text())
	if err1 != nil || err2 != nil || q.log.through.Before(q.log.from) || len(window.Inner) != 2 {
		return invalid(path, "the window is none")
	}
	if types := log.child("Transaction_Type_References"); types != nil {
		for n := range types.Inner {
			id := types.Inner[n].child("ID")
			if id.attribute("type") != "Business_Process_Type" || id.text() != "Hire Employee" && id.text() != "Contract Contingent Worker" {
				return unknownID(id.text(), id.attribute("type"))
			}
		}
		q.log.hiresOnly = true
	}
	return nil
}

func (q *question) filter(asked *tree) *refusal {
	const path = "/Response_Filter"
	filter := asked.child("Response_Filter")
	if filter == nil {
		return nil
	}
	if f := filter.sequence(path, "As_Of_Effective_Date As_Of_Entry_DateTime Page Count"); f != nil {
		return f
	}
	q.asOf = filter.child("As_Of_Effective_Date").text()
	if _, err := time.Parse(time.DateOnly, q.asOf); q.asOf != "" && err != nil {
		return invalid(path+"/As_Of_Effective_Date", "it is no date")
	}
	if text := filter.child("As_Of_Entry_DateTime").text(); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return invalid(path+"/As_Of_Entry_DateTime", "it is no moment")
		}
		q.entered = at
	}
	for name, into := range map[string]*int{"Page": &q.page, "Count": &q.count} {
		if text := filter.child(name).text(); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 || name == "Count" && n > maxCount {
				return invalid(path+"/"+name, name+" number cannot be zero, or is too large.")
			}
			*into = n
		}
	}
	return nil
}

// switches reads the response group.
func (q *question) switches(asked *tree) *refusal {
	group := asked.child("Response_Group")
	if group == nil {
		return nil
	}
	if f := group.sequence("/Response_Group", `Include_Reference Include_Personal_Information Include_Additional_Jobs
		Include_Employment_Information Include_Compensation Include_Organizations Exclude_Organization_Support_Role_Data
		Exclude_Location_Hierarchies Exclude_Cost_Centers Exclude_Cost_Center_Hierarchies Exclude_Companies Exclude_Company_Hierarchies
		Exclude_Matrix_Organizations Exclude_Pay_Groups Exclude_Regions Exclude_Region_Hierarchies Exclude_Supervisory_Organizations
		Exclude_Teams Exclude_Custom_Organizations Include_Roles Include_Management_Chain_Data
		Include_Multiple_Managers_in_Management_Chain_Data Include_User_Account Include_Account_Provisioning Exclude_Funds
		Exclude_Fund_Hierarchies Exclude_Grants Exclude_Grant_Hierarchies Exclude_Business_Units Exclude_Business_Unit_Hierarchies
		Exclude_Programs Exclude_Program_Hierarchies Exclude_Gifts Exclude_Gift_Hierarchies`); f != nil {
		return f
	}
	for n := range group.Inner {
		if isTrue(group.Inner[n].text()) {
			q.group[group.Inner[n].XMLName.Local] = true
		}
	}
	return nil
}

func isTrue(text string) bool { return text == "true" || text == "1" }
