package provision_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

var redactKey = []byte("0123456789abcdef")

// reread writes a bundle and reads it again.
func reread(t testing.TB, b *provision.Bundle) *provision.Bundle {
	t.Helper()
	back, err := provision.ReadBundle(bytes.NewReader(fileOf(t, b)), 0)
	require.NoError(t, err)
	return back
}

func fileOf(t testing.TB, b *provision.Bundle) []byte {
	t.Helper()
	var file, again bytes.Buffer
	require.NoError(t, b.Write(&file))
	require.NoError(t, b.Write(&again))
	require.Equal(t, file.Bytes(), again.Bytes(), "equal bundles give equal bytes")
	return file.Bytes()
}

func jsonOf(t testing.TB, p *provision.Plan) string {
	t.Helper()
	b, err := p.MarshalJSON()
	require.NoError(t, err)
	return string(b)
}

// requireReplay bundles a plan, and wants what is stored to give the same plan again; and
// so a redacted one, as far as it can be the same.
func requireReplay(t *testing.T, plan *provision.Plan, report *provision.Report, set *rules.Set) {
	t.Helper()
	b, err := plan.Bundle(report)
	require.NoError(t, err)
	b = reread(t, b)
	for _, rules := range []*rules.Set{nil, set} {
		again, err := b.Replay(rules)
		if err != nil {
			require.Equal(t, jsonOf(t, plan), jsonOf(t, again))
		}
		require.NoError(t, err)
		require.Equal(t, jsonOf(t, plan), jsonOf(t, again))
	}
	red, err := b.Redact(redactKey)
	require.NoError(t, err)
	red = reread(t, red)
	again, err := red.Replay(nil)
	require.NoError(t, err)
	require.Equal(t, counts(plan), counts(again), "%s\n%s", plan, again)
	if report != nil {
		require.Len(t, red.Results(), len(report.Results))
		for i, r := range red.Results() {
			require.Equal(t, report.Results[i].Outcome, r.Outcome)
			require.NotEmpty(t, r.Change, "%s", plan)
		}
	}
}

// counts says how many changes of a kind run and are held.
func counts(p *provision.Plan) map[string]int {
	out := map[string]int{}
	for _, tp := range p.Targets {
		for i := range tp.Changes {
			out[tp.Target+" "+tp.Changes[i].Action.String()]++
		}
		for i := range tp.Holds {
			out[tp.Target+" held "+tp.Holds[i].Change.Action.String()+" "+tp.Holds[i].Reasons[0].Kind.String()]++
		}
		out[tp.Target+" omitted"] += len(tp.Omitted)
		out[tp.Target+" unchanged"] += tp.Unchanged
	}
	return out
}

// bundleRules are for two targets, with names to choose, a second account, seats, grace
// and a time zone.
func bundleRules(t testing.TB) *rules.Set {
	t.Helper()
	text, err := os.ReadFile("testdata/bundle.yaml")
	require.NoError(t, err)
	set, err := rules.Build(rules.File("bundle.yaml", text))
	require.NoError(t, err)
	return set
}

// recording is a company with two targets whose plans keep what they are made from.
func recording(t *testing.T, change func(*provision.Config)) (*world, *memtarget.Target) {
	t.Helper()
	crm := memtarget.New("crm", nil)
	w := newWorld(t, func(c *provision.Config) {
		c.Record, c.KeepValues = true, true
		c.Targets = append(c.Targets, crm)
		c.Rules = bundleRules(t)
		if change != nil {
			change(c)
		}
	})
	crm.AddEntitlements(target.Entitlement{Kind: "licence", Name: "seat"})
	return w, crm
}

