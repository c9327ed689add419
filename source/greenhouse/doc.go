// Package greenhouse reads people from Greenhouse, an applicant tracking system, by its
// Harvest API, version 3: who was hired and when they start, before anybody has told
// the system of record for employees.
//
//	ats, err := greenhouse.New(greenhouse.Config{
//		Auth: greenhouse.ClientCredentials(id, secret, ""),
//	})
//
// Put it behind that system with [source.Merge], the ATS last among the authoritative
// sources: it then speaks of people until the other one knows them.
//
// # What an administrator has to set up
//
// Credentials of the type "Harvest V3 (OAuth)" in the Dev Center, and on them the scopes
// harvest:applications:list, harvest:candidates:list, harvest:offers:list,
// harvest:jobs:list, harvest:departments:list and harvest:offices:list, and nothing to
// write with. Lists are for Site Admins: so must be the user on whose behalf the client
// asks. Private candidates and confidential jobs need rights of their own. A hire whose
// candidate may not be read is listed with a finding, and nothing is decided about them.
//
// # Who is in it, and with which status
//
// The ID is that of the candidate. Everybody who was hired is listed, for good, and
// everybody whose offer was accepted. Applicants beside them are nobody's business. The
// first that applies counts:
//
//   - An application is hired, and the first day is to come, is unknown, or was not
//     more than Config.Handover days ago: PreHire. Rules begin nothing for somebody
//     without a first day.
//   - An application is hired, and that day is longer ago: Unknown, without a finding.
//     An ATS does not learn who left: its word must neither keep an account nor open
//     one again. Who has no other source of people than an ATS decides nothing by it
//     after that time.
//   - An application has a status that is not known: Unknown, with a finding.
//   - An application is in process, with an accepted offer: Candidate. They may have been
//     hired and that taken back; an account that exists is not closed by it, and one
//     that does not is not opened.
//   - An application is rejected, with an accepted offer: Terminated. This is how
//     Greenhouse states that a hire was rescinded.
//
// Of several hires the one with the latest first day counts, and one without a first
// day is the latest; all are in Identity.Employments. Nobody is ever Active.
//
// Whoever is none of this is not listed: their offer was withdrawn, replaced or turned
// down, they were deleted, or merged with another candidate. For whoever was listed
// before that is an absence, which takes no access by itself: plans hold it until
// enough complete reads agree. An anonymised candidate stays, without a name: missing
// data changes nothing. A merge gives the person another ID, unless Config.Aliases says
// which one to keep.
//
// An offer that was turned down, of an application that is hired, contradicts it: its
// first day is not counted, with a finding.
//
// # What is asked for
//
//	field            from
//	given_name       candidate.first_name
//	family_name      candidate.last_name
//	preferred_name   candidate.preferred_name
//	personal_email   candidate.email_addresses.personal
//	job_title        job.name
//	department       job.department
//	location         job.office
//	start_date       offer.starts_on
//	employment_type  offer.custom_fields.employment_type
//
// Config.Fields adds to this table and takes away from it: candidate, application, offer
// and job have custom fields, by key. There is no work address in an ATS: the addresses
// of candidates are their own, or those of whoever employs them now, and no mapping makes
// them work_email. Nor is a personal address an identity: two people may share one.
// AlternateIDs have the ids of the candidate, of the applications and of Greenhouse's own
// user, as greenhouse:candidate, greenhouse:application and greenhouse:user; an HRIS that
// was given one of them matches by it, see [source.ByAlternateID].
//
// A job in several offices gives no location. Pay, answers to questions, attachments,
// addresses, telephone numbers, demographic data and fields that Greenhouse masks are
// never read; naming one is an error in New where its key tells, and a finding where
// its type does.
//
// # Changes and webhooks
//
// [Source.Changes] asks what was updated, and [ReadWebhook] checks a webhook and says
// whom it is about. Both are hints: what they name is read anew. Neither shows
// everything, so that a full read at regular intervals belongs beside them.
//
// # Limits
//
// Greenhouse answers 429 and says how long to wait, in Retry-After or in
// X-RateLimit-Reset; that is waited for. A full read asks once for 500 hires, once for
// 500 offers and once for 50 candidates. All requests only read.
//
// # Verified, and not
//
// Endpoints, parameters, fields, words and limits are those that several independent
// clients of version 3 use and describe, as of autumn 2026; webhooks those of the
// vendor's own documentation (https://github.com/grnhse/greenhouse-api-docs). Nothing
// was tried on a live account. Not documented, and therefore taken in whatever form:
// what stands around the value of a custom field, whether ids are numbers or texts.
// Not documented, and to be tried first: which status the current offer has after a
// hire was taken back or its day was changed, and whether the parameter "fields" takes
// all names that are asked for (Config.WholeRecords does without it).
package greenhouse
