package provision_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

var updateReport = flag.Bool("update", false, "write the golden texts")

var errTaken = target.ExistsError("userName", errors.New("ana is taken"))

func result(o provision.Outcome, action reconcile.Action, id string, err error) provision.Result {
	return provision.Result{
		Target: "app", Outcome: o, Err: err, Account: "n-" + id, Attempts: 1,
		Change: reconcile.Change{
			ID: action.String() + "-" + id, Action: action, Target: "app", Key: target.Key{Identity: id},
			Label: id + "@acme.example", Situation: reconcile.Confirmed, Reason: reconcile.Mover,
		},
		Started: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC), Took: 1500 * time.Microsecond,
	}
}

// everything is a report in which each outcome occurs.
func everything() *provision.Report {
	disabled := result(provision.Done, reconcile.Disable, "E3", nil)
	disabled.Verified = provision.Confirmed
	wrong := result(provision.Done, reconcile.Revoke, "E4", nil)
	wrong.Verified = provision.Contradicted
	wrong.Change.Entitlement = target.Entitlement{Kind: "group", Name: "finance"}
	revoked := result(provision.Done, reconcile.Revoke, "E3", nil)
	revoked.Verified = provision.Confirmed
	left := result(provision.Done, reconcile.Update, "E5", nil)
	left.LeftOut = []string{"manager"}
	failed := result(provision.Failed, reconcile.Create, "E6", errTaken)
	failed.Class = target.Exists
	secret := result(provision.Failed, reconcile.Update, "E7", target.InvalidError("phone", errors.New("+4917012345 is \x1b[31mno phone\u202e")))
	secret.Class, secret.Attempts = target.Permanent, 3
	secret.Change.Fields = []reconcile.FieldChange{
		{Name: "phone", Before: []string{"1", "2"}, After: []string{"+4917012345"}, Sensitive: true},
		{Name: "title", Before: []string{"Clerk"}, After: []string{"Head <1>"}},
	}
	secret.Change.Label = "bo\u202e@acme.example \x07"
	held := result(provision.Held, reconcile.Revoke, "E8", nil)
	held.Reasons = []reconcile.HoldReason{
		{Kind: reconcile.NeedsApproval, Text: "approval by manager", By: "manager", Change: held.Change.ID},
		{Kind: reconcile.InGrace, Until: time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)},
	}
	other := result(provision.Done, reconcile.EndSessions, "E1", nil)
	other.Target = "mail"
	return &provision.Report{
		Run: "run1",
		Plan: &provision.Plan{Targets: []*reconcile.Plan{
			{Target: "app"}, {Target: "quiet"}, {Target: "mail"}, {Target: "left-out", Changes: make([]reconcile.Change, 1)},
		}},
		Results: []provision.Result{
			result(provision.Done, reconcile.Create, "E1", nil), result(provision.Done, reconcile.Create, "E2", nil),
			disabled, revoked, wrong, left, failed, secret,
			result(provision.Unconfirmed, reconcile.Create, "E9", context.DeadlineExceeded),
			result(provision.Stale, reconcile.Enable, "E10", errors.New("the account is gone")),
			result(provision.AlreadySo, reconcile.Grant, "E11", nil),
			result(provision.Skipped, reconcile.Grant, "E12", errTaken),
			result(provision.Skipped, reconcile.Grant, "E13", errTaken),
			result(provision.Cancelled, reconcile.Delete, "E14", context.Canceled),
			held, other,
		},
		Unread: []provision.Unread{{Target: "crm", Err: errors.New("401\x1b")}},
	}
}

// golden compares a text with its section in testdata/report.txtar.
func golden(t *testing.T, name, got string) {
	t.Helper()
	const path = "testdata/report.txtar"
	archive, err := txtar.ParseFile(path)
	require.NoError(t, err)
	for i := range archive.Files {
		f := &archive.Files[i]
		if f.Name != name {
			continue
		}
		if *updateReport {
			f.Data = []byte(got)
			require.NoError(t, os.WriteFile(path, txtar.Format(archive), 0o600))
		}
		assert.Equal(t, string(f.Data), got)
		return
	}
	t.Fatalf("%s has no section %s", path, name)
}

func TestReportText(t *testing.T) {
	r := everything()
	golden(t, "report.txt", r.String())
	var b bytes.Buffer
	require.NoError(t, r.Format(&b, &provision.FormatOptions{Color: true, Limit: 1}))
	golden(t, "report-limited.txt", b.String())
	assert.NotContains(t, r.String(), "4917012345")
	assert.NotContains(t, r.String(), "\x1b")
	assert.NotContains(t, r.String(), "\u202e")

	assert.Empty(t, (&provision.Report{}).String())
	held := result(provision.Held, reconcile.Grant, "E1", nil)
	assert.Equal(t, "app: nothing done; 1 held\n", strings.SplitAfter((&provision.Report{Results: []provision.Result{held}}).String(), "\n")[0])
	require.ErrorIs(t, r.Format(broken{}, nil), errBroken)
	require.ErrorIs(t, r.WriteJSONLines(broken{}), errBroken)
}

