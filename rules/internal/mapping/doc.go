// Package mapping has the functions that rules make values with, on plain Go
// values.
//
// They are total and deterministic: equal arguments give equal results for
// ever, on every machine, in every locale. Accounts are named by what they
// return, so none of them may come out differently after an upgrade.
//
// The empty text means missing, in arguments and in results: a function of
// something missing is missing, and a function that cannot be certain of its
// result returns "" and never a guess. A text that is not UTF-8 is missing too,
// so every result is UTF-8. No function modifies an argument, and all may be
// called concurrently.
//
// A character is a code point. An accent that stands by itself, as in texts
// that are decomposed, is a character of its own; [NFC] puts such texts
// together first.
package mapping
