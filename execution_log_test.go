package provision

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// logged returns the lines of a log, without time.
func (b *bench) logged(level slog.Level, changes ...reconcile.Change) []string {
	var out bytes.Buffer
	b.config.Logger = slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{
		Level: level,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "took" || a.Key == "wait" {
				return slog.Attr{}
			}
			return a
		},
	}))
	b.do(changes...)
	return strings.Split(strings.TrimSpace(out.String()), "\n")
}

func TestExecutionLogs(t *testing.T) {
	at(t, func(t *testing.T) {
		plan := func() (*bench, []reconcile.Change) {
			b := newBench(t)
			b.config.Concurrency = 1
			g := target.Entitlement{Kind: "group", Name: "g"}
			revoke := on(b.place("E1", g), change(reconcile.Revoke, "E1"))
			revoke.Entitlement = g
			b.app.FailNext("Create", target.Fail(target.NotSent, errors.New("no route for E2@acme.example")))
			b.app.Inject(memtarget.Fault{
				Method: "Create", Key: key("E3"), Err: target.Fail(target.Fatal, errors.New("E3@acme.example: bad token")),
			})
			return b, []reconcile.Change{revoke, creating("E2"), creating("E3"), creating("E4")}
		}
		b, changes := plan()
		lines := b.logged(slog.LevelDebug, changes...)
		text := strings.Join(lines, "\n")
		assert.Contains(t, text, `level=DEBUG msg="change ended" run=run1 target=app change="revoke E1" action=revoke key=E1`+
			` account=a1 entitlement=group:g outcome=done attempts=1 verified=confirmed`)
		assert.Contains(t, text, `level=DEBUG msg="change waits to be repeated" run=run1 target=app change="create E2"`)
		assert.Contains(t, text, `error="no route for …"`)
		assert.Contains(t, text, `level=WARN msg="change ended" run=run1 target=app change="create E3" action=create key=E3`+
			` outcome=failed attempts=1 class=fatal error="…: bad token"`)
		assert.Contains(t, text, `level=ERROR msg="target stopped" run=run1 target=app error="target unusable: …: bad token"`)
		assert.NotContains(t, text, "acme", "no values")

		b, changes = plan()
		assert.Len(t, b.logged(slog.LevelWarn, changes...), 3, "what went well is for debugging")
	})
}
