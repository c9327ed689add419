// Package provision keeps accounts in step with the people they belong to.
//
// A [source.Source] says who works where, [rules.Set] decides which accounts and
// access follow from it, [reconcile.Compute] compares that with what each
// [target.Target] has, and an [Engine] plans and applies the difference:
//
//	source ─► identity ─► rules ─► desired ─┐
//	                                        ├─► reconcile ─► plan ─► apply ─► report
//	target ─► account ─────────► actual ────┘
//
// A plan is data: print it, store it, have it approved, apply it in another
// process. Absence is not an instruction: a read that failed, was cut short,
// shrank or came back empty removes nobody's access. Missing data never grants
// and never removes.
package provision