// TestLawReplay: whatever is planned, for everybody, for one person or to take a run
// back, a stored bundle gives the same plan again.
func TestLawReplay(t *testing.T) {
	seeds := uint64(8)
	if underRace {
		seeds = 2
	}
	if os.Getenv("PROVISION_STORM") != "" {
		seeds = 1000
	}
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 77))
		w, crm := recording(t, func(c *provision.Config) {
			if seed%2 == 1 {
				masked(c)
				c.KeepValues = seed%4 == 1
			}
			c.Policy.Adopt = []string{"userName"}
			c.Policy.Protect = []string{"E3"}
			c.Policy.Mode = []reconcile.Mode{reconcile.Full, reconcile.Full, reconcile.Upsert}[r.IntN(3)]
			c.Policies = map[string]reconcile.Policy{"crm": {Approve: []reconcile.ApprovalRule{{Action: reconcile.Grant, By: "boss"}}}}
		})
		crm.Put(target.Account{State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "e1@acme.example"})})
		people := map[string]source.Identity{}
		for range 5 {
			for range 4 {
				id := fmt.Sprintf("E%d", r.IntN(9))
				people[id] = randomPerson(r, id, w.now)
			}
			if r.IntN(4) == 0 {
				delete(people, fmt.Sprintf("E%d", r.IntN(9)))
			}
			list := slices.Collect(maps.Values(people))
			if r.IntN(5) == 0 && len(list) > 0 {
				twin := list[0]
				twin.JobTitle = "Twin"
				list = append(list, twin)
			}
			w.people.Set(list...)
			if r.IntN(6) == 0 {
				crm.FailNext("Accounts", errors.New("down"))
			}
			plan := w.plan()
			requireReplay(t, plan, nil, w.config.Rules)
			require.NoError(t, w.desk().Submit(t.Context(), plan))
			for _, tp := range plan.Targets {
				for _, h := range tp.Holds {
					if r.IntN(2) == 0 {
						require.NoError(t, w.desk().Approve(t.Context(), h.Change.ID, provision.Decision{Actor: "eve"}))
					}
				}
			}
			plan = w.plan()
			report, err := w.engine.Apply(t.Context(), plan, nil)
			require.NoError(t, err)
			requireReplay(t, plan, report, w.config.Rules)
			w.now = w.now.Add(time.Duration(r.IntN(60)) * time.Hour)

			if r.IntN(4) == 0 {
				report, err := w.engine.TerminateNow(t.Context(), fmt.Sprintf("E%d", r.IntN(9)), provision.TerminateOptions{
					Actor: "eve", Reason: "theft",
				})
				if !errors.Is(err, provision.ErrProtected) {
					if !errors.Is(err, provision.ErrUnknownIdentity) {
						require.NoError(t, err)
					}
					requireReplay(t, report.Plan, report, w.config.Rules)
				}
			}
			one, err := w.engine.PlanOne(t.Context(), fmt.Sprintf("E%d", r.IntN(9)))
			if errors.Is(err, source.ErrNotFound) || errors.Is(err, source.ErrContested) {
				continue
			}
			require.NoError(t, err)
			requireReplay(t, one, nil, w.config.Rules)
			requireReplay(t, w.undo(report.Run), nil, w.config.Rules)
		}
	}
}

func randomPerson(r *rand.Rand, id string, now time.Time) source.Identity {
	p := person(id, []string{"Engineering", "Sales", ""}[r.IntN(3)], []string{"Treasurer", "Clerk"}[r.IntN(2)])
	p.Name = source.Name{Given: []string{"Ana", "Bo", "ANA"}[r.IntN(3)], Family: []string{"Silva", "Li"}[r.IntN(2)]}
	p.Location.TimeZone = []string{"Europe/Berlin", "Asia/Tokyo", ""}[r.IntN(3)]
	p.Manager.ID = []string{"", "E1", "E2", "E99"}[r.IntN(4)]
	switch r.IntN(5) {
	case 0:
		p.Status, p.TerminationDate = source.Terminated, source.DateOf(now.AddDate(0, 0, -r.IntN(40)))
	case 1:
		p.Status = source.OnLeave
	case 2:
		p.HireDate = source.DateOf(now.AddDate(0, 0, r.IntN(20)))
	}
	return p
}

func TestBundleIsLost(t *testing.T) {
	w := newWorld(t, nil)
	_, err := w.plan().Bundle(nil)
	require.ErrorIs(t, err, provision.ErrNotRecorded)
	w, _ = recording(t, nil)
	plan := w.plan()
	_, err = plan.Redacted().Bundle(nil)
	require.ErrorIs(t, err, provision.ErrNotRecorded)
	var read provision.Plan
	require.NoError(t, json.Unmarshal([]byte(jsonOf(t, plan)), &read))
	_, err = read.Bundle(nil)
	require.ErrorIs(t, err, provision.ErrNotRecorded)
}

// bundleOfADay is the bundle of a run in a small company.
func bundleOfADay(t *testing.T) (*world, *provision.Plan, *provision.Bundle) {
	t.Helper()
	w, _ := recording(t, nil)
	ann, bob := person("E1", "Sales", "Clerk"), person("E2", "Engineering", "Treasurer")
	ann.Name, bob.Name = source.Name{Given: "Quentin", Family: "Zebulon"}, source.Name{Given: "Wendel", Family: "Yggdrasil"}
	ann.Location.TimeZone, bob.Manager.ID = "Europe/Berlin", "E1"
	w.people.Set(ann, bob)
	_, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	w.now = w.now.Add(time.Hour)
	ann.Department = source.Named("Engineering")
	w.people.Set(ann, bob)
	plan := w.plan()
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	b, err := plan.Bundle(report)
	require.NoError(t, err)
	return w, plan, b
}

