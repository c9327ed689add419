// Package rules decides, for one person and one instant, which accounts and
// which access they should have. It is pure: no clock, no I/O, no randomness;
// everything it needs is a value.
//
// Rules are data. A [Spec] names, per target, who has an account, through which
// life cycle and with which attributes, and which conditions give which
// entitlements. [Build] checks it and compiles it to a [Set]; [Set.Decide]
// applies it.
//
// Truth has three values. A condition over a field that the source left empty
// is undecided, and what is undecided neither grants nor removes. A date of
// employment that the source states and that nobody understood is not taken for
// an empty one: see [Lifecycle].
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
package rules
