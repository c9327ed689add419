package workdaytest

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"maps"
	"slices"
	"strings"
)

// A writer appends XML of Workday.
type writer struct{ bytes []byte }

func (w *writer) raw(texts ...string) *writer {
	for _, text := range texts {
		w.bytes = append(w.bytes, text...)
	}
	return w
}

func escaped(text string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(text)) // a buffer takes everything
	return out.String()
}

// leaf writes an element with a text, and nothing for none.
func (w *writer) leaf(name, text string) *writer {
	if text == "" {
		return w
	}
	return w.raw("<wd:", name, ">", escaped(text), "</wd:", name, ">")
}

func (w *writer) flag(name string, on bool) *writer {
	if on {
		return w.leaf(name, "1")
	}
	return w.leaf(name, "0")
}

// reference writes a reference with the IDs that there are: type and ID in turns.
func (w *writer) reference(name string, ids ...string) {
	w.raw("<wd:", name, ">")
	for pair := range slices.Chunk(ids, 2) {
		if pair[1] != "" {
			w.raw(`<wd:ID wd:type="`, pair[0], `">`, escaped(pair[1]), "</wd:ID>")
		}
	}
	w.raw("</wd:", name, ">")
}

func (w *writer) inside(name string, content func()) {
	w.raw("<wd:", name, ">")
	content()
	element, _, _ := strings.Cut(name, " ")
	w.raw("</wd:", element, ">")
}

func (p *Worker) reference(w *writer, name string) {
	w.reference(name, "WID", p.WID, "Employee_ID", p.EmployeeID, "Contingent_Worker_ID", p.ContingentID)
}

// worker renders one, with the parts that a question wants.
func (s *Server) worker(out *writer, p *Worker, q *question) {
	out.inside("Worker", func() {
		p.reference(out, "Worker_Reference")
		out.leaf("Worker_Descriptor", p.name(true))
		if p.Bare {
			return
		}
		out.inside("Worker_Data", func() {
			out.leaf("Worker_ID", cmp.Or(p.EmployeeID, p.ContingentID)).leaf("User_ID", p.UserID)
			if q.group["Include_Personal_Information"] {
				p.personal(out)
			}
			if q.group["Include_Employment_Information"] {
				s.employment(out, p, q)
			}
			begun := p.HireDate <= q.asOf // before it, nothing but the hire is in force
			if q.group["Include_Organizations"] && begun {
				p.organizations(out, q)
			}
			if q.group["Include_Management_Chain_Data"] && begun {
				out.inside("Management_Chain_Data", func() {
					out.inside("Worker_Supervisory_Management_Chain_Data", func() { s.managers(out, p.WID, q) })
				})
			}
			if q.group["Include_Account_Provisioning"] {
				p.groups(out)
			}
			if q.calculated {
				p.calculations(out)
			}
		})
	})
}

func (p *Worker) name(preferred bool) string {
	if preferred {
		return strings.TrimSpace(cmp.Or(p.PreferredFirstName, p.FirstName) + " " + cmp.Or(p.PreferredLastName, p.LastName))
	}
	return strings.Join(strings.Fields(p.FirstName+" "+p.MiddleName+" "+p.LastName), " ")
}

// personal renders what one switch brings: what is needed among what is not.
func (p *Worker) personal(out *writer) {
	detail := func(formatted, first, middle, last string) {
		out.raw(`<wd:Name_Detail_Data wd:Formatted_Name="`, escaped(formatted), `" wd:Reporting_Name="`, escaped(last+", "+first), `">`)
		out.reference("Country_Reference", "WID", "bc33aa3152ec42d4995f4791a106ed09", "ISO_3166-1_Alpha-2_Code", "US")
		out.leaf("First_Name", first).leaf("Middle_Name", middle).leaf("Last_Name", last).raw("</wd:Name_Detail_Data>")
	}
	out.inside("Personal_Data", func() {
		out.inside("Name_Data", func() {
			out.inside("Legal_Name_Data", func() { detail(p.name(false), p.FirstName, p.MiddleName, p.LastName) })
			out.inside("Preferred_Name_Data", func() {
				detail(p.name(true), cmp.Or(p.PreferredFirstName, p.FirstName), "", cmp.Or(p.PreferredLastName, p.LastName))
			})
		})
		out.raw("<wd:Gender>private-gender</wd:Gender><wd:Birth_Date>1999-09-09</wd:Birth_Date>")
		out.inside("Identification_Data", func() {
			out.raw("<wd:National_ID><wd:National_ID_Data><wd:ID>private-national-id</wd:ID></wd:National_ID_Data></wd:National_ID>")
		})
		out.inside("Contact_Data", func() {
			out.raw(`<wd:Address_Data wd:Formatted_Address="1 private street&amp;#xa;Nowhere"><wd:Municipality>private-city</wd:Municipality></wd:Address_Data>`,
				`<wd:Phone_Data wd:E164_Formatted_Phone="+10000000"><wd:Phone_Number>private-phone</wd:Phone_Number></wd:Phone_Data>`)
			p.email(out, p.HomeEmail, "HOME", "0")
			p.email(out, p.WorkEmail, "WORK", "1")
		})
		out.raw("<wd:Tobacco_Use>0</wd:Tobacco_Use>")
	})
}

