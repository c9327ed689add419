// Package rules decides, for one person and one instant, which accounts and
// which access they should have. It is pure: no clock, no I/O, no randomness;
// everything it needs is a value.
//
// Rules are data. A [Spec] is one layer of them: a rule file that a customer's
// administrator edits, read by [File], or a value that an engineer writes in Go;
// [Spec.Format] writes the one from the other. [Build] puts layers together, checks
// them like a compiler (every problem at once, with file, line and column) and
// compiles them to a [Set]; [Set.Decide] applies it. docs/rules.md is the reference
// of files.
//
//	//go:embed base.yaml
//	var base []byte
//
//	set, err := rules.Build(rules.File("base.yaml", base), rules.File("acme.yaml", fromTheDatabase))
//
// The same in Go:
//
//	set, err := rules.Build(rules.Spec{
//		Name: "acme",
//		Targets: []rules.TargetSpec{{
//			Target:  "app",
//			Account: rules.Everyone,
//			Attributes: []rules.Attribute{
//				{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly},
//				{Set: "title", To: rules.JobTitle},
//			},
//		}},
//		Grants: []rules.Grant{{
//			ID: "engineering", When: rules.Department.Is("Engineering"),
//			Give: []string{"app/group:engineering"},
//		}},
//	})
//
// Truth has three values. A condition over a field that the source left empty
// is undecided, and what is undecided neither grants nor removes. A date of
// employment that the source states and that nobody understood is not taken for
// an empty one: see [Lifecycle].
//
// # Who decides what
//
// Grants are a union without order. What several rules say of one entitlement is
// settled so: a denial ([Never]) beats everything; then the strongest outcome of
// the grants counts: granted, to be approved, undecided, not given. A separation of
// duties ([NeverTogether]) looks at the result. No rule sees what another one gave.
//
// # Before rules change
//
// [Set.Lint] finds rules that can never apply, add nothing or contradict each
// other; [Compare] tells who would gain or lose what; [Set.Coverage] what tests
// never try. [Set.Trace], [Set.Why] and [Set.WhyNot] explain decisions. Package
// rulestest is for testing rules.
package rules
