//go:build !race

package interop_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/provision-go/provision/internal/scim"
)

// TestRepliesAreRead: SCIMMY reads everything that scimserver answers in its
// transcripts, and finds nothing wrong, too little or too much in it.
func TestRepliesAreRead(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../source/scimserver/testdata/*.txtar")
	require.NoError(t, err)
	r := reader{script: node(t, "oracle.mjs"), read: map[string]int{}}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		require.NoError(t, err)
		for _, part := range archive.Files {
			_, body, found := strings.Cut(string(part.Data), "\n\n")
			if !strings.HasPrefix(part.Name, "answer") || !found || strings.TrimSpace(body) == "" {
				continue
			}
			message, err := scim.Decode([]byte(body))
			require.NoError(t, err)
			r.message(filepath.Base(file)+": "+part.Name, message)
		}
	}
	for _, kind := range []string{"User", "Group", "ListResponse", "Error"} {
		assert.Greater(t, r.read[kind], 5, "%s: too few for the test to say much", kind)
	}
	t.Logf("read: %v", r.read)
}

type reader struct {
	*script
	read map[string]int
}

// message lets SCIMMY read one, and the resources in it.
func (r *reader) message(at string, message scim.Object) {
	r.t.Helper()
	list, _ := message["schemas"].([]any)
	urn, _ := list[0].(string)
	kind := urn[strings.LastIndexByte(urn, ':')+1:]
	r.read[kind]++
	sent := message
	if kind == "User" || kind == "Group" {
		sent, _ = withoutReferences(message).(scim.Object)
	}
	var said struct {
		OK    json.RawMessage
		Error *struct{ Message string }
	}
	r.ask(scim.Object{"read": scim.Object{"kind": kind, "message": sent}}, &said)
	if !assert.Nil(r.t, said.Error, "%s: %s", at, kind) {
		return
	}
	// Whole seconds are written in more than one way.
	got, err := scim.Decode(bytes.ReplaceAll(said.OK, []byte(`.000Z"`), []byte(`Z"`)))
	require.NoError(r.t, err)
	if sent["startIndex"] == nil {
		delete(got, "startIndex") // its default; a list by cursor has none (RFC 9865, section 2)
	}
	if !scim.Same(sent, got) {
		assert.Empty(r.t, cmp.Diff(sent, got), "%s: %s: SCIMMY makes something else of it", at, kind)
	}
	resources, _ := message["Resources"].([]any)
	for _, v := range resources {
		o, _ := v.(scim.Object)
		r.message(at, o)
	}
}

// withoutReferences leaves out every $ref: SCIMMY wants "User" or "Group" there, where
// RFC 7643, section 2.3.7, has an address.
func withoutReferences(v any) any {
	switch v := v.(type) {
	case scim.Object:
		out := scim.Object{}
		for name, x := range v {
			if name != "$ref" {
				out[name] = withoutReferences(x)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for n := range v {
			out[n] = withoutReferences(v[n])
		}
		return out
	}
	return v
}
