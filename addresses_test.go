package provision_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// kims are addresses, and whether they are that of kim@acme.example. Only the
// case of ASCII letters may differ. Unicode folding, which strings.EqualFold does,
// or compatibility forms would hand one person's account to another.
func kims() map[string]bool {
	return map[string]bool{
		"kim@acme.example":       true,
		"KIM@ACME.EXAMPLE":       true,
		"Kim@Acme.example":       true,
		"\u212aim@acme.example":  false, // KELVIN SIGN, which folds to k
		"kım@acme.example":       false, // LATIN SMALL LETTER DOTLESS I
		"KİM@acme.example":       false, // LATIN CAPITAL LETTER I WITH DOT ABOVE
		"kím@acme.example":       false,
		"ki\u0307m@acme.example": false, // i with a combining dot
		"ｋｉｍ@acme.example":       false, // full-width
		"kіm@acme.example":       false, // CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I
		"kim＠acme.example@":      false,
		"kim@acme.example.":      false,
		"kim@acmeexample":        false,
	}
}

// addressRules are rules that give accounts by address, as it is or in lower case.
func addressRules(login rules.Value) rules.Spec {
	return rules.Spec{Name: "acme", Targets: []rules.TargetSpec{{
		Target: "app", Account: rules.Everyone,
		Attributes: []rules.Attribute{{Set: "userName", To: login, Apply: target.CreateOnly}, {Set: "manager", To: rules.Manager}},
	}}}
}

func kim(address string) source.Identity {
	return source.Identity{ID: "E1", Status: source.Active, WorkEmail: address}
}

// An account that nobody manages becomes that of somebody with its address, and
// of nobody else.
func TestAdoptionByAddress(t *testing.T) {
	for address, same := range kims() {
		for name, login := range map[string]rules.Value{
			"as it is": rules.WorkEmail, "lower": rules.Lower(rules.WorkEmail), "upper": rules.Upper(rules.WorkEmail),
		} {
			t.Run(fmt.Sprintf("%+q %s", address, name), func(t *testing.T) {
				w := newWorld(t, func(c *provision.Config) {
					c.Rules, c.Policy = build(t, addressRules(login)), reconcile.Policy{Adopt: []string{"userName"}}
				})
				theirs := w.app.Put(target.Account{State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "kim@acme.example"})})
				w.people.Put(kim(address))
				w.sync()
				found, ok := w.app.Account(theirs)
				require.True(t, ok)
				assert.Equal(t, same, found.Key == target.Key{Identity: "E1"})
				assert.Equal(t, !same, len(w.app.All()) == 2 || len(w.app.ByKey(target.Key{Identity: "E1"})) == 0)
			})
		}
	}
}

// Two people are one where a merge matches them by address, and a manager named by
// address is somebody.
func TestPeopleByAddress(t *testing.T) {
	for address, same := range kims() {
		t.Run(fmt.Sprintf("%+q", address), func(t *testing.T) {
			hr, directory := memsource.New("hr", kim("kim@acme.example")), memsource.New("directory")
			directory.Put(source.Identity{ID: "d7", WorkEmail: address, JobTitle: "Clerk"})
			merged, err := source.Merge(source.MergeConfig{
				Name: "all", Sources: []source.Source{hr, directory}, Match: []source.MatchBy{source.ByWorkEmail},
			})
			require.NoError(t, err)
			all, err := source.Collect(t.Context(), merged)
			require.NoError(t, err)
			assert.Equal(t, same, all.Find("E1").JobTitle == "Clerk")

			hr.Put(source.Identity{ID: "E2", Status: source.Active, Manager: source.Manager{Email: address}})
			all, err = source.Collect(t.Context(), hr)
			require.NoError(t, err)
			assert.Equal(t, same, all.Find("E2").Manager.ID == "E1")

			set := build(t, rules.Spec{Name: "fold", Targets: []rules.TargetSpec{{
				Target: "app", Account: rules.WorkEmail.IsFold("kim@acme.example"),
			}}})
			decision := set.Decide(rules.Person{Identity: &source.Identity{ID: "E1", Status: source.Active, WorkEmail: address}}, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
			assert.Equal(t, same, decision.For("app")[0].State == target.Enabled)
		})
	}
}

// A login that another account has is taken, and a target finds nobody else by it.
func TestAccountsByAddress(t *testing.T) {
	for address, same := range kims() {
		t.Run(fmt.Sprintf("%+q", address), func(t *testing.T) {
			w := newWorld(t, func(c *provision.Config) { c.Rules = build(t, addressRules(rules.WorkEmail)) })
			w.people.Put(kim("kim@acme.example"))
			w.sync()
			two := kim(address)
			two.ID = "E2"
			w.people.Put(two)
			conflicts := holdsOf(w.plan(), reconcile.InConflict)
			assert.Equal(t, same, len(conflicts) == 1)

			app := memtarget.New("app", nil)
			app.Put(target.Account{State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "kim@acme.example"})})
			found, err := app.Find(t.Context(), target.Find{Attribute: "userName", Value: address})
			require.NoError(t, err)
			assert.Equal(t, same, len(found) == 1)
			_, err = app.Create(t.Context(), target.CreateRequest{
				Key: target.Key{Identity: "E2"}, State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": address}),
			})
			assert.Equal(t, same, err != nil)
		})
	}
}