func (p *Worker) email(out *writer, address, usage, public string) {
	if address == "" {
		return
	}
	out.inside("Email_Address_Data", func() {
		out.leaf("Email_Address", address).raw(`<wd:Usage_Data wd:Public="`, public, `"><wd:Type_Data wd:Primary="1">`)
		out.reference("Type_Reference", "WID", "1f27f250dfaa4724ab1e1617174281e4", "Communication_Usage_Type_ID", usage)
		out.raw("</wd:Type_Data></wd:Usage_Data>")
		out.raw("<wd:ID>EMAIL_REFERENCE-3-1</wd:ID>")
	})
}

func (s *Server) employment(out *writer, p *Worker, q *question) {
	out.inside("Employment_Data", func() {
		for n := range p.Positions {
			if p.HireDate > q.asOf {
				break
			}
			primary := "0"
			if n == 0 {
				primary = "1"
			}
			if n > 0 && !q.group["Include_Additional_Jobs"] {
				break
			}
			out.inside(`Worker_Job_Data wd:Primary_Job="`+primary+`"`, func() {
				p.position(out, &p.Positions[n])
				if manager := p.Positions[n].Manager; manager != "" {
					out.inside("Position_Management_Chains_Data", func() {
						out.inside("Position_Supervisory_Management_Chain_Data", func() {
							if m, known := s.known(manager, q.entered); known {
								link(out, &m)
							}
						})
					})
				}
			})
		}
		out.inside("Worker_Status_Data", func() { p.status(out, q.asOf) })
	})
}

func (p *Worker) position(out *writer, j *Position) {
	kind := "Employee_Type_ID"
	if p.ContingentID != "" {
		kind = "Contingent_Worker_Type_ID"
	}
	out.inside(`Position_Data wd:Effective_Date="`+p.HireDate+`"`, func() {
		out.reference("Position_Reference", "WID", "10e91088faac01c4cced8f6e020295be", "Position_ID", j.ID)
		out.leaf("Position_ID", j.ID).leaf("Position_Title", j.Title).leaf("Business_Title", j.Title).leaf("Start_Date", j.StartDate)
		out.reference("Worker_Type_Reference", "WID", "5aa443c785ff1044599de02ee3fb05d1", kind, j.WorkerType)
		out.reference("Position_Time_Type_Reference", "WID", "7142a30f5ed7104218357027034b0084", "Position_Time_Type_ID", j.TimeType)
		out.raw("<wd:Job_Exempt>0</wd:Job_Exempt><wd:Scheduled_Weekly_Hours>40</wd:Scheduled_Weekly_Hours>")
		out.reference("Pay_Rate_Type_Reference", "WID", "5aa443c785ff1044639b60f9cb430b30", "Pay_Rate_Type_ID", "private-pay")
		out.inside("Job_Profile_Summary_Data", func() {
			out.reference("Job_Profile_Reference", "WID", "5aa443c785ff104590f899c17b9355e1", "Job_Profile_ID", j.JobProfile)
			out.leaf("Job_Profile_Name", j.JobProfile)
		})
		out.inside("Business_Site_Summary_Data", func() {
			out.reference("Location_Reference", "WID", "9b10db154fdd105caf136478f57d66d8", "Location_ID", j.Location.ID)
			out.leaf("Name", j.Location.Name)
			out.inside("Address_Data", func() {
				out.reference("Country_Reference", "WID", "50423b5190ad49bb89e94cd58dfaad69", "ISO_3166-1_Alpha-2_Code", j.Location.Country,
					"ISO_3166-1_Alpha-3_Code", "XYZ")
				out.leaf("Municipality", j.Location.City)
			})
		})
	})
}

