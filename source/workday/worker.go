package workday

import (
	"encoding/xml"

	"github.com/provision-go/provision/source"
)

// The kinds of IDs that matter.
const (
	kindWID        = "WID"
	kindEmployee   = "Employee_ID"
	kindContingent = "Contingent_Worker_ID"
	kindUniversal  = "Universal_ID"
)

// A worker is what was read of one.
type worker struct {
	ref                           person
	stated                        bool // there is Worker_Data: the security group may see something
	workerID, userID, universalID string

	legal, preferred fullName
	emails           []email
	jobs             []job
	status           status
	organizations    []organization
	chain            []person // managers, the nearest last
	groups           []group
	custom           []value
}

// A person is a worker by reference.
type person struct{ wid, employee, contingent string }

func (p *person) take(text, kind string) {
	switch kind {
	case kindWID:
		p.wid = text
	case kindEmployee:
		p.employee = text
	case kindContingent:
		p.contingent = text
	}
}

// number returns the employee or contingent worker ID.
func (p *person) number() string {
	if p.employee != "" {
		return p.employee
	}
	return p.contingent
}

type fullName struct{ formatted, given, middle, family string }

type email struct {
	address                          string
	work, home, workFirst, homeFirst bool
	first                            bool // of the usage that is read
}

type job struct {
	primary, additional bool // stated as such
	id, title, profile  string
	workerType, hours   string
	begin, end          string
	place               site
	chain               []person
	custom              []value
}

type site struct{ id, name, city, region, country string }

type status struct {
	standing
	unread                             []string // flags that are none
	hired, originallyHired, firstDay   string
	terminated, employmentEnd, lastDay string
}

type organization struct{ id, code, name, kind string }

type group struct{ name, status string }

// A value is a text for a column.
type value struct {
	column int
	text   string
}

// workerShape says what of a worker is read. The paths are those of version 30 and
// later; in version 21 a position lies directly in Employment_Data.
func workerShape(w *shape, columns []column, cfg *Config) {
	w.onOpen(func(d *document, _ []xml.Attr) { d.worker = worker{} })
	w.onShut(func(d *document) { d.done(&d.worker) })
	w.at("Worker_Reference/ID").onText(func(d *document, text, kind string) { d.worker.ref.take(text, kind) })
	data := w.at("Worker_Data")
	data.onOpen(func(d *document, _ []xml.Attr) { d.worker.stated = true })
	data.at("Worker_ID").onText(func(d *document, text, _ string) { d.worker.workerID = text })
	data.at("Universal_ID").onText(func(d *document, text, _ string) { d.worker.universalID = text })
	data.at("User_ID").onText(func(d *document, text, _ string) { d.worker.userID = text })

	names := data.at("Personal_Data/Name_Data")
	nameShape(names.at("Legal_Name_Data/Name_Detail_Data"), func(w *worker) *fullName { return &w.legal })
	nameShape(names.at("Preferred_Name_Data/Name_Detail_Data"), func(w *worker) *fullName { return &w.preferred })
	emailShape(data.at("Personal_Data/Contact_Data/Email_Address_Data"))

	jobs := data.at("Employment_Data/Worker_Job_Data")
	jobs.onOpen(func(d *document, attributes []xml.Attr) {
		stated, _ := flagOf(attribute(attributes, "Primary_Job"))
		d.worker.jobs = append(d.worker.jobs, job{primary: stated == yes, additional: stated == no})
	})
	jobShape(jobs.at("Position_Data"))
	chainShape(jobs.at("Position_Management_Chains_Data/Position_Supervisory_Management_Chain_Data"),
		func(w *worker) *[]person { return &w.job().chain })
	direct := data.at("Employment_Data/Position_Data")
	direct.onOpen(func(d *document, _ []xml.Attr) { d.worker.jobs = append(d.worker.jobs, job{primary: true}) })
	jobShape(direct)

	statusShape(data.at("Employment_Data/Worker_Status_Data"))
	organizationShape(data.at("Organization_Data/Worker_Organization_Data"))
	chainShape(data.at("Management_Chain_Data/Worker_Supervisory_Management_Chain_Data"), func(w *worker) *[]person { return &w.chain })
	if cfg.ProvisioningGroups {
		groupShape(data.at("Account_Provisioning_Data/Provisioning_Group_Assignment_Data"))
	}
	customShape(w, columns)
}

