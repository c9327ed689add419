package rules_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// FuzzGive: what a grant names is one entitlement of one account, or a problem
// that names the grant.
func FuzzGive(f *testing.F) {
	for _, s := range []string{"app/group:engineering", "app~admin/role:a:b", "app/", "/group:x", "app~/group:x", "app/group:", "app", "app/group:a/b", "app/group:\x00", " app/group:x", "app~~x/group:y", "APP/group:x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, give string) {
		set, err := rules.Build(rules.Spec{
			Name: "fuzz",
			Targets: []rules.TargetSpec{
				{Target: "app", Account: rules.Everyone},
				{Target: "app", Slot: "admin", Account: rules.Everyone},
			},
			Grants: []rules.Grant{{ID: "g1", When: rules.Everyone, Give: []string{give}}},
		})
		if err != nil {
			assert.Nil(t, set)
			var problem *rules.Problem
			require.ErrorAs(t, err, &problem)
			assert.Contains(t, problem.Rule, "g1")
			return
		}
		given := 0
		decision := set.Decide(rules.Person{Identity: &source.Identity{ID: "E1", Status: source.Active}}, time.Unix(1772000000, 0))
		for _, a := range decision.Accounts {
			for _, e := range a.Desired.Entitlements {
				given++
				at := "app"
				if a.Desired.Key.Slot != "" {
					at += "~" + a.Desired.Key.Slot
				}
				assert.Equal(t, give, at+"/"+e.String(), "just what was written")
			}
		}
		assert.Equal(t, 1, given)
	})
}

// FuzzLiteral: a condition holds for the text that it names and for no other,
// and is printed so that its text cannot be taken for something else.
func FuzzLiteral(f *testing.F) {
	f.Add("Engineering", "engineering")
	f.Add(`" or everyone`, "\n")
	f.Add("\u212a", "k")
	f.Add("", "\xff")
	f.Fuzz(func(t *testing.T, literal, text string) {
		is, fold := rules.JobTitle.Is(literal), rules.JobTitle.IsFold(literal)
		set, err := rules.Build(rules.Spec{Name: "fuzz", Targets: []rules.TargetSpec{
			{Target: "is", Account: is}, {Target: "fold", Account: fold}, {Target: "one", Account: rules.JobTitle.In("other", literal)},
		}})
		if err != nil {
			return
		}
		printed := is.String()
		assert.True(t, utf8.ValidString(printed))
		assert.False(t, strings.ContainsFunc(printed, func(r rune) bool { return !unicode.IsPrint(r) }), "%q", printed)
		decision := set.Decide(rules.Person{Identity: &source.Identity{ID: "E1", Status: source.Active, JobTitle: text}}, time.Unix(1772000000, 0))
		for name, want := range map[string]bool{"is": literal == text, "fold": target.FoldEqual(literal, text), "one": text == literal || text == "other"} {
			state := decision.For(name)[0].State
			switch {
			case text == "" || !utf8.ValidString(text):
				assert.Equal(t, target.Undecided, state, "%s: nothing is known", name)
			default:
				assert.Equal(t, want, state == target.Enabled, "%s %q %q", name, literal, text)
			}
		}
	})
}

// FuzzText: the functions of texts are total, keep to their alphabet, and done
// twice they do nothing more.
func FuzzText(f *testing.F) {
	for _, s := range []string{"Ana Silva", "Łukasz Straße", "O’Neil", "İLKER", "\u212aelvin", "ſ", "Ǆ", "ß", "日本", "a\u0301", "-_-", "ŉ", "ﬁ"} {
		f.Add(s)
	}
	functions := map[string]func(rules.Value) rules.Value{
		"lower": rules.Lower, "upper": rules.Upper, "trim": rules.Trim, "ascii": rules.ASCII, "slug": rules.Slug,
		"left": func(v rules.Value) rules.Value { return rules.Left(v, 3) },
	}
	attributes := make([]rules.Attribute, 0, 2*len(functions))
	for name, function := range functions {
		attributes = append(attributes,
			rules.Attribute{Set: name, To: function(rules.DisplayName)},
			rules.Attribute{Set: name + "-twice", To: function(function(rules.DisplayName))})
	}
	set := mustBuild(f, rules.Spec{Name: "fuzz", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone, Attributes: attributes}}})
	f.Fuzz(func(t *testing.T, text string) {
		decision := set.Decide(rules.Person{Identity: &source.Identity{ID: "E1", Status: source.Active, DisplayName: text}}, time.Unix(1772000000, 0))
		got := decision.For("app")[0].Attributes
		for name := range functions {
			once := got.Get(name)
			assert.True(t, utf8.ValidString(once), "%s %q", name, once)
			assert.Equal(t, once, got.Get(name+"-twice"), "%s of %q", name, text)
		}
		isASCII := func(r rune) bool { return r < 0x80 }
		assert.Equal(t, got.Get("ascii"), strings.Map(func(r rune) rune {
			if isASCII(r) {
				return r
			}
			return -1
		}, got.Get("ascii")))
		assert.Empty(t, strings.Trim(got.Get("slug"), "abcdefghijklmnopqrstuvwxyz0123456789-"))
		if !strings.ContainsFunc(text, isASCII) {
			assert.False(t, strings.ContainsFunc(got.Get("lower")+got.Get("upper"), isASCII), "%q: nobody becomes somebody else", text)
		}
	})
}

// FuzzSpec: whatever the names in a rule set are, it is built or every problem
// is told, and what is built quotes itself in one line.
func FuzzSpec(f *testing.F) {
	f.Add("acme", "app", "", "userName", "g1", "group:x", "CFO")
	f.Add("", "app~x", "admin", "", "", ":", "")
	f.Add("a\nb", "a/b", "ADMIN", "x\x00", "account.app", "group:x", "\x1b[31m")
	f.Fuzz(func(t *testing.T, name, at, slot, attribute, id, give, approval string) {
		set, err := rules.Build(rules.Spec{
			Name:    name,
			Targets: []rules.TargetSpec{{Target: at, Slot: slot, Account: rules.Everyone, Attributes: []rules.Attribute{{Set: attribute, To: rules.ID}}}},
			Grants:  []rules.Grant{{ID: id, When: rules.Everyone, Give: []string{at + "/" + give}, Approval: rules.Approval{By: approval}}},
		})
		if err != nil {
			assert.Nil(t, set)
			joined, ok := errors.AsType[interface {
				error
				Unwrap() []error
			}](err)
			require.True(t, ok)
			for _, part := range joined.Unwrap() {
				var problem *rules.Problem
				assert.ErrorAs(t, part, &problem)
			}
			return
		}
		identity := &source.Identity{ID: "E1", Status: source.Active}
		decision := set.Decide(rules.Person{Identity: identity}, time.Unix(1772000000, 0))
		require.Len(t, decision.Accounts, 1)
		a := decision.Accounts[0].Desired
		assert.Equal(t, []string{at}, set.Targets())
		assert.Equal(t, target.Key{Identity: "E1", Slot: slot}, a.Key)
		back, err := target.ParseKey(a.Key.String())
		require.NoError(t, err)
		assert.Equal(t, a.Key, back)
		assert.Equal(t, "E1", a.Attributes.Get(attribute))
	})
}
