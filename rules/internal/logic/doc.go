// Package logic answers questions about conditions without knowing anybody: can
// a condition be yes, does one imply another, can two be yes at once. The checks
// of a rule set stand on it: a rule that never applies, a row of a table that is
// never reached, a grant wholly inside a never.
//
// # Meaning
//
// A [Formula] is three-valued, as conditions of rules are. A comparison with a
// field that is missing is undecided; And is the least of its parts, Or the
// greatest, Not turns yes into no and leaves undecided alone. [Missing] is never
// undecided. A list may be known to be empty, which is not missing.
//
// A person is any assignment of values to fields, with these limits:
//
//   - a field has one type, and its value is in its vocabulary if it has one;
//   - a text is not empty and is valid UTF-8;
//   - a date lies in the years 1 to 9999, and "as_of" is never missing;
//   - what an [Opaque] condition says is free, but undecided while one of its
//     fields is missing.
//
// # Answers
//
// [False] and [True] are certain. True of [CanBeYes] and [Overlap], and False of
// [Implies], are only given with an example person in hand for whom the formulas
// were evaluated; the opposite answers only when the search has shown that there
// is none. Where it would have to look at more than 256 disjuncts, or for longer
// than some tens of milliseconds, measured in steps and not by a clock, the answer
// is [NotAnalysed]. It is NotAnalysed too if a formula contradicts itself about the
// type or the vocabulary of a field.
//
// # Method
//
// A question is a list of goals: a formula and the truths that it may have. "a is
// yes while b is not" is the pair of a in {yes} and b in {no, undecided}. Goals
// are taken apart down to single comparisons (assert), and where one of several
// parts is enough, one after the other is tried (branch): the disjunctive normal
// form, made one disjunct at a time, each given up at its first contradiction.
// Because the truth undecided is part of a goal, "missing or different" is one
// comparison with two truths and not two disjuncts.
//
// Within a disjunct, each field is decided alone: from the constants that it is
// compared with follow a few values, such that if none of them fits, none at all
// does. Dates are compared with each other, so they are decided together, as a
// system of differences.
//
// The package is pure. Formulas can be shared by goroutines.
package logic
