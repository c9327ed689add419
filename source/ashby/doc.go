// Package ashby reads people from Ashby, an applicant tracking system: who was hired and
// when they start, before anybody has told the system of record for employees.
//
//	ats, err := ashby.New(ashby.Config{Auth: ashby.APIKey(key)})
//
// Put it behind that system with [source.Merge], the ATS last among the authoritative
// sources: it then speaks of people until the other one knows them.
//
// # What an administrator has to set up
//
// An API key that may read candidates, offers, departments and locations, and write
// nothing. Of confidential jobs and private fields a key sees only what it is allowed to.
//
// # Who is in it, and with which status
//
// The ID is that of the candidate. Everybody who was hired is listed, for good, and
// everybody whose offer was accepted. Applicants beside them are nobody's business. The
// first that applies counts:
//
//   - An application is Hired, and the first day is to come, is unknown, or was not more
//     than Config.Handover days ago: PreHire. Rules begin nothing for somebody without a
//     first day.
//   - An application is Hired, and that day is longer ago: Unknown, without a finding. An
//     ATS does not learn who left: its word must neither keep an account nor open one
//     again. Who has no other source of people than an ATS decides nothing by it after
//     that time.
//   - An application has a status that is not known: Unknown, with a finding.
//   - An application is Active or Lead, with an accepted offer: Candidate. They may have
//     been hired and that taken back; an account that exists is not closed by it, and one
//     that does not is not opened.
//   - An application is Archived, with an accepted offer: Terminated. This is how Ashby
//     states that a hire was rescinded.
//
// An offer is accepted if its status is CandidateAccepted or its acceptance Accepted,
// unless the other one says that it was declined, rejected or cancelled. Of several
// offers of an application an accepted one counts, and the one that was decided last. Of
// several hires the one with the latest first day counts, and one without a first day is
// the latest; all are in Identity.Employments. Nobody is ever Active.
//
// Whoever is none of this is not listed: their offer was cancelled or declined, they were
// deleted, or merged with another candidate. For whoever was listed before that is an
// absence, which takes no access by itself: plans hold it until enough complete reads
// agree. An anonymised candidate stays, without a name: missing data changes nothing. A
// merge gives the person another ID, unless Config.Aliases says which one to keep.
//
// An offer that was withdrawn, of an application that is Hired, contradicts it: its first
// day is not counted, with a finding. An offer that comes without a first day, where
// others say null, adds a finding as well.
//
// # What is asked for
//
//	field           from
//	formatted_name  candidate.name
//	personal_email  candidate.primaryEmailAddress
//	job_title       job.title
//	department      job.department
//	location        job.location
//	manager_email   application.hiringTeam
//	start_date      offer.startDate
//
// Config.Fields adds to this table and takes away from it: application and offer have
// custom fields, by title or id. A name is one text, which only Config.SplitName takes
// apart. There is no work address in an ATS: the address of a candidate is their own, and
// no mapping makes it work_email. Nor is it an identity: two people may share one.
// AlternateIDs have the ids of the candidate and of the applications, as ashby:candidate
// and ashby:application; an HRIS that was given one of them matches by it, see
// [source.ByAlternateID]. The manager is whoever has the role Config.ManagerRole in the
// hiring team, by name and address.
//
// Pay, files, surveys, telephone numbers, where candidates live, and what Ashby notes of
// their computers stand in the same answers and are skipped; a custom field that holds pay
// is an error in New where its title tells, and a finding where its type does.
//
// # Changes and webhooks
//
// [Source.Changes] follows the syncs of applications and offers, and [ReadWebhook] checks
// a webhook and says whom it is about. Both are hints: what they name is read anew. A
// name that changed is seen by the next full read, which belongs beside them.
//
// # Limits
//
// Every question is a POST that only reads, and is therefore repeated after 429 and
// outages like any other read. A failure with the status 200 is final. A full read asks
// once for 100 hires, once for 100 offers, and once for each accepted offer whose
// application is not hired.
//
// # Verified, and not
//
// Procedures, fields, words and codes are those of a copy of the vendor's OpenAPI
// description and of several independent clients, as of autumn 2026. Nothing was tried on
// a live account. Not documented, and therefore taken in whatever form: whether errors
// are texts or objects, whether a first day has a time behind it. Not documented, and to
// be tried first: whether offer.list filters by applicationId (other offers are dropped),
// whether a sync token of a list without filters tells of all applications that changed
// their status, and what candidate.info says of a candidate who was merged.
package ashby
