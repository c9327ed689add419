package provision_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// gossip is a connector that puts everything that it knows into its errors, in the
// ways in which connectors do, and panics now and then.
type gossip struct {
	target.Target
	calls atomic.Int64
}

func (g *gossip) tell(attributes target.Attributes, secrets map[string]target.Secret, req any) error {
	calls := g.calls.Add(1)
	if calls%3 != 0 {
		return nil
	}
	text := fmt.Sprintf("%+v", req)
	for name, values := range attributes.All() {
		quoted, _ := json.Marshal(values)
		text += fmt.Sprintf(" %s=%q %s", name, values, quoted)
	}
	for name, s := range secrets {
		text += fmt.Sprintf(" %s=%s %q %s", name, s.Reveal(), s.Reveal(), url.QueryEscape(s.Reveal()))
	}
	switch calls % 4 {
	case 0:
		panic(errors.New(text))
	case 1:
		return target.Fail(target.Permanent, errors.New(text))
	case 2:
		return target.InvalidError("title", errors.New(text))
	}
	return errors.New(text)
}

func (g *gossip) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	if err := g.tell(req.Attributes, req.Secrets, req); err != nil {
		return target.Account{}, err
	}
	return g.Target.Create(ctx, req)
}

func (g *gossip) Update(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
	if err := g.tell(req.Set, nil, req); err != nil {
		return target.Account{}, err
	}
	return g.Target.Update(ctx, req)
}

func (g *gossip) Disable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	if err := g.tell(target.Attributes{}, nil, req); err != nil {
		return target.Account{}, err
	}
	return g.Target.Disable(ctx, req)
}

const (
	secretCanary    = `hunter2"<&canary`
	sensitiveCanary = "private-canary"
	personalCanary  = "title-canary"
	unusableCanary  = "name \" canary"
)

// leaks says which canaries a text has, in whatever spelling.
func leaks(text, canary string) bool {
	quoted, _ := json.Marshal(canary)
	inText := strconv.Quote(canary)
	for _, form := range []string{canary, inText[1 : len(inText)-1], strings.Trim(string(quoted), `"`), url.QueryEscape(canary), fmt.Sprintf("%x", canary)} {
		if strings.Contains(text, form) {
			return true
		}
	}
	return false
}

// TestCanaries runs days in which everything fails that can, on a connector that
// cannot keep anything to itself, and looks for values where none may be.
func TestCanaries(t *testing.T) {
	spec := companyRules()
	spec.Targets[0].Attributes = append(spec.Targets[0].Attributes,
		rules.Attribute{Set: "phone", To: rules.PersonalEmail}, ruleSecret("password"))
	var logged bytes.Buffer
	path := filepath.Join(t.TempDir(), "journal")
	journal, err := provision.OpenFileJournal(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, journal.Close()) }()
	app := &gossip{}
	w := newWorld(t, func(c *provision.Config) {
		c.Rules = build(t, spec)
		c.Journal = journal
		c.Secrets = secretFor(secretCanary)
		c.Policy.Approve = []reconcile.ApprovalRule{{Action: reconcile.Update, By: "somebody"}}
		c.Logger = slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
		app.Target = sensitivePhone{c.Targets[0]}
		c.Targets = []target.Target{app}
	})
	shown := map[string]*strings.Builder{}
	show := func(name string, text any) {
		if shown[name] == nil {
			shown[name] = &strings.Builder{}
		}
		fmt.Fprintf(shown[name], "%+v\n%#v\n", text, text)
	}
	for day := range 6 {
		people := staff(12)
		for i := range people {
			people[i].JobTitle = fmt.Sprintf("%s-%d", personalCanary, day/2)
			people[i].PersonalEmail = fmt.Sprintf("%s-%d-%d@home.example", sensitiveCanary, day/2, i)
			people[i].Name.Preferred = "\x00" + unusableCanary
			if i < day {
				people[i].Status = source.Terminated
			}
		}
		w.people.Set(people...)
		w.now = w.now.AddDate(0, 0, 1)
		plan := w.plan()
		report, err := w.engine.Apply(t.Context(), plan, nil)
		require.NoError(t, err)
		show("plan text", plan.String())
		redacted, err := json.Marshal(plan.Redacted())
		require.NoError(t, err)
		show("redacted plan", string(redacted))
		show("report text", report.String())
		var lines strings.Builder
		require.NoError(t, report.WriteJSONLines(&lines))
		show("report lines", lines.String())
		if err := report.Err(); err != nil {
			show("errors", err.Error())
		}
		for _, r := range report.Results {
			if r.Err != nil {
				show("errors", r.Err.Error())
			}
		}
		x, err := w.engine.Explain(t.Context(), "E0003")
		require.NoError(t, err)
		show("explanation", x.String())
		pending, err := desk(w).Pending(t.Context())
		require.NoError(t, err)
		for _, p := range pending {
			show("desk", p.String())
			text, err := json.Marshal(p)
			require.NoError(t, err)
			show("desk", string(text))
			if day > 1 {
				require.NoError(t, desk(w).Approve(t.Context(), p.Hold.Reasons[0].Change, provision.Decision{Actor: "cy"}))
			}
		}
	}
	shown["log"] = &strings.Builder{}
	shown["log"].Write(logged.Bytes())
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	shown["journal"], shown["journal but holds"] = &strings.Builder{}, &strings.Builder{}
	shown["journal"].Write(file)
	for line := range strings.Lines(string(file)) {
		if !strings.Contains(line, `"kind":"holding"`) {
			shown["journal but holds"].WriteString(line)
		}
	}
	for _, name := range []string{"plan text", "report text", "report lines", "errors", "explanation", "desk", "log", "journal"} {
		require.NotEmpty(t, shown[name].String(), name)
	}
	require.Contains(t, shown["log"].String(), "failed")
	require.True(t, leaks(shown["plan text"].String(), personalCanary), "the canaries are there")
	require.True(t, leaks(shown["plan text"].String(), unusableCanary), "the canaries are there")
	assert.False(t, leaks(shown["redacted plan"].String(), unusableCanary), "an unusable value in the redacted plan")
	for name, text := range shown {
		assert.False(t, leaks(text.String(), secretCanary), "a secret in the %s", name)
		assert.False(t, leaks(text.String(), sensitiveCanary), "a sensitive value in the %s", name)
	}
	// What people may see in a plan is in no log, and in the journal only where
	// somebody has to decide.
	for _, name := range []string{"log", "journal but holds"} {
		assert.False(t, leaks(shown[name].String(), personalCanary), "a value in the %s", name)
	}
}

// sensitivePhone declares that phones are nobody's business.
type sensitivePhone struct{ target.Target }

func (s sensitivePhone) Capabilities() target.Capabilities {
	can := s.Target.Capabilities()
	list := append([]target.AttributeSpec(nil), can.Attributes...)
	for i := range list {
		list[i].Sensitive = list[i].Sensitive || list[i].Name == "phone"
	}
	can.Attributes = list
	return can
}