func TestBundleTellsOfTheRun(t *testing.T) {
	w, plan, b := bundleOfADay(t)
	b = reread(t, b)
	assert.Equal(t, w.config.Rules.Hash(), b.RulesHash())
	assert.Contains(t, string(b.RulesFile()), "name: bundle")
	assert.Equal(t, w.lastRun(), b.Run())
	assert.False(t, b.Started().IsZero())
	assert.NotEmpty(t, b.Results())
	again, err := b.Plan()
	require.NoError(t, err)
	assert.Equal(t, jsonOf(t, plan), jsonOf(t, again))

	for _, p := range []*provision.Plan{again, func() *provision.Plan { p, _ := b.Replay(nil); return p }()} {
		_, err = w.engine.Apply(t.Context(), p, nil)
		require.ErrorIs(t, err, provision.ErrReplayed)
	}
}

func TestReplayWantsTheRules(t *testing.T) {
	w, _, b := bundleOfADay(t)
	other := w.config.Rules.Spec()
	other.Grants = slices.DeleteFunc(slices.Clone(other.Grants), func(g rules.Grant) bool { return g.ID == "engineering" })
	set := build(t, other)
	_, err := b.Replay(set)
	require.ErrorIs(t, err, provision.ErrOtherRules)

	c, err := b.Compare(set)
	require.NoError(t, err)
	var got []string
	for _, d := range c.Differences {
		got = append(got, d.String())
	}
	assert.Equal(t, []string{
		"app revoke E2 group:engineering: nothing → runs",
		"app grant E1 group:engineering: runs → nothing",
	}, got)
	same, err := b.Compare(w.config.Rules)
	require.NoError(t, err)
	assert.Empty(t, same.Differences)
	_, err = w.engine.Apply(t.Context(), c.Would, nil)
	require.ErrorIs(t, err, provision.ErrReplayed)

	_, err = b.Compare(build(t, companyRules()))
	require.ErrorIs(t, err, provision.ErrUnknownTarget)
}

func TestReplayOfRulesThatNoFileHolds(t *testing.T) {
	spec := companyRules()
	spec.Funcs = []rules.Func{{
		Name: "shout", Version: "1", Inputs: []string{"job_title"}, Text: func(in rules.Inputs) string { return in.Text("job_title") + "!" },
	}}
	spec.Targets[0].Attributes[2].To = rules.CallText("shout")
	w := newWorld(t, func(c *provision.Config) { c.Record = true; c.Rules = build(t, spec) })
	w.people.Set(person("E1", "Sales", "Clerk"))
	b, err := w.plan().Bundle(nil)
	require.NoError(t, err)
	assert.Empty(t, b.RulesFile())
	_, err = b.Replay(nil)
	require.ErrorIs(t, err, provision.ErrNoRules)
	_, err = reread(t, b).Replay(w.config.Rules)
	require.NoError(t, err)
	red, err := b.Redact(redactKey)
	require.NoError(t, err)
	_, err = red.Replay(nil)
	require.NoError(t, err)
}

func TestBundleRedacted(t *testing.T) {
	w, _, b := bundleOfADay(t)
	_, err := b.Redact([]byte("short"))
	require.ErrorContains(t, err, "16 bytes")
	red, err := b.Redact(redactKey)
	require.NoError(t, err)
	assert.True(t, red.Redacted())
	z, err := gzip.NewReader(bytes.NewReader(fileOf(t, red)))
	require.NoError(t, err)
	var text bytes.Buffer
	_, err = text.ReadFrom(z)
	require.NoError(t, err)
	lower := strings.ToLower(text.String())
	for _, personal := range []string{"quentin", "zebulon", "wendel", "yggdrasil", "acme.example", `"e1"`, `"e2"`, `"e2~admin"`, "berlin"} {
		at := strings.Index(lower, personal)
		assert.Negative(t, at, "%q in … %s", personal, lower[max(at-80, 0):min(max(at, 0)+80, len(lower))])
	}
	plan, err := red.Replay(nil)
	require.NoError(t, err)
	_, err = w.engine.Apply(t.Context(), plan, nil)
	require.ErrorIs(t, err, provision.ErrReplayed)
	var read provision.Plan
	require.NoError(t, json.Unmarshal([]byte(jsonOf(t, plan)), &read))
	_, err = w.engine.Apply(t.Context(), &read, nil)
	require.ErrorIs(t, err, provision.ErrMasked)
	_, err = red.Replay(w.config.Rules)
	require.ErrorIs(t, err, provision.ErrRedacted)
	_, err = red.Compare(w.config.Rules)
	require.ErrorIs(t, err, provision.ErrRedacted)
	other, err := b.Redact([]byte("another key of ours"))
	require.NoError(t, err)
	assert.NotEqual(t, fileOf(t, red), fileOf(t, other))
}

