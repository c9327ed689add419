// Package source describes the systems of record that say who works where: an
// HRIS, an ATS, an identity provider, a unified API, a file.
//
// A [Source] yields one [Identity] per working relationship. [Collect] reads a
// source to its end and returns a [Snapshot]: sorted, unique, cleaned. Only a
// snapshot can later prove that somebody is absent; a read that failed half way
// yields an error and no snapshot. [Read] reads one person.
//
// What a source does not know it leaves empty: the zero value of every field
// means missing, and missing data neither grants nor removes anything. What
// looks wrong becomes a [Finding], never a guess.
//
// # Writing a connector
//
// A connector is a type with three methods. Name returns a constant or a name
// from its configuration. Identity asks the system for one person, or is
// inherited from [ListOnly]. Identities lists everybody, most easily with
// [Pages]:
//
//	type Source struct {
//		source.ListOnly
//		client *client
//	}
//
//	func (s *Source) Name() string { return "acme-hr" }
//
//	func (s *Source) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
//		return func(yield func(source.Identity, error) bool) {
//			for worker, err := range source.Pages(ctx, s.client.workers) {
//				if err != nil {
//					yield(source.Identity{}, fmt.Errorf("list workers: %w", err))
//					return
//				}
//				if !yield(identity(worker), nil) {
//					return
//				}
//			}
//		}
//	}
//
// What it has to get right, beside the contract of [Source]:
//
//   - ID is the system's own key, the one that survives a marriage and a rehire.
//     E-mail addresses and names are no IDs. Keys that change go to AlternateIDs.
//   - Never end early. If a page is missing, if the answer has status 200 and no
//     list in it, if the total does not fit: yield an error.
//   - Say why the system could not be read: wrap [ErrUnauthorized], [ErrForbidden],
//     [ErrThrottled], [ErrUnavailable] or [ErrBadContent].
//   - Somebody who has left is yielded with an ended [Status] as long as the
//     system shows them. Ask for former staff too, if the system offers it.
//   - Map statuses by an explicit table. A word that is not in it leaves Unknown,
//     keeps the word in StatusRaw and adds a finding with [CodeBadValue].
//     "Hired" in an ATS is PreHire: an ATS cannot say that somebody still works.
//   - Dates of employment are civil dates. Use [ParseDate]; never go through an
//     instant and its time zone. LastDay and TerminationDate are still worked; if
//     the system states the first day without work, subtract one.
//   - Ask [NoDate] first. A date that is stated and cannot be parsed is a finding
//     with [CodeBadValue] and the name of the field as in [Fields]: an empty date
//     without one says that there is none, and begins or keeps access.
//   - A status that was asked for and did not come is not an empty one: a permission
//     that is taken away looks the same. It is a finding, or an error. So is a date,
//     unless the system leaves out what is empty.
//   - A row that cannot be attributed to anybody is yielded with an empty ID and
//     a finding. Do not skip it.
//   - Do not fetch national ids, birth dates, pay, home addresses, health or
//     ethnicity.
//   - Cleaning is not its work: Collect and Read trim values, refuse damaged and
//     invisible characters, check dates, countries and addresses, and load time
//     zones.
//
// Package sourcetest checks all that a test can check; package memsource is a
// small complete source to start from.
//
// # Putting sources together
//
// [Merge] makes one source of several systems, [Map] corrects what a connector
// yields, [Filter] drops rows that are no people. [Fields] names the fields that
// they, rule files and file mappings refer to.
package source
