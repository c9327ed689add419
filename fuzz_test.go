package provision_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// fuzzEngine is an engine of a company of three.
func fuzzEngine(t testing.TB, journal provision.Journal) *provision.Engine {
	t.Helper()
	set, err := rules.Build(companyRules())
	require.NoError(t, err)
	engine, err := provision.New(provision.Config{
		Source: memsource.New("hr", staff(3)...), Targets: []target.Target{memtarget.New("app", nil)}, Rules: set, Journal: journal,
		Clock: func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) },
	})
	require.NoError(t, err)
	return engine
}

// printsPlainly checks that a text for people is made of lines that print.
func printsPlainly(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		assert.False(t, strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }), "%q", line)
	}
}

// FuzzStoredPlan: a plan that somebody stored is read as it was stored or not at
// all, prints plainly, and does no harm when it is applied: either nothing is
// tried, or there is one result per change.
func FuzzStoredPlan(f *testing.F) {
	plan, err := fuzzEngine(f, nil).Plan(f.Context())
	require.NoError(f, err)
	for _, p := range []*provision.Plan{plan, plan.Redacted()} {
		stored, err := json.Marshal(p)
		require.NoError(f, err)
		f.Add(stored)
	}
	for _, s := range []string{
		``, `null`, `{"format":1}`, `{"format":1,"targets":[null]}`, `{"format":1,"targets":[{"format":1,"target":"app"}]}`,
		`{"format":1,"targets":[],"unread":[{"target":"x\u001b","error":"\u202e"}],"findings":[{"origin":"plan ","code":"x","message":"a\nb","key":"E1~x"}]}`,
		`{"format":1,"identity":"E1","targets":[{"format":1,"target":"app","masked":true}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		kept := provision.Plan{Identity: "kept"}
		p := kept
		if err := json.Unmarshal(b, &p); err != nil {
			assert.Equal(t, kept, p, "an error changes nothing")
			return
		}
		stored, err := json.Marshal(&p)
		require.NoError(t, err)
		var again provision.Plan
		require.NoError(t, json.Unmarshal(stored, &again), "%s", stored)
		twice, err := json.Marshal(&again)
		require.NoError(t, err)
		assert.Equal(t, string(stored), string(twice))
		printsPlainly(t, p.String())
		_ = p.Redacted()
		changes := 0
		for _, tp := range p.Targets {
			changes += len(tp.Changes) + len(tp.Holds) + len(tp.Omitted)
		}
		report, err := fuzzEngine(t, nil).Apply(t.Context(), &p, nil)
		if err == nil {
			assert.LessOrEqual(t, len(report.Results), changes)
			printsPlainly(t, report.String())
		}
	})
}

// FuzzJournalFile: a file is a journal, or a journal whose last line was torn, or
// it is refused and stays as it is. An engine can live with whatever it says.
func FuzzJournalFile(f *testing.F) {
	path := filepath.Join(f.TempDir(), "journal")
	journal, err := provision.OpenFileJournal(path)
	require.NoError(f, err)
	_, err = fuzzEngine(f, journal).Sync(f.Context())
	require.NoError(f, err)
	require.NoError(f, journal.Close())
	written, err := os.ReadFile(path)
	require.NoError(f, err)
	f.Add(written)
	f.Add(written[:len(written)-7])
	first, _, _ := bytes.Cut(written, []byte("\n"))
	f.Add(first)
	for _, s := range []string{
		"", "\n", "null\n", "{}\n", "{\"position\":", "\x00\x00\x00", `{"format":1,"targets":[]}`, "dear diary",
		`{"position":1,"kind":"happened"}` + "\n", `{"position":1,"kind":"deciding"}` + "\n" + `{"position":1,"kind":"x"}` + "\n",
		`{"position":18446744073709551615,"kind":"run-end","target":"app","end":{"people":-1,"managed":-1}}` + "\n",
		`{"position":7,"at":"2026-03-01T00:00:00Z","kind":"intent","target":"app","action":"create","key":"E0000"}` + "\n",
		`{"position":1,"kind":"owing","target":"app","action":"end-sessions","key":"E0001","account":"a1"}` + "\n" + `{"position":2,"kind":"hold`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b)%2 == 0 { // so that more than checksums is tried
			b = []byte(sealed(string(b)))
		}
		path := filepath.Join(t.TempDir(), "journal")
		require.NoError(t, os.WriteFile(path, b, 0o600))
		journal, err := provision.OpenFileJournal(path)
		after, err2 := os.ReadFile(path)
		require.NoError(t, err2)
		if err != nil {
			assert.Equal(t, b, after, "what is no journal is left alone")
			return
		}
		require.True(t, bytes.HasPrefix(b, after))
		assert.True(t, len(after) == 0 || after[len(after)-1] == '\n', "whole lines stay")
		if cut := bytes.TrimRight(b[len(after):], "\x00"); len(cut) > 12 {
			assert.True(t, bytes.HasPrefix(cut, []byte(`{"sum":"`)), "only a torn entry is cut")
		}
		entries := 0
		for _, err := range journal.Entries(t.Context(), 0) {
			require.NoError(t, err)
			entries++
		}
		assert.Equal(t, bytes.Count(after, []byte("\n")), entries)
		if plan, err := fuzzEngine(t, journal).Plan(t.Context()); err == nil {
			printsPlainly(t, plan.String())
		}
		require.NoError(t, journal.Close())
	})
}

// FuzzReport: whatever targets and people are called and errors say, a report
// prints plainly, and each of its lines is one JSON object with the same content.
func FuzzReport(f *testing.F) {
	f.Add("E1", "ana@acme.example", "group", "x", "taken")
	f.Add("E1\n", "\u202eana", "\x1b[31m", "\xff", "a\x00b\nc")
	f.Fuzz(func(t *testing.T, id, label, kind, value, fault string) {
		report := &provision.Report{Run: "run1", Plan: &provision.Plan{Targets: []*reconcile.Plan{{Target: "app"}}}, Results: []provision.Result{{
			Target: "app", Outcome: provision.Failed, Err: errors.New(fault), Account: id,
			Change: reconcile.Change{
				ID: id, Action: reconcile.Update, Target: "app", Key: target.Key{Identity: id}, Label: label,
				Entitlement: target.Entitlement{Kind: kind, Name: value}, Situation: reconcile.Confirmed, Reason: reconcile.Mover,
				Fields: []reconcile.FieldChange{{Name: "secret", After: []string{"hunter2-" + value}, Sensitive: true}, {Name: label, Before: []string{value}}},
			},
		}}}
		printsPlainly(t, report.String())
		var b bytes.Buffer
		require.NoError(t, report.WriteJSONLines(&b))
		assert.Equal(t, 1, strings.Count(b.String(), "\n"))
		printsPlainly(t, b.String())
		assert.NotContains(t, b.String()+report.String(), "hunter2-")
		var line struct{ Target, Change, Key string }
		require.NoError(t, json.Unmarshal(b.Bytes(), &line))
		assert.Equal(t, string([]rune(id)), line.Change, "one mark for each byte that is no character")
	})
}

// FuzzFinding: a finding is one line, whatever is in it.
func FuzzFinding(f *testing.F) {
	f.Add("source hr", "E1", "title", "a \"quoted\" message", 3)
	f.Add("\n", "\u202e", "\x1b", "\xff\x00\\", -1)
	f.Fuzz(func(t *testing.T, origin, id, field, message string, line int) {
		text := provision.Finding{Origin: origin, Identity: id, Field: field, Message: message, Line: line, Account: id}.String()
		printsPlainly(t, text)
		assert.NotContains(t, text, "\n")
	})
}
