package provision_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// maskKey is the key of a tenant whose journal keeps hashes.
const maskKey = "a key of the tenant acme, kept"

// masked is a company whose journal keeps no values but titles.
func masked(c *provision.Config) {
	c.MaskKey, c.Masking = []byte(maskKey), &provision.Masking{Plain: []string{"app/title"}}
}

// personalRules are those of the company with a name that is chosen once, an address, and
// fields of the customer's own.
func personalRules(t *testing.T) *rules.Set {
	t.Helper()
	spec := companyRules()
	spec.Fields = []rules.FieldSpec{{Name: "phone"}, {Name: "badge"}}
	slug := rules.Slug(rules.FamilyName)
	spec.Targets[0].Attributes[0] = rules.Attribute{Set: "userName", Apply: target.CreateOnly, Unique: &rules.Unique{
		Try: []rules.Value{slug, rules.Join("", slug, rules.Counter())}, Max: 3, NeverReuse: 365,
	}}
	spec.Targets[0].Attributes = append(spec.Targets[0].Attributes,
		rules.Attribute{Set: "email", To: rules.WorkEmail}, rules.Attribute{Set: "phone", To: rules.Custom("phone")},
		rules.Attribute{Set: "location", To: rules.Custom("badge")})
	return build(t, spec)
}

// personal are the canaries: whatever of a person is told from one of them.
var personal = []string{"canaryname", "canary.mail", "555-canary", "badge <canary> \"1\"", "Canary Person"}

// personalStaff are fifteen people who carry the canaries. Five share a name, one more than
// there are candidates.
func personalStaff(day int) []source.Identity {
	people := staff(15)
	for i := range people {
		p := &people[i]
		p.Name.Family = fmt.Sprintf("canaryname%c", 'a'+i%3)
		p.WorkEmail = fmt.Sprintf("canary.mail.%d.%d@acme.example", day/2, i)
		p.DisplayName = fmt.Sprintf("Canary Person %d %d", day/2, i)
		p.JobTitle = fmt.Sprintf("Clerk %d", day/2)
		p.Custom = map[string][]string{"phone": {fmt.Sprintf("555-canary-%d-%d", day/2, i)}, "badge": {"badge <canary> \"1\" " + fmt.Sprint(day/2)}}
		if i < day {
			p.Status, p.LastDay = source.Terminated, source.Day(2026, 3, 1)
		}
	}
	return people
}

// lifeOf is everything that days leave behind in which all fails that can, by name.
func lifeOf(t *testing.T, change func(*provision.Config)) map[string]string {
	t.Helper()
	var logged bytes.Buffer
	path := filepath.Join(t.TempDir(), "journal")
	app := &gossip{}
	w := newWorld(t, func(c *provision.Config) {
		c.Rules, c.Journal, c.KeepValues, c.Record = personalRules(t), openJournal(t, path), true, true
		c.Policy.Approve = []reconcile.ApprovalRule{{Action: reconcile.Update, By: "somebody"}}
		c.Logger = slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
		app.Target = c.Targets[0]
		c.Targets = []target.Target{app}
		change(c)
	})
	left := map[string]string{}
	keep := func(name string, value any) {
		text, err := json.Marshal(value)
		require.NoError(t, err)
		left[name] += string(text) + "\n"
	}
	held := desk(w)
	held.MaskKey = []byte(maskKey)
	for day := range 7 {
		w.people.Set(personalStaff(day)...)
		w.now = w.now.AddDate(0, 0, 1)
		plan := w.plan()
		require.NoError(t, held.Submit(t.Context(), plan))
		report, err := w.engine.Apply(t.Context(), plan, nil)
		require.NoError(t, err)
		keep("redacted plan", plan.Redacted())
		keep("redacted plans of targets", plan.Targets[0].Redacted())
		var lines strings.Builder
		require.NoError(t, report.WriteJSONLines(&lines))
		left["report as JSON"] += lines.String()
		bundle, err := plan.Bundle(report)
		require.NoError(t, err)
		bundle, err = bundle.Redact([]byte(maskKey))
		require.NoError(t, err)
		var file bytes.Buffer
		require.NoError(t, bundle.Write(&file))
		unpacked, err := gzip.NewReader(&file)
		require.NoError(t, err)
		text, err := io.ReadAll(unpacked)
		require.NoError(t, err)
		left["redacted bundle"] += string(text)
		pending, err := held.Pending(t.Context())
		require.NoError(t, err)
		keep("desk", pending)
		for _, p := range pending {
			left["desk"] += p.String() + "\n"
			if day > 1 {
				require.NoError(t, held.Approve(t.Context(), p.Hold.Reasons[0].Change, provision.Decision{Actor: "cy"}))
			}
		}
		undo, err := w.engine.Undo(t.Context(), report.Run, provision.UndoOptions{})
		require.NoError(t, err)
		keep("redacted undo", undo.Redacted())
	}
	left["log"] = logged.String()
	left["journal"] = read(t, path)
	require.NoError(t, w.config.Journal.(*provision.FileJournal).Compact(t.Context(), w.now.AddDate(0, 0, 1)))
	left["compacted journal"] = read(t, path)
	return left
}

func read(t *testing.T, path string) string {
	t.Helper()
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(file)
}

// TestMaskedCanaries: with masks nothing that is kept tells a value of a person, and what
// is plain is there all the same. Without them it does, so the test can fail.
func TestMaskedCanaries(t *testing.T) {
	masks := lifeOf(t, masked)
	for name, text := range masks {
		for _, canary := range personal {
			assert.False(t, leaks(text, canary), "%q in the %s", canary, name)
		}
		require.NotEmpty(t, text, name)
	}
	assert.Contains(t, masks["journal"], "Clerk 1", "what is plain can be read")
	assert.Contains(t, masks["journal"], "the target said: ")
	assert.Contains(t, masks["desk"], `"name":"displayName","before":["hmac:`)
	assert.Contains(t, masks["report as JSON"], "hmac:")

	open := lifeOf(t, func(*provision.Config) {})
	for _, name := range []string{"journal", "compacted journal", "desk", "redacted plan", "report as JSON"} {
		for _, canary := range personal {
			assert.True(t, leaks(open[name], canary), "%q is in the %s without masks", canary, name)
		}
	}
}
