// Package workday reads people from Workday.
//
//	wd, err := workday.New(workday.Config{
//		Connection: workday.Connection{
//			Host: "wd5-services1.myworkday.com", Tenant: "acme",
//			Auth: workday.Password("isu_provision", password),
//		},
//	})
//
// It yields everybody whom the integration user may see: who works, who has left, who
// has not started. A list is whole or an error; see [Source.Identities].
//
// # Two doors
//
// [New] reads workers through the SOAP operation Get_Workers, page by page, and knows
// changes and single people. [NewReport] reads a report of the company's own that is
// enabled as a web service (RaaS): one answer with everybody, whose columns are called
// as its author likes. Choose it if what is needed cannot be read otherwise, and keep
// in mind that a filter in the report decides who exists. Both decide in the same way
// where somebody stands. Workday's REST API is not used: it lacks most of the fields.
//
// # What an administrator has to set up
//
// An integration system user (ISU) in an integration system security group with Get
// on the domains of worker data that the table below needs (public reports, staffing,
// employment, organisations, work contact information, worker IDs), or an API client
// with these scopes for [Token]; for a report, a share with that user. Of workers whom
// the group does not cover, Workday says nothing at all: whoever loses sight of half of
// the company looks as if half of it had vanished. That is what the limits of package
// reconcile are for. A worker of whom no more than the reference may be seen leaves a
// finding, and nothing is decided about them; if that is everybody, the list is an
// error.
//
// # What is read of a worker
//
//	field               place below Worker_Data
//	id                  Worker_Reference, the Workday ID (WID)
//	kind                Worker_Reference, by the type of the other ID
//	employee_number     Worker_ID
//	alternate_ids       Employee_ID, Contingent_Worker_ID, Universal_ID
//	username            User_ID
//	given_name …        Personal_Data/Name_Data/Legal_Name_Data
//	preferred_name      Personal_Data/Name_Data/Preferred_Name_Data
//	display_name        the formatted preferred name, else the legal one
//	work_email          Personal_Data/Contact_Data/Email_Address_Data for WORK
//	job_title           the Business_Title of the primary position
//	employment_type     its Worker_Type_Reference and Position_Time_Type_Reference
//	location, country   its Business_Site_Summary_Data
//	manager             the last in Worker_Supervisory_Management_Chain_Data
//	department …        what Config.Units says, by type
//	hire_date           Hire_Date of Worker_Status_Data
//	original_hire_date  Original_Hire_Date
//	start_date          First_Day_of_Work
//	termination_date    Termination_Date, else End_Employment_Date
//	last_day            Termination_Last_Day_of_Work
//
// Several positions are in Identity.Employments. Config.Fields adds other places and
// calculated fields. Workday has no switch that asks for names without birth dates:
// whatever is not named here or there is passed over in the answer and never kept,
// and naming what provisioning has no business with is an error in New.
//
// The ID is the Workday ID, because it never changes; an employee ID can be edited.
// Somebody who becomes an employee after having been a contingent worker is another
// worker with another Workday ID and the same Worker_ID: [source.People], matching by
// employee number, makes one person of both.
//
// # Statuses
//
// The first that applies counts:
//
//   - Hire_Rescinded, Terminated or Retired, and not Active: Terminated, Terminated,
//     Retired. A hire that was rescinded is the end of an employment that never was.
//   - Terminated or Retired, and Active, and the last day is today, was yesterday or is
//     to come: Active, to their end. Otherwise, and for a rescinded hire: Unknown, with
//     a finding.
//   - On_Leave: OnLeave. Some kinds of leave make people inactive.
//   - Active: Active.
//   - Not active, and the first day is to come, is today or was yesterday: PreHire.
//   - Not active, and the last day is over: Terminated.
//   - Anything else: Unknown, with a finding.
//
// Somebody who is Active or on leave and whose first day is to come is PreHire, and so
// is somebody who has left and was hired again for later. A word of a report takes the
// place of the flags. Vocabulary.Status is asked first.
//
// # Days
//
// Days are the ten characters that Workday writes; the offset behind them is the
// server's. Workday answers for the present day in California unless it is asked for
// another: Config.Zone says where the day begins, for companies that end their day
// earlier. A termination is known when it has taken effect, not before.
//
// All pages of a list are about one day and one moment of entry; without that, people
// move from page to page. That moment is a minute behind the clock.
//
// Who will start is looked for in the transaction log, Config.PreHireDays ahead, since
// the list of a day need not have them, and is read as of the first day: before it, a
// worker has no position.
//
// # Limits and errors
//
// Workday publishes no quota. 429, 5xx without a fault and faults of the class Server
// are repeated; faults of the class Client are final, as is "The task submitted is not
// authorized", whatever its class. All requests only read.
//
// # Verified, and not
//
// Names and the order of elements are those of the schema as a public binding of it
// has them, requests those that Microsoft documents for its own connector, faults
// those that clients in public repositories show
// (https://learn.microsoft.com/entra/identity/app-provisioning/workday-integration-reference).
// Nothing was tried on a live tenant. Not documented, and therefore options or taken
// in whatever form: how large a page may be (999 is the most that clients use);
// whether references and criteria may be in one request, as here; whether an unknown
// reference is refused or skipped; whether the list of a day has future hires; what
// name a report wants from HTTP Basic; whether cells of a report are texts, numbers or
// instances; whether an empty report has a Report_Entry: it is an error either way.
package workday
