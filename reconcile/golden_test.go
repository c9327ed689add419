package reconcile_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/provision-go/provision/internal/proof"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

var update = flag.Bool("update", false, "write the golden files anew")

// day is the instant of planning unless a case says otherwise.
var day = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

// listing is a target that can only be read.
type listing struct {
	target.Target
	name      string
	can       target.Capabilities
	accounts  []target.Account
	catalogue []target.Held
}

func (l listing) Name() string                      { return l.name }
func (l listing) Capabilities() target.Capabilities { return l.can }

func (l listing) Accounts(context.Context) iter.Seq2[target.Account, error] {
	return func(yield func(target.Account, error) bool) {
		for _, a := range l.accounts {
			if !yield(a, nil) {
				return
			}
		}
	}
}

func (l listing) Entitlements(context.Context) iter.Seq2[target.Held, error] {
	return func(yield func(target.Held, error) bool) {
		for _, h := range l.catalogue {
			if !yield(h, nil) {
				return
			}
		}
	}
}

// collect reads what is there the way an engine does.
func collect(t testing.TB, can target.Capabilities, accounts []target.Account, catalogue []target.Held) target.Snapshot {
	t.Helper()
	s, err := target.Collect(t.Context(), listing{name: "app", can: can, accounts: accounts, catalogue: catalogue})
	require.NoError(t, err)
	return s
}

// able is a target that can do everything.
func able() target.Capabilities {
	return target.Capabilities{
		Attributes: []target.AttributeSpec{
			{Name: "userName", Unique: true, CaseFold: true},
			{Name: "displayName"},
			{Name: "title"},
			{Name: "department"},
			{Name: "manager", Ref: true},
			{Name: "phone", Sensitive: true},
			{Name: "aliases", Multi: true},
			{Name: "emails", Multi: true, Unique: true, CaseFold: true},
			{Name: "created", ReadOnly: true},
			{Name: "pin", WriteOnly: true},
		},
		Keys: true, SetKey: true, Find: []string{"userName"}, FindKey: true,
		Create: true, Update: true, Disable: true, Enable: true, Delete: true, CreateDisabled: true,
		Entitlements: []target.EntitlementSpec{
			{Kind: "group", Grant: true, Revoke: true, Ensure: true, List: true},
			{Kind: "role", Grant: true, Revoke: true},
		},
		EndSessions: true, Handover: true,
	}
}

// owning is what the rules have a say in.
func owning() target.Owned {
	return target.Owned{
		Attributes: []target.OwnedAttribute{
			{Name: "aliases"},
			{Name: "department"},
			{Name: "displayName"},
			{Name: "emails"},
			{Name: "manager"},
			{Name: "phone"},
			{Name: "pin"},
			{Name: "title"},
			{Name: "userName"},
		},
		Entitlements: []target.Entitlement{
			{Kind: "group", Name: "all"},
			{Kind: "group", Name: "engineering"},
			{Kind: "group", Name: "finance"},
			{Kind: "role", Name: "admin"},
			{Kind: "role", Name: "editor"},
		},
		Slots: []string{"", "admin"},
	}
}

func listed() []target.Held {
	var out []target.Held
	for _, name := range []string{"all", "engineering", "finance", "night-watch"} {
		out = append(out, target.Held{Entitlement: target.Entitlement{Kind: "group", Name: name}, ID: "g-" + name})
	}
	return out
}

// settings is the section input.json: everything that is not a list of its own.
type settings struct {
	At       time.Time
	Scope    string // "whole" (default), "one", "unread" (the target was not read)
	Evidence *proof.Complete
	Because  map[string]string // action → words
	// Approve, Deny name changes as "action key entitlement".
	Approve, Deny []string
	Release       bool
	Guarded       bool     // release only what is guarded
	Without       []string // claims that the target does not make
	Format        *reconcile.FormatOptions
}

type goldenCase struct {
	archive *txtar.Archive
	set     settings
	in      reconcile.Input
}

// section reads one file of a case, or leaves the default.
func section[T any](t *testing.T, archive *txtar.Archive, name string, into *T) {
	t.Helper()
	for _, f := range archive.Files {
		if f.Name == name {
			var read T // a new one: JSON adds to what is there
			d := json.NewDecoder(bytes.NewReader(f.Data))
			d.DisallowUnknownFields()
			require.NoError(t, d.Decode(&read), name)
			*into = read
		}
	}
}

func readCase(t *testing.T, archive *txtar.Archive) *goldenCase {
	t.Helper()
	g := &goldenCase{archive: archive}
	var desired []target.Desired
	var accounts []target.Account
	can, owned, catalogue := able(), owning(), listed()
	section(t, archive, "input.json", &g.set)
	section(t, archive, "desired.json", &desired)
	section(t, archive, "accounts.json", &accounts)
	section(t, archive, "capabilities.json", &can)
	section(t, archive, "owned.json", &owned)
	section(t, archive, "catalogue.json", &catalogue)
	var references map[target.Key]bool
	section(t, archive, "references.json", &references)
	for _, claim := range g.set.Without {
		reflect.ValueOf(&can).Elem().FieldByName(claim).SetBool(false)
	}
	people := map[string]bool{}
	for _, d := range desired {
		people[d.Key.Identity] = true
	}
	evidence := proof.Complete{Source: "hr", People: len(people), Read: true}
	if g.set.Evidence != nil {
		evidence = *g.set.Evidence
	}
	g.in = reconcile.Input{
		Target: "app", Capabilities: can, Owned: owned, Rules: "r1", At: day,
		History: reconcile.History{Runs: 10, People: len(people)},
	}
	if !g.set.At.IsZero() {
		g.in.At = g.set.At
	}
	section(t, archive, "history.json", &g.in.History)
	readNames(t, g)
	section(t, archive, "policy.json", &g.in.Policy)
	section(t, archive, "filled.json", &g.in.Filled)
	switch g.set.Scope {
	case "", "whole":
		g.in.Scope = reconcile.Whole(desired, evidence, collect(t, can, accounts, catalogue))
	case "unread":
		g.in.Scope = reconcile.Whole(desired, evidence, target.Snapshot{})
	case "one":
		g.in.Scope = reconcile.One(desired, accounts, catalogue, references)
	default:
		t.Fatalf("scope %q", g.set.Scope)
	}
	if g.set.Because != nil {
		g.in.Because = func(c *reconcile.Change) []string {
			if text, ok := g.set.Because[c.Action.String()]; ok {
				return []string{text}
			}
			return nil
		}
	}
	return g
}

