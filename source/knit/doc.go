// Package knit reads people from Knit, a unified API in front of many HR systems. Knit
// has nothing to list: it is asked for a sync and pushes what that finds to a webhook.
// A [Connector] is that webhook, keeps what comes in a [Store], and makes a source of
// it for each integration.
//
//	connector, err := knit.New(knit.Config{APIKey: key, Store: store})
//	mux.Handle("POST /webhooks/knit", connector)
//	_, err = connector.Start(ctx, integration, knit.Initial)
//	people := connector.Source(integration)
//
// A product backs the store with its database, and package storetest says whether it
// did so right. Everything is in the store: events may go on where they stopped when
// the process is another one, or to several processes at once.
//
// # What an administrator has to set up
//
// The webhook address, in Knit's dashboard, for the category HRIS, and employee syncs
// with the models employee_profile, employee_orgStructure, employee_contactInfo and
// employee_location. Models that hold pay, relatives, bank accounts, national numbers,
// pictures or absences are not asked for; what Knit pushes of them all the same is
// forgotten before anything is stored, as is everything that no field is mapped to.
//
// # What is known, and when
//
// An initial sync pushes everybody who is active, as record.new. A delta sync pushes
// what changed: record.new, record.modified, and record.deleted for somebody who
// became inactive or vanished. sync.events.processed ends a sync and says how many
// events it emitted; sync.events.allConsumed says that all of them were delivered.
//
//   - Events come in any order, twice, and days late. Each says when it was triggered;
//     what was said last of a person counts. An event without that counts from when its
//     sync was first heard of.
//   - Of somebody who is there, an event counts at once.
//   - A sync is complete when its end has come and as many people as it emitted, or
//     when Knit says that everything was delivered and the number of events fits.
//     Config.TrustConsumed does without the number.
//   - record.deleted counts when the sync that says so is complete. If that sync
//     failed, the person is Unknown, with a finding, until Knit speaks of them again or
//     an initial sync is complete.
//   - Who is missing from an initial sync is not listed any more when it is complete,
//     and is an absence, for which plans ask for more than one read. Who was said to be
//     gone by record.deleted stays listed as a leaver, until [Connector.Purge].
//   - An initial sync with nobody in it does not count, nor does one that began before
//     the one that counts.
//
// The source is an error until an initial sync is complete ([ErrNoSync]), and when the
// moment up to which everything is known lies more than Config.MaxAge back
// ([ErrStale]). That is when the newest complete sync began, or when the oldest began
// that is still open: what a sync lost, a later delta sync does not repeat. The cure is
// an initial sync. Until then, a sync that breaks off, fails or never ends leaves
// everybody as they are; [Connector.Overview] shows how old that is, and why.
//
// # Whom to look at again
//
// Config.Changed is told after each event whom it changes, with ID "" when an initial
// sync is complete, which calls for a full read.
//
// # Where fields come from
//
//	field             from
//	employee_number   profile.employeeNumber
//	given_name        profile.firstName
//	family_name       profile.lastName
//	work_email        profile.workEmail
//	personal_email    contactInfo.personalEmails
//	job_title         orgStructure.designation
//	department        orgStructure.department
//	manager           orgStructure.manager.id
//	manager_email     orgStructure.manager.workEmail
//	city              locations.workAddress.city
//	region            locations.workAddress.state
//	country           locations.workAddress.country
//	employment_type   profile.employmentType
//	start_date        profile.startDate
//	termination_date  profile.terminationDate
//
// Config.Fields adds to this table and takes away from it. The ID is profile.id. The
// status is profile.employmentStatus: ACTIVE is Active; INACTIVE is Terminated, or
// PreHire for somebody whose first day is to come; NOT_SPECIFIED, which Knit says when it
// has no word for what the system behind it says, and all else is Unknown with a
// finding. record.deleted is Config.Gone. A block that a modification does not have, or
// has as null, stays as it was.
//
// One identity is one record of Knit. Where records are employments, [source.People]
// makes people of them, and [source.Merge] puts them beside other sources.
//
// # Signatures and replays
//
// A push is signed with the API key, over its body. The header that names the
// integration is not covered: Config.Accept can bind sync jobs to integrations. The
// body has no nonce; an event that came before is known by its id, and one that was
// triggered longer ago than Config.Oldest is refused.
//
// # Verified, and not
//
// The request for a sync, the envelope of events, their types and the signature are
// those of the vendor's documentation (https://developers.getknit.dev), as of autumn
// 2026; the members of orgStructure, locations and contactInfo, triggeredAt and
// sync.failed those of public clients. Nothing was tried on a live account. Not
// documented, and to be tried first: whether emitted counts events as they are counted
// here, whether every sync ends with allConsumed, what data of the answer to sync.start
// has, whether terminationDate is the last day of work, and where custom fields are.
package knit
