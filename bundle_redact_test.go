package provision_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
)

// What a source and a target said in their own words is not in a redacted bundle.
func TestRedactedBundlesHaveNobodysWords(t *testing.T) {
	w, crm := recording(t, nil)
	all := staff(2)
	w.people.Set(all...)
	w.run()
	all[0].JobTitle = "Boss"
	all[1].Findings = []source.Finding{{Code: source.CodeBadValue, Field: "phone", Identity: all[1].ID, Message: "canary finding"}}
	w.people.Set(all...)
	crm.FailAlways("Accounts", errors.New("canary unread"))
	plan := w.plan()
	bundle, err := plan.Bundle(nil)
	require.NoError(t, err)
	whole := unzipped(t, bundle)
	require.Contains(t, whole, "canary finding")
	require.Contains(t, whole, "canary unread")
	redacted, err := bundle.Redact(redactKey)
	require.NoError(t, err)
	assert.NotContains(t, unzipped(t, redacted), "canary")
}

// unzipped is all that is in the file of a bundle.
func unzipped(t *testing.T, b *provision.Bundle) string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(fileOf(t, b)))
	require.NoError(t, err)
	text, err := io.ReadAll(z)
	require.NoError(t, err)
	return string(text)
}