// readNames reads what JSON has no maps for.
func readNames(t *testing.T, g *goldenCase) {
	t.Helper()
	var losing []struct {
		Key         target.Key
		Entitlement target.Entitlement
		Since       time.Time
	}
	var names []struct {
		Attribute, Value string
		Key              target.Key // reserved for
		Gone             time.Time
		Taken            *bool // looked up
	}
	candidates := map[string][]string{} // "key attribute"
	section(t, g.archive, "losing.json", &losing)
	section(t, g.archive, "names.json", &names)
	section(t, g.archive, "candidates.json", &candidates)
	g.in.History.Losing = map[reconcile.Loss]time.Time{}
	for _, l := range losing {
		g.in.History.Losing[reconcile.Loss{Key: l.Key, Entitlement: l.Entitlement}] = l.Since
	}
	g.in.History.Reserved, g.in.Taken = map[reconcile.Name]reconcile.Reservation{}, map[reconcile.Name]bool{}
	for _, n := range names {
		spec, _ := g.in.Capabilities.Attribute(n.Attribute)
		if n.Taken != nil {
			g.in.Taken[reconcile.NameOf(spec, n.Value)] = *n.Taken
		} else {
			g.in.History.Reserved[reconcile.NameOf(spec, n.Value)] = reconcile.Reservation{Key: n.Key, Gone: n.Gone}
		}
	}
	g.in.Candidates = func(k target.Key, attribute string) []string { return candidates[k.String()+" "+attribute] }
}

// decide turns the names of changes into approvals of their IDs.
func (g *goldenCase) decide(t *testing.T) {
	t.Helper()
	if len(g.set.Approve)+len(g.set.Deny) == 0 && !g.set.Release && !g.set.Guarded {
		return
	}
	p, err := g.compute(t)
	require.NoError(t, err)
	for i, name := range slices.Concat(g.set.Approve, g.set.Deny) {
		g.in.Approvals = append(g.in.Approvals, reconcile.Approval{
			Change: changeNamed(t, p, name), Actor: "dana", At: day, Denied: i >= len(g.set.Approve),
		})
	}
	if g.set.Guarded {
		require.NotEmpty(t, p.Guarded)
		g.in.Releases = []reconcile.Release{release(p.Guarded)}
	}
	if g.set.Release {
		g.in.Releases = []reconcile.Release{{
			Fingerprint: p.Fingerprint, Actor: "dana", Reason: "checked", At: day, Expires: day.Add(time.Hour),
		}}
	}
}

func changeNamed(t *testing.T, p *reconcile.Plan, name string) string {
	t.Helper()
	for _, c := range everything(p) {
		if strings.TrimSpace(c.Action.String()+" "+c.Key.String()+" "+c.Entitlement.String()) == name {
			return c.ID
		}
	}
	t.Fatalf("no change %q in\n%s", name, p)
	return ""
}

// everything is all changes of a plan, held or not.
func everything(p *reconcile.Plan) []reconcile.Change {
	out := slices.Clone(p.Changes)
	for _, h := range p.Holds {
		out = append(out, h.Change)
	}
	return out
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 85)
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			require.NoError(t, err)
			require.NotEmpty(t, strings.TrimSpace(string(archive.Comment)), "say why the case exists")
			runGolden(t, name, archive)
		})
	}
}

// compute plans, or takes back what section undo.json says that a run did.
func (g *goldenCase) compute(t *testing.T) (*reconcile.Plan, error) {
	t.Helper()
	var what reconcile.Undoing
	section(t, g.archive, "undo.json", &what)
	if what.Run == "" {
		return reconcile.Compute(g.in)
	}
	return reconcile.Undo(g.in, what)
}

func runGolden(t *testing.T, name string, archive *txtar.Archive) {
	t.Helper()
	g := readCase(t, archive)
	g.decide(t)
	p, err := g.compute(t)
	got := map[string]string{}
	if err != nil {
		got["error"] = err.Error() + "\n"
	} else {
		var text bytes.Buffer
		require.NoError(t, p.Format(&text, g.set.Format))
		stored, err := json.MarshalIndent(p, "", "  ")
		require.NoError(t, err)
		got["plan.txt"], got["plan.json"] = text.String(), string(stored)+"\n"
	}
	checked := 0
	for i := range archive.Files {
		f := &archive.Files[i]
		want, is := got[f.Name]
		if !is {
			assert.NotContains(t, []string{"plan.txt", "plan.json", "error"}, f.Name, "unexpected outcome: %v", err)
			continue
		}
		checked++
		if *update {
			f.Data = []byte(want)
			continue
		}
		assert.Equal(t, string(f.Data), want)
	}
	require.Positive(t, checked, "nothing is compared")
	if *update {
		require.NoError(t, os.WriteFile(name, txtar.Format(archive), 0o644))
	}
}
