// Package proof carries the evidence that a population was read to its end.
//
// Absence is not an instruction: only a complete read may say that somebody is
// gone. source.Collect mints the evidence, reconcile.Whole asks for it, and
// because this package is internal nobody else can forge it.
package proof

// Complete states that a source was read to its end. The zero value proves
// nothing. It is a value: copying it is harmless.
type Complete struct {
	Source string // name of the source that was read
	People int    // identities in the read, contested ones included
	Lost   int    // rows that could not be attributed to anybody
	Read   bool   // the sequence ended without an error
}

// Absence reports whether a person missing from the read may be taken as
// missing from the source. One row that belongs to nobody is enough to say no:
// it may be the missing person's.
func (c Complete) Absence() bool { return c.Read && c.Lost == 0 && c.People > 0 }