func (p *Worker) status(out *writer, day string) {
	// xsd:date with the offset of the server, as Workday writes it.
	date := func(name, day string) {
		if day != "" {
			out.leaf(name, day+"-08:00")
		}
	}
	over := p.over(day)
	out.flag("Active", p.active(day))
	date("Active_Status_Date", p.HireDate)
	date("Hire_Date", p.HireDate)
	date("Original_Hire_Date", cmp.Or(p.OriginalHireDate, p.HireDate))
	date("First_Day_of_Work", p.FirstDayOfWork)
	out.flag("Retired", p.Retired && over).flag("Terminated", over)
	if over {
		date("Termination_Date", p.TerminationDate)
		out.reference("Primary_Termination_Reason_Reference", "WID", "0000aaaa", "General_Event_Subcategory_ID", "private-reason")
	}
	out.flag("Hire_Rescinded", p.Rescinded)
	if over {
		date("Termination_Last_Day_of_Work", p.LastDayOfWork)
	}
	if p.OnLeave {
		out.raw("<wd:Leave_Status_Data><wd:Leave_of_Absence_Type_Reference><wd:ID wd:type=\"Leave_of_Absence_Type_ID\">private-leave</wd:ID>",
			"</wd:Leave_of_Absence_Type_Reference><wd:On_Leave>1</wd:On_Leave></wd:Leave_Status_Data>")
	}
}

// excluded reports whether a type of organisation is left out.
func excluded(kind string, q *question) bool {
	return q.group[map[string]string{
		"COST_CENTER": "Exclude_Cost_Centers", "COMPANY": "Exclude_Companies", "SUPERVISORY": "Exclude_Supervisory_Organizations",
		"BUSINESS_UNIT": "Exclude_Business_Units", "PAY_GROUP": "Exclude_Pay_Groups", "MATRIX": "Exclude_Matrix_Organizations",
		"REGION": "Exclude_Regions", "TEAM": "Exclude_Teams", "CUSTOM": "Exclude_Custom_Organizations",
	}[kind]]
}

func (p *Worker) organizations(out *writer, q *question) {
	out.inside("Organization_Data", func() {
		for _, o := range p.Units {
			if excluded(o.Type, q) {
				continue
			}
			out.inside("Worker_Organization_Data", func() {
				out.reference("Organization_Reference", "WID", "5aa443c785ff10458e224f3dc073494f", "Organization_Reference_ID", o.ID)
				out.inside("Organization_Data", func() {
					out.leaf("Organization_Reference_ID", o.ID).leaf("Organization_Code", o.Code).leaf("Organization_Name", o.Name)
					out.reference("Organization_Type_Reference", "WID", "36eab46012f6460ea7d08f85ef9ccb9a", "Organization_Type_ID", o.Type)
				})
			})
		}
	})
}

func (s *Server) managers(out *writer, wid string, q *question) {
	for _, m := range s.chain(wid, q.entered) {
		link(out, &m)
	}
}

func link(out *writer, m *Worker) {
	out.inside("Management_Chain_Data", func() {
		out.reference("Organization_Reference", "WID", "5aa443c785ff10458e224f3dc073494f", "Organization_Reference_ID", "SUP-"+m.WID)
		m.reference(out, "Manager_Reference")
		out.inside("Manager", func() { m.reference(out, "Worker_Reference"); out.leaf("Worker_Descriptor", m.name(true)) })
	})
}

func (p *Worker) groups(out *writer) {
	out.inside("Account_Provisioning_Data", func() {
		for _, name := range slices.Sorted(maps.Keys(p.Groups)) {
			out.inside("Provisioning_Group_Assignment_Data", func() { out.leaf("Provisioning_Group", name).leaf("Status", p.Groups[name]) })
		}
	})
}

func (p *Worker) calculations(out *writer) {
	for _, name := range slices.Sorted(maps.Keys(p.Calculated)) {
		out.inside("Integration_Field_Override_Data", func() {
			out.raw(`<wd:Field_Reference><wd:ID wd:type="WID">aa</wd:ID><wd:ID wd:type="Integration_Document_Field_Name" wd:parent_id="Service">`,
				escaped(name), `</wd:ID></wd:Field_Reference>`)
			out.leaf("Value", p.Calculated[name])
		})
	}
}
