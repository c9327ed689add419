// Package adp reads people from ADP by its Workers v2 API, which Workforce Now and most of
// ADP's other products answer.
//
//	certificate, err := tls.LoadX509KeyPair("client.pem", "client.key")
//	hr, err := adp.New(adp.Config{
//		Auth:    adp.ClientCredentials(id, secret, certificate),
//		Product: adp.WorkforceNow,
//	})
//
// A list is whole or an error; see [Source.Identities]. There is one identity for each
// worker, and its ID is the associateOID. A product that gives somebody who was hired
// again another one makes two: [source.People] joins them by what they share, such as
// [source.ByAlternateID] with the workerID, and [source.Merge] brings them together with
// other systems. With a memory both keep the ID that somebody had first.
//
// # What an administrator has to set up
//
// A client in ADP's developer portal with a certificate that ADP signs, and with the API
// for workers, read only, for all workers and not only for those who work; for [Source.Events]
// the event notifications too. ADP wants the certificate when a token is asked for and with
// every request. It expires, which is a common outage: [Source.CertificateExpires] says when.
// Workers whom the client may not see are not in the list, without a word from ADP.
//
// # What is read
//
//	field                from
//	id                   associateOID
//	employee_number      workerID.idValue; also the alternate ID adp:workerID
//	given_name …         person.legalName, else person.preferredName
//	preferred_name       givenName or nickName of person.preferredName, else nickName of person.legalName
//	display_name         person.preferredName.formattedName
//	work_email           businessCommunication.emails
//	personal_email       person.communication.emails, with Config.PersonalEmail
//	original_hire_date   workerDates.originalHireDate
//	hire_date            workerDates.rehireDate, else hireDate of the assignment, else originalHireDate
//	termination_date     workerDates.terminationDate
//	status               workerStatus, and assignmentStatus
//	job_title            jobTitle of the assignment, else the name of its jobCode
//	employment_type      workerTypeCode, else workLevelCode, of the assignment
//	location             homeWorkLocation of the assignment
//	manager              reportsTo of the assignment: the first, or that of Config.ManagerRelation
//	department …         homeOrganizationalUnits of the assignment, by their type
//
// The assignment is the one that counts: one that goes on comes before one that has ended,
// and then the primary one, and then the one that began last. If there are several, all are
// in Identity.Employments. actualStartDate is not the first day of work: it begins anew with
// a change of position. itemIDs are no alternate IDs: they are as short as "1".
//
// Of e-mail addresses those count whose kind fits the use, and of those of unknown kind the
// ones in the place where they belong. The types of organisational units are looked up by
// their code, and then by their names, because codes such as "0" and "1" mean something else
// in each product:
//
//	legal_entity    Company, Company SE, Legal Entity
//	department      Department, Department SE, Home Department
//	division        Division, Division SE
//	team            Team
//	business_unit   Business Unit
//	cost_center     Cost Number, Cost Center, Cost Centre, Home Cost Number
//
// Config.Fields takes other fields from places of one's choice: paths of names below a
// worker. Of workAssignments the one that counts is looked at, of other lists all elements; of
// a code its name is taken. A custom field has its name in brackets behind the group that it
// is in: "customFieldGroup[Squad]", "person.customFieldGroup[T-Shirt]",
// "workAssignments.customFieldGroup[Desk]".
//
// National ids, birth dates, sex, origin, home addresses, telephone numbers, pay and the
// reason of a status lie in the same answers. They are stepped over, and never decoded; ADP
// masks some of them, and masked=false is never sent. Config.Select has ADP leave most of
// them out. A place that holds such things is an error in New.
//
// # Status
//
// Every product has words of its own, in the code of a status or only in its name. What
// they mean is a table by product, which Config.Status overrides. A word that is in none,
// and a code that contradicts its name, is Unknown with a finding.
//
//	product        active                         on leave         to start                  left
//	AnyProduct     active current rehire a activo leave onleave    hiring futstart pending   terminated leaver
//	WorkforceNow   active a                       leave onleave l                            terminated t
//	Workforce      active                                          hiring                    inactive
//	IHCM           current rehire                                  futstart                  leaver
//	Decidium       active                                          pending                   inactive
//	Link           active                                                                    inactive
//	ExpertBR       active                         onleave
//	ExpertLAHC     a activo
//	PayrollADP
//
// "retired" and "deceased" are understood everywhere. "inactive" says little: somebody whose
// first day is to come is a pre-hire, somebody whose last day is past has left, somebody whose
// assignment is on leave is on leave. Without such a day only the products above, which have no
// other word for it, mean by it that somebody has left; elsewhere the status is Unknown with a
// finding.
//
// The worker has the first word. An assignment on leave makes an active worker one on leave; a
// worker who is active while all assignments have ended is Unknown. Where a product sends no
// status of the worker, that of the assignment stands in for it, but cannot say that somebody
// left unless there is a last day.
//
// A last day is still worked: somebody who is called terminated already on that day is Active,
// and the day ends it. The last day of somebody who works, and that is past, is the old one
// of somebody who came back, if their first day is later; otherwise it is dropped with a
// finding, and nothing is decided by it. Ends of assignments are ends of positions, and only
// count for somebody who has left. Who left and has a first day to come is a pre-hire.
//
// # Events
//
// ADP has no list of what changed. Its queue of event notifications is read by
// [Source.Events], which is no [source.DeltaSource]: a queue shows one message at a time,
// and shows the next one only after the first was deleted for good, while a cursor has to
// be stored before anything may be forgotten. Regular full reads belong beside it.
//
// # Verified, and not
//
// Addresses, parameters, names and words are those of samples that ADP publishes and of
// several independent clients, as of autumn 2026. Nothing was tried on a live account. Not
// documented, and to be tried first: whether every product takes count=true and means by it
// all workers (Config.NoTotals), whether the order of the list is stable, whether people who
// have not started are listed, what the statuses of Workforce Now are besides A, whether a
// terminationDate is the last day that is worked, and how many requests are allowed: an answer
// of 429 or 503 is waited for, by Retry-After where there is one. How ADP signs
// notifications that it sends by itself is not known, so there is no check of such.
package adp