var errBroken = errors.New("broken pipe")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestReportJSONLines(t *testing.T) {
	r := everything()
	var b bytes.Buffer
	require.NoError(t, r.WriteJSONLines(&b))
	golden(t, "report.jsonl", b.String())
	assert.NotContains(t, b.String(), "4917012345")
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	require.Len(t, lines, len(r.Results))
	for _, line := range lines {
		var v map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &v))
		for _, c := range line {
			assert.True(t, c >= ' ' && c < 0x7f, "%q prints", c)
		}
	}
	var v struct{ Label, Error string }
	require.NoError(t, json.Unmarshal([]byte(lines[7]), &v))
	assert.Equal(t, "bo\u202e@acme.example \x07", v.Label, "escaped, not lost")

	odd := &provision.Report{Results: []provision.Result{{Outcome: 77}}}
	require.ErrorContains(t, odd.WriteJSONLines(&b), "outcome 77")
	astral := result(provision.Failed, reconcile.Create, "E1", errors.New("\U000e0041\U0001f600"))
	b.Reset()
	require.NoError(t, (&provision.Report{Results: []provision.Result{astral}}).WriteJSONLines(&b))
	require.NoError(t, json.Unmarshal(b.Bytes(), &v))
	assert.Equal(t, "\U000e0041\U0001f600", v.Error)
	assert.Contains(t, b.String(), `\udb40\udc41`, "a tag that does not show")
}

func TestReportErr(t *testing.T) {
	r := everything()
	err := r.Err()
	for _, want := range []error{errTaken, target.ErrExists, context.Canceled, context.DeadlineExceeded, provision.ErrContradicted} {
		require.ErrorIs(t, err, want)
	}
	text := err.Error()
	golden(t, "report-errors.txt", text+"\n")
	assert.NotContains(t, text, "4917012345")

	fine := &provision.Report{Results: []provision.Result{
		result(provision.Done, reconcile.Create, "E1", nil), result(provision.AlreadySo, reconcile.Create, "E1", nil),
		result(provision.Held, reconcile.Create, "E1", nil),
	}}
	require.NoError(t, fine.Err(), "what is held is as it should be")
	assert.Equal(t, map[provision.Outcome]int{provision.Done: 1, provision.AlreadySo: 1, provision.Held: 1}, fine.Counts())

	many := &provision.Report{}
	for i := range 1000 {
		id := fmt.Sprint("E", i)
		many.Results = append(many.Results,
			result(provision.Failed, reconcile.Create, id, errTaken), result(provision.Skipped, reconcile.Grant, id, errTaken),
			result(provision.Cancelled, reconcile.Delete, id, nil), result(provision.Skipped, reconcile.Grant, id, nil),
			result(provision.Skipped, reconcile.Grant, id, incomparable{[]string{"x"}}),
			result(provision.Skipped, reconcile.Grant, id, incomparable{[]string{"x"}}),
		)
	}
	text = many.Err().Error()
	assert.Equal(t, 20+1+4, strings.Count(text, "\n")+1, text)
	assert.Contains(t, text, "and more: 980 failed")
	assert.Contains(t, text, "app: 1000 changes skipped: userName: ana is taken")
	assert.Contains(t, text, "app: 2000 changes skipped: x")
	assert.Contains(t, text, "app: 1000 changes cancelled: context canceled")
}

// incomparable is an error that panics when it is compared.
type incomparable struct{ list []string }

func (e incomparable) Error() string { return e.list[0] }

func TestReportWords(t *testing.T) {
	for o := provision.Outcome(0); o <= provision.Cancelled; o++ {
		text, err := o.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, o.String(), string(text))
		var back provision.Outcome
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, o, back)
	}
	for v := provision.NotRead; v <= provision.Contradicted; v++ {
		text, err := v.MarshalText()
		require.NoError(t, err)
		var back provision.Verified
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, v, back)
		assert.Equal(t, v.String(), string(text))
	}
	assert.Equal(t, "done already-so held skipped failed unconfirmed stale cancelled", fmt.Sprint(
		provision.Done, " ", provision.AlreadySo, " ", provision.Held, " ", provision.Skipped, " ", provision.Failed, " ",
		provision.Unconfirmed, " ", provision.Stale, " ", provision.Cancelled))
	assert.Equal(t, "Outcome(99)", provision.Outcome(99).String())
	_, err := provision.Outcome(99).MarshalText()
	require.Error(t, err)
	_, err = provision.Verified(99).MarshalText()
	require.Error(t, err)
	o, v := provision.Held, provision.Confirmed
	require.Error(t, o.UnmarshalText([]byte("Done")))
	require.Error(t, v.UnmarshalText([]byte("yes")))
	assert.Equal(t, provision.Held, o, "unchanged on error")
	assert.Equal(t, provision.Confirmed, v)
}
