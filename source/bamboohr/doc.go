// Package bamboohr reads people from BambooHR.
//
//	hr, err := bamboohr.New(bamboohr.Config{
//		Subdomain: "acme", // acme.bamboohr.com
//		Auth:      bamboohr.APIKey(key),
//	})
//
// It yields everybody whom the API user may see: who works, who has left, who has not
// started. A list is whole or an error; see [Source.Identities].
//
// # What an administrator has to set up
//
// A user of its own, with an access level that may see all employees, inactive ones
// too, and of each the fields that are asked for, and nothing else and nothing to
// edit; and an API key of that user, or an OAuth application with the scopes
// employee, employee:job, employee:name and sensitive_employee:protected_info for the
// list of employees, report for the dataset, and public.user for changes. People whom
// the user may not see are not in the list, without a word from BambooHR: whoever
// loses sight of half of the company looks as if half of it had vanished. That is
// what the limits of package reconcile are for. A field that the user may not see of
// somebody leaves a finding; if it is the status or a date of employment, nothing is
// decided about them; if it is everybody's status, the list is an error.
//
// # Two doors
//
// [Employees], the default, is the list of employees: a cursor on a key that never
// changes, 2500 people per request, and ids beside the names of departments,
// divisions and locations. [Dataset] is the employee dataset. Choose it if custom
// fields are needed, which the list does not have. It is read in numbered pages of
// 1000, so that a list during which somebody is deleted is an error, to be read again;
// and it needs an access level that may make reports. It has no display name, and
// reads people who changed one by one.
//
// The same person is read the same through both, apart from what one of them lacks.
// The deprecated custom reports and the company directory, which leaves people out
// without saying so, are not used.
//
// # What is asked for
//
//	field               in the list of employees   in the dataset
//	id                  employeeId                 eeid
//	status              status                     status
//	employment_type     employmentStatusName       employmentStatus
//	employee_number     employeeNumber             employeeNumber
//	given_name          firstName                  firstName
//	middle_name         middleName                 middleName
//	family_name         lastName                   lastName
//	preferred_name      preferredName              preferredName
//	display_name        displayName
//	work_email          workEmail                  email
//	job_title           jobTitleName               jobInformationJobTitle
//	department          departmentName             jobInformationDepartment
//	department_id       departmentId
//	division            divisionName               jobInformationDivision
//	division_id         divisionId
//	location            locationName               jobInformationLocation
//	location_id         locationId
//	manager             reportsToId                supervisorEid
//	hire_date           hireDate                   hireDate
//	original_hire_date  originalHireDate           originalHireDate
//	termination_date    terminationDate            terminationDate
//
// Config.Fields adds to this table and takes away from it. A name that BambooHR does
// not know is an error: the dataset refuses it, the list of employees ignores it, and
// then it is missing in the answer. National and tax ids, birth dates, pay, home
// addresses, health, origin, family, pictures and reasons of dismissals are never
// asked for, and naming a field that holds them is an error in New. The photoUrl that
// the list of employees sends unasked is skipped.
//
// The ID is BambooHR's employee id, which never changes; it is the one in webhooks.
// The employee number can be edited by anybody who may, and is none. A manager is
// given by the same employee id; whatever else a mapped field holds, such as a name,
// leaves a finding. The termination date is the last day: employment ends when it is
// over in the company's time zone, and somebody who is terminated on the day itself
// is inactive at once
// (https://bamboohr.screenstepslive.com/m/53914/l/587308-end-employment).
//
// # Statuses
//
// BambooHR's status is Active or Inactive, and people who have not started are
// Inactive too. The company's own list of employment statuses says more: "Terminated"
// is in every such list, "Leave of Absence" in many. The first that applies counts:
//
//   - Inactive, and the employment status is a known one (terminated, retired,
//     deceased, on leave, suspended, pre-hire): that one.
//   - Inactive, and the hire date is in the future, is today or was yesterday: PreHire.
//   - Inactive, and there is a hire date or a termination date: Terminated.
//   - Inactive, and there is neither: Unknown, with a finding.
//   - Active, the employment status says that the employment has ended, and the
//     termination date is today, was yesterday or is to come: Active, to their end.
//   - Active, and the employment status says that the employment has ended: Unknown,
//     with a finding.
//   - Active, and the employment status is a known one: that one.
//   - Active: Active.
//   - Anything else: what Config.Status says, otherwise Unknown, with a finding.
//
// A rehire whose employment status still is Terminated stays Terminated until
// BambooHR says otherwise. Words are compared without regard to case and
// punctuation. An employment status that is neither a known status nor a known
// employment type leaves a finding, for Config.Status or Config.EmploymentType.
//
// # Changes and webhooks
//
// [Source.Changes] follows the feed of changes, and [ReadWebhook] checks a webhook and
// says whom it is about. Both are hints: what they name is read anew. Neither knows
// when a day arrives, so that a full read at regular intervals belongs beside them.
//
// # Limits
//
// BambooHR publishes no quota. It answers 429, until September 2026 503, with a
// Retry-After, which is waited for; after five attempts, or 15 minutes of waiting, the
// read is an error. All requests only read.
//
// # Verified, and not
//
// Names of endpoints, parameters, fields and errors are those of the vendor's
// reference and of its own clients (github.com/BambooHR/bhr-api-python and
// bhr-api-php), as of autumn 2026, and were not tried on a live account. Not
// documented, and therefore taken in whatever form: whether _restrictedFields of the
// dataset lies beside the fields or among them, with or without the prefix
// "employee_"; whether a cursor is a text or a number; whether no changes are {} or
// []; whether "since" includes its own second; whether ids are texts or numbers. Not
// documented, and to be tried first: that the dataset takes "eeid in ('42')" as a
// filter, without which one person is looked for in the list of all; and the names
// middleName, preferredName, originalHireDate and jobInformationDivision in the
// dataset, which other clients use and which Config.Fields can switch off.
package bamboohr
