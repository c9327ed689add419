// Package reconcile compares what the rules want with what a target has and
// computes a [Plan]: the changes that would make them agree, the ones that must
// wait, and what a person should look at. It is pure: no I/O, no clock, no
// randomness, no logging. Equal inputs give byte-identical plans.
package reconcile
