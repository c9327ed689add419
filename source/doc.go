// Package source describes the systems of record that say who works where: an
// HRIS, an ATS, an identity provider, a unified API, a file.
//
// A [Source] yields one [Identity] per working relationship. [Collect] reads a
// source to its end and returns a [Snapshot]: sorted, unique, cleaned. Only a
// snapshot can later prove that somebody is absent; a read that failed half way
// yields an error and no snapshot.
//
// What a source does not know it leaves empty: the zero value of every field
// means missing, and missing data neither grants nor removes anything.
package source