func nameShape(n *shape, at func(*worker) *fullName) {
	n.onOpen(func(d *document, attributes []xml.Attr) {
		at(&d.worker).formatted = attribute(attributes, "Formatted_Name")
	})
	n.at("First_Name").onText(func(d *document, text, _ string) { at(&d.worker).given = text })
	n.at("Middle_Name").onText(func(d *document, text, _ string) { at(&d.worker).middle = text })
	n.at("Last_Name").onText(func(d *document, text, _ string) { at(&d.worker).family = text })
}

func emailShape(e *shape) {
	last := func(d *document) *email { return &d.worker.emails[len(d.worker.emails)-1] }
	e.onOpen(func(d *document, _ []xml.Attr) { d.worker.emails = append(d.worker.emails, email{}) })
	e.at("Email_Address").onText(func(d *document, text, _ string) { last(d).address = text })
	usage := e.at("Usage_Data/Type_Data")
	usage.onOpen(func(d *document, attributes []xml.Attr) {
		primary, _ := flagOf(attribute(attributes, "Primary"))
		last(d).first = primary == yes
	})
	usage.at("Type_Reference/ID").onText(func(d *document, text, kind string) {
		switch mail := last(d); {
		case kind != "Communication_Usage_Type_ID":
		case text == "WORK":
			mail.work, mail.workFirst = true, mail.workFirst || mail.first
		case text == "HOME":
			mail.home, mail.homeFirst = true, mail.homeFirst || mail.first
		}
	})
}

// job returns the position that is being read.
func (w *worker) job() *job { return &w.jobs[len(w.jobs)-1] }

func jobShape(p *shape) {
	text := func(name string, set func(j *job, text string)) {
		p.at(name).onCommon(func(d *document, text, _ string) { set(d.worker.job(), text) })
	}
	id := func(name, wanted string, set func(j *job, text string)) {
		p.at(name + "/ID").onCommon(func(d *document, text, kind string) {
			if kind == wanted {
				set(d.worker.job(), text)
			}
		})
	}
	p.at("Position_ID").onText(func(d *document, text, _ string) { d.worker.job().id = text })
	text("Business_Title", func(j *job, text string) { j.title = text })
	text("Position_Title", func(j *job, text string) { j.profile = text })
	text("Start_Date", func(j *job, text string) { j.begin = text })
	text("End_Date", func(j *job, text string) { j.end = text })
	text("End_Employment_Date", func(j *job, text string) { j.end = text })
	id("Worker_Type_Reference", "Employee_Type_ID", func(j *job, text string) { j.workerType = text })
	id("Worker_Type_Reference", "Contingent_Worker_Type_ID", func(j *job, text string) { j.workerType = text })
	id("Position_Time_Type_Reference", "Position_Time_Type_ID", func(j *job, text string) { j.hours = text })
	text("Business_Site_Summary_Data/Name", func(j *job, text string) { j.place.name = text })
	id("Business_Site_Summary_Data/Location_Reference", "Location_ID", func(j *job, text string) { j.place.id = text })
	// The address of the place of work; home addresses are elsewhere.
	text("Business_Site_Summary_Data/Address_Data/Municipality", func(j *job, text string) { j.place.city = text })
	text("Business_Site_Summary_Data/Address_Data/Country_Region_Descriptor", func(j *job, text string) { j.place.region = text })
	id("Business_Site_Summary_Data/Address_Data/Country_Reference", "ISO_3166-1_Alpha-2_Code",
		func(j *job, text string) { j.place.country = text })
}

// kind says what sort of worker this is.
func (w *worker) kind() source.Kind {
	switch {
	case w.ref.employee != "":
		return source.KindEmployee
	case w.ref.contingent != "":
		return source.KindContingent
	}
	return source.KindUnknown
}
