package provision_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// quoting refuses creates as services do: with what they got, as JSON and in an address.
type quoting struct{ target.Target }

func (q quoting) Create(_ context.Context, req target.CreateRequest) (target.Account, error) {
	all := maps.Collect(req.Attributes.All())
	text, _ := json.Marshal(all)
	where := url.URL{Scheme: "https", Host: "app.example", RawQuery: url.Values(all).Encode()}
	return target.Account{}, target.Fail(target.Permanent, fmt.Errorf("400: %s cannot use %s (%q)", where.String(), text, all["phone"]))
}

// A sensitive value is in no text, however a target has written it.
func TestSensitiveValuesAsTargetsWriteThem(t *testing.T) {
	for _, value := range []string{`O'Neil & "Kid" <canary>`, "+49 170 canary"} {
		spec := companyRules()
		spec.Targets[0].Attributes = append(spec.Targets[0].Attributes, rules.Attribute{Set: "phone", To: rules.Custom("phone")})
		spec.Fields = []rules.FieldSpec{{Name: "phone"}}
		var logged strings.Builder
		path := filepath.Join(t.TempDir(), "journal")
		w := newWorld(t, func(c *provision.Config) {
			c.Rules, c.Journal = build(t, spec), openJournal(t, path)
			c.Logger = slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
			c.Targets = []target.Target{quoting{sensitivePhone{c.Targets[0]}}}
		})
		p := person("E1", "Sales", "Clerk")
		p.Custom = map[string][]string{"phone": {value}}
		w.people.Set(p)
		report, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		require.Equal(t, 1, report.Counts()[provision.Failed])
		var lines strings.Builder
		require.NoError(t, report.WriteJSONLines(&lines))
		w.config.Logger.Info("all of it", "report", report, "value", *report)
		for name, text := range map[string]string{
			"journal": read(t, path), "log": logged.String(), "lines": lines.String(), "report": report.String(),
			"errors": report.Err().Error(), "JSON": asJSON(t, report),
		} {
			assert.NotContains(t, text, "canary", name)
			assert.Contains(t, text, "cannot use", name)
		}
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

// A report as JSON has what its lines have, and with masks no value.
func TestReportAsJSON(t *testing.T) {
	for _, masks := range []bool{false, true} {
		w := newWorld(t, func(c *provision.Config) {
			if masks {
				masked(c)
			}
		})
		w.people.Set(person("E1", "Sales", "Clerk"))
		report, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		var out struct {
			Run     string
			Results []map[string]any
		}
		text := asJSON(t, report)
		require.NoError(t, json.Unmarshal([]byte(text), &out))
		assert.Equal(t, report.Run, out.Run)
		assert.Len(t, out.Results, len(report.Results))
		assert.Equal(t, "done", out.Results[0]["outcome"])
		assert.Equal(t, masks, !strings.Contains(text, "E1@acme.example"), "%s", text)
		assert.Equal(t, text, asJSON(t, *report))
	}
}

// What a mapping says of a row is what a source said.
func TestRedactedShowsNoErrorOfAMapping(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Source = source.Map(c.Source, func(i source.Identity) (source.Identity, error) {
			return i, fmt.Errorf("pay grade %s is no number", i.Custom["grade"])
		})
	})
	p := person("E1", "Sales", "Clerk")
	p.Custom = map[string][]string{"grade": {"canary"}}
	w.people.Set(p)
	plan := w.plan()
	assert.Contains(t, plan.String(), "canary")
	text := jsonOf(t, plan.Redacted())
	assert.Contains(t, text, "the mapping failed")
	assert.NotContains(t, text, "canary")
}

// With masks a report says why something was not tried, and blames no target for it.
func TestMaskedReportOfWhatWasNotSent(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Concurrency = 1
		masked(c)
	})
	w.people.Set(staff(10)...)
	w.sync()
	w.hired("new")
	w.app.Inject(memtarget.Fault{Method: "Create", Key: target.Key{Identity: "new"}, Err: errKey})
	_, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	w.pass(10 * time.Minute)
	report := w.run()
	require.ErrorIs(t, report.Results[0].Err, provision.ErrQuarantined)
	var lines strings.Builder
	require.NoError(t, report.WriteJSONLines(&lines))
	assert.NotContains(t, lines.String(), "the target said")
	assert.Contains(t, lines.String(), "quarantine")
}
