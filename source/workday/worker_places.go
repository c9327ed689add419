package workday

import "encoding/xml"

func statusShape(s *shape) {
	for name, at := range map[string]func(*status) *flag{
		wordActive: func(s *status) *flag { return &s.active }, wordTerminated: func(s *status) *flag { return &s.standing.terminated },
		wordRetired: func(s *status) *flag { return &s.retired }, wordRescinded: func(s *status) *flag { return &s.rescinded },
	} {
		s.at(name).onText(func(d *document, text, _ string) { d.worker.status.take(at(&d.worker.status), name, text) })
	}
	// There may be several leaves, and each may be over.
	s.at("Leave_Status_Data/" + wordOnLeave).onText(func(d *document, text, _ string) {
		var one flag
		d.worker.status.take(&one, wordOnLeave, text)
		d.worker.status.onLeave = max(d.worker.status.onLeave, one)
	})
	for name, at := range map[string]func(*status) *string{
		"Hire_Date": func(s *status) *string { return &s.hired }, "Original_Hire_Date": func(s *status) *string { return &s.originallyHired },
		"First_Day_of_Work": func(s *status) *string { return &s.firstDay }, "Termination_Date": func(s *status) *string { return &s.terminated },
		"End_Employment_Date":          func(s *status) *string { return &s.employmentEnd },
		"Termination_Last_Day_of_Work": func(s *status) *string { return &s.lastDay },
	} {
		s.at(name).onText(func(d *document, text, _ string) { *at(&d.worker.status) = text })
	}
}

func (s *status) take(into *flag, name, text string) {
	stated, known := flagOf(text)
	if !known {
		s.unread = append(s.unread, name)
	}
	*into = stated
}

func organizationShape(o *shape) {
	last := func(d *document) *organization { return &d.worker.organizations[len(d.worker.organizations)-1] }
	o.onOpen(func(d *document, _ []xml.Attr) {
		d.worker.organizations = append(d.worker.organizations, organization{})
	})
	data := o.at("Organization_Data")
	data.at("Organization_Reference_ID").onCommon(func(d *document, text, _ string) { last(d).id = text })
	data.at("Organization_Code").onCommon(func(d *document, text, _ string) { last(d).code = text })
	data.at("Organization_Name").onCommon(func(d *document, text, _ string) { last(d).name = text })
	data.at("Organization_Type_Reference/ID").onCommon(func(d *document, text, kind string) {
		if kind == "Organization_Type_ID" {
			last(d).kind = text
		}
	})
}

// chainShape reads who is above somebody, from the top down. Newer versions name the
// manager twice.
func chainShape(c *shape, at func(*worker) *[]person) {
	link := c.at("Management_Chain_Data")
	link.onOpen(func(d *document, _ []xml.Attr) { *at(&d.worker) = append(*at(&d.worker), person{}) })
	take := func(d *document, text, kind string) {
		chain := *at(&d.worker)
		chain[len(chain)-1].take(text, kind)
	}
	link.at("Manager_Reference/ID").onCommon(take)
	link.at("Manager/Worker_Reference/ID").onCommon(take)
}

func groupShape(g *shape) {
	last := func(d *document) *group { return &d.worker.groups[len(d.worker.groups)-1] }
	g.onOpen(func(d *document, _ []xml.Attr) { d.worker.groups = append(d.worker.groups, group{}) })
	g.at("Provisioning_Group").onCommon(func(d *document, text, _ string) { last(d).name = text })
	g.at("Status").onCommon(func(d *document, text, _ string) { last(d).status = text })
}
