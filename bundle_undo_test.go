package provision_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
)

// The results of a redacted bundle are about changes of its plan, also of a run that took
// another one back.
func TestRedactedBundleOfAnUndo(t *testing.T) {
	w, _ := recording(t, nil)
	ann := person("E1", "Sales", "Clerk")
	w.people.Set(ann)
	w.sync()
	w.now = w.now.Add(time.Hour)
	ann.Department, ann.JobTitle = source.Named("Engineering"), "Engineer"
	w.people.Set(ann)
	plan := w.undo(w.runClean().Run)
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	require.NotEmpty(t, report.Results)
	bundle, err := plan.Bundle(report)
	require.NoError(t, err)
	redacted, err := bundle.Redact(redactKey)
	require.NoError(t, err)
	again, err := redacted.Replay(nil)
	require.NoError(t, err)

	planned := map[string]bool{}
	for _, tp := range again.Targets {
		for c := range tp.All() {
			planned[c.ID] = true
		}
	}
	require.Len(t, redacted.Results(), len(report.Results))
	for _, r := range redacted.Results() {
		assert.True(t, planned[r.Change], "%s of %q", r.Outcome, r.Change)
	}
}