// TestRedactKnowsTheHistory fails when a history remembers more than Redact knows of:
// teach redaction.history, and then this list.
func TestRedactKnowsTheHistory(t *testing.T) {
	var names []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[reconcile.History]()) {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	assert.Equal(t, []string{
		"Accounts", "Alarms", "Failed", "Filled", "Kept", "Last", "LastAlone", "Left", "Losing", "Losses", "Managed", "Members", "NotKept",
		"Owed", "People", "Position", "Protected", "ReadFrom", "Recent", "Reserved", "Retained", "Rules", "Runs", "Terminated", "Undone", "Waiting",
	}, names)
}

func TestReadBundleRefuses(t *testing.T) {
	_, _, b := bundleOfADay(t)
	file := fileOf(t, b)
	for _, n := range []int{0, 5, 10, len(file) / 2, len(file) - 1} {
		_, err := provision.ReadBundle(bytes.NewReader(file[:n]), 0)
		require.ErrorIs(t, err, provision.ErrNotBundle, "cut to %d bytes", n)
	}
	_, err := provision.ReadBundle(bytes.NewReader(file), 1000)
	require.ErrorIs(t, err, provision.ErrBundleLimit)
	_, err = provision.ReadBundle(bytes.NewReader(append(slices.Clone(file), "tail"...)), 0)
	require.ErrorIs(t, err, provision.ErrNotBundle)

	z, err := gzip.NewReader(bytes.NewReader(file))
	require.NoError(t, err)
	var text bytes.Buffer
	_, err = text.ReadFrom(z)
	require.NoError(t, err)
	for what, alter := range map[string][2]string{
		"it was written by a newer version": {`"format":1,"checksum"`, `"format":2,"checksum"`},
		"unknown format":                    {`"format":1,"checksum"`, `"format":0,"checksum"`},
		"the checksum does not fit":         {`"E1"`, `"E7"`},
		"cannot unmarshal":                  {`"format":1,"checksum"`, `"format":[],"checksum"`},
	} {
		_, err := provision.ReadBundle(bytes.NewReader(zipped(t, strings.Replace(text.String(), alter[0], alter[1], 1))), 0)
		require.ErrorIs(t, err, provision.ErrNotBundle)
		require.ErrorContains(t, err, what)
	}
	_, err = provision.ReadBundle(bytes.NewReader(zipped(t, "{}")), 0)
	require.ErrorIs(t, err, provision.ErrNotBundle)
}

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return out.Bytes()
}

// TestBundleGolden reads bundles that an earlier version wrote. They are never written
// anew: what was stored once must be read and replayed for ever.
func TestBundleGolden(t *testing.T) {
	for _, name := range []string{"testdata/run.bundle", "testdata/run-redacted.bundle"} {
		if os.Getenv("WRITE_BUNDLES") != "" {
			_, _, b := bundleOfADay(t)
			if strings.Contains(name, "redacted") {
				var err error
				b, err = b.Redact(redactKey)
				require.NoError(t, err)
			}
			require.NoError(t, os.WriteFile(filepath.FromSlash(name), fileOf(t, b), 0o644))
		}
		file, err := os.ReadFile(filepath.FromSlash(name))
		require.NoError(t, err)
		b, err := provision.ReadBundle(bytes.NewReader(file), 0)
		require.NoError(t, err)
		plan, err := b.Replay(nil)
		if !errors.Is(err, provision.ErrReplayDiffers) { // a plan may say more by now, but not do anything else
			require.NoError(t, err)
		}
		was, err := b.Plan()
		require.NoError(t, err)
		assert.Equal(t, counts(was), counts(plan))
		assert.Equal(t, 1, counts(plan)["app grant"])
	}
}

func FuzzReadBundle(f *testing.F) {
	for _, name := range []string{"testdata/run.bundle", "testdata/run-redacted.bundle"} {
		file, err := os.ReadFile(filepath.FromSlash(name))
		require.NoError(f, err)
		f.Add(file)
		z, err := gzip.NewReader(bytes.NewReader(file))
		require.NoError(f, err)
		var text bytes.Buffer
		_, err = text.ReadFrom(z)
		require.NoError(f, err)
		var parts struct {
			Content json.RawMessage `json:"content"`
		}
		require.NoError(f, json.Unmarshal(text.Bytes(), &parts))
		f.Add([]byte(parts.Content))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		sealed := fmt.Sprintf(`{"format":1,"checksum":"%x","content":%s}`, sha256.Sum256(data), data)
		for _, file := range [][]byte{data, zipped(t, sealed)} {
			b, err := provision.ReadBundle(bytes.NewReader(file), 1<<20)
			if err != nil {
				continue
			}
			_, _ = b.Plan()
			_, _ = b.Replay(nil)
			_, _ = b.Redact(redactKey)
		}
	})
}
