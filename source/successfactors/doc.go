// Package successfactors reads people from SAP SuccessFactors Employee Central, by the
// OData API, version 2.
//
//	hr, err := successfactors.New(successfactors.Config{
//		BaseURL: "https://api4.successfactors.com/odata/v2",
//		Auth: successfactors.SAMLBearer(successfactors.SAML{
//			CompanyID: "acme", APIKey: key, UserID: "sfapi",
//			PrivateKey: successfactors.Key(pem), Certificate: certificate,
//		}),
//	})
//
// It yields everybody whom the API user may see: who works, who has left, who has not
// started. A list is whole or an error; see [Source.Identities]. Each identity is a
// person; their employments are in Identity.Employments. Where one person was entered
// twice, [source.People] joins them by what they share, and [source.Merge] puts other
// sources beside this one.
//
// # What an administrator has to set up
//
// An OAuth client under Manage OAuth2 Client Applications, with an X.509 certificate
// whose private key nobody else has, and a user of its own for it, who may read PerPerson
// and what is expanded below, of everybody, inactive users and history too, and nothing
// to write. Whoever the user may not see is not in the list, without a word from
// SuccessFactors: whoever loses sight of half of the company looks as if half of it had
// vanished. That is what the limits of package reconcile are for.
//
// The assertion is made and signed here, with RSA and SHA-256. The endpoint /oauth/idp,
// which wants to be sent the private key and goes away in 2027, is never asked; HTTP
// Basic, which SuccessFactors retired in November 2026, is not offered.
//
// # What is asked for
//
//	field               property of PerPerson
//	employee_number     personIdExternal
//	given_name          personalInfoNav/firstName
//	middle_name         personalInfoNav/middleName
//	family_name         personalInfoNav/lastName
//	preferred_name      personalInfoNav/preferredName
//	display_name        personalInfoNav/displayName
//	hire_date           employmentNav/startDate
//	original_hire_date  employmentNav/originalStartDate
//	termination_date    employmentNav/endDate
//	kind                employmentNav/isContingentWorker
//	username            employmentNav/userNav/username
//	employment_type     employmentNav/jobInfoNav/employeeClassNav/externalCode
//	job_title           employmentNav/jobInfoNav/jobTitle
//	department          employmentNav/jobInfoNav/departmentNav
//	division            employmentNav/jobInfoNav/divisionNav
//	business_unit       employmentNav/jobInfoNav/businessUnitNav
//	legal_entity        employmentNav/jobInfoNav/companyNav
//	cost_center         employmentNav/jobInfoNav/costCenterNav
//	location            employmentNav/jobInfoNav/locationNav
//	time_zone           employmentNav/jobInfoNav/timezone
//	manager             employmentNav/jobInfoNav/managerId
//
// Config.Fields adds to this table and takes away from it: a company that has no
// contingent workers may not have isContingentWorker, and SuccessFactors then refuses the
// whole question and names the property in the error. Work addresses are those of the
// type "B"; see Config.WorkEmailTypes. National ids, birth dates, pay, home addresses,
// health, origin, family and permits are never asked for, and naming a property that
// holds them is an error in New.
//
// The ID is personIdExternal. AlternateIDs have the UUID of the person and the user ids
// of their employments, as successfactors:perPersonUuid and successfactors:userId. A
// manager is given by a user id, which belongs to an employment and often differs from
// the id of the person; it is looked up among the employments of everybody, or asked
// for. NO_MANAGER is none.
//
// # Several employments
//
// Somebody who was hired again, has two jobs or is on a global assignment has several,
// in no order. One counts for the fields above: one in which they work, before one from
// which they are on leave, before one of which nothing is known, before one that is
// suspended or dormant, before one that is to come, before one that has ended. Of
// several that have ended the one that ended last counts; of others alike the standard
// assignment before a global one, then the one that started last, of those to come the
// next one.
//
// # Statuses
//
// The status of an employment is the external code of its employee status (SAP note
// 2505526):
//
//	A        Active
//	U, P, F  OnLeave: unpaid and paid leave, furlough
//	S, D     Suspended: suspended, dormant
//	T, O     Terminated: terminated, discarded
//	R        Retired
//
// Config.Status is asked first; where a company has no codes, it may have the numbers of
// the options. Any other code is Unknown, with a finding. Then:
//
//   - With a first day to come: PreHire, unless the employment has ended or was
//     discarded.
//   - Ended, and the last day is today or tomorrow: Active, to their end.
//   - Ended, and the last day is later; or not ended, and the last day was before
//     yesterday: Unknown, with a finding.
//   - Without a job that is in force: PreHire with a first day to come, and in
//     onboarding without one; Terminated with a last day that is over; otherwise
//     Unknown, with a finding.
//
// activeEmploymentsCount, which may drop a day early (SAP note 3047486), and the status
// of the user, which says whether they may log in, decide nothing else. Employment types
// are employee classes, whose codes are a company's own: map them in
// Config.EmploymentType.
//
// # Days, and days to come
//
// Days are midnight in UTC, and are read in UTC, or at the offset that stands in them.
// Any other time of day leaves a finding: nobody knows which day is meant. The last day
// of the year 9999 is none. Only lastModifiedDateTime says when something changed;
// lastModifiedOn is in the server's own time.
//
// What SuccessFactors answers is in force today. People who have not started have no
// job, and perhaps no name, today: what is in force on their first day is asked for with
// asOfDate.
//
// # Changes
//
// [Source.Changes] asks for people of whom something was changed, or came into force:
// the person itself is not changed when a job of theirs is. Who was deleted tells
// nothing, so that a full read at regular intervals belongs beside it. SuccessFactors
// has no webhooks for this.
//
// # Limits
//
// A list is a snapshot, read in pages of 200 people within one session; the next page is
// asked for where SuccessFactors says, on the same host only. SuccessFactors states no
// quota. It answers 429 without a word on how long to wait; then five minutes are
// waited. All requests only read.
//
// # Verified, and not
//
// Endpoints, parameters, properties, codes and errors are those of SAP's public notes,
// of Microsoft's description of its connector, and of independent clients, as of autumn
// 2026. Signatures were checked with another implementation. Nothing was tried on a live
// company. Not documented, and to be tried first: whether $select takes all of these
// properties in a company (Config.Fields and Config.Names switch them off); whether
// $filter takes employmentNav/userId, without which managers of single people stay
// unknown; whether $inlinecount is right beside a snapshot; whether fromDate reaches
// jobs.
package successfactors
