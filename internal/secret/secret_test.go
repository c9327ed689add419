package secret_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/provision-go/provision/internal/secret"
)

const canary = "hunter2-canary"

// holder has a secret in every place where printing treats it in another way.
type holder struct {
	Shown  secret.Secret
	Point  *secret.Secret
	List   []secret.Secret
	Named  map[string]secret.Secret
	Any    any
	hidden secret.Secret
	deep   struct{ inner []secret.Secret }
}

func hold() holder {
	s := secret.New(canary)
	h := holder{
		Shown: s, Point: &s, List: []secret.Secret{s}, Named: map[string]secret.Secret{"a": s}, Any: s, hidden: s,
	}
	h.deep.inner = []secret.Secret{s}
	return h
}

func TestNothingPrintsASecret(t *testing.T) {
	h := hold()
	var said bytes.Buffer
	for _, value := range []any{h, &h, h.Shown, h.Point, h.List, h.Named, h.Any, []any{h}, fmt.Errorf("it is %v: %w", h, holderError{h})} {
		for _, verb := range "vsqxXdtbcoOUeEfFgGpTw" {
			for _, flags := range []string{"", "+", "#", "-20", ".3", " ", "0"} {
				fmt.Fprintf(&said, "%"+flags+string(verb)+"\n", value)
			}
		}
		fmt.Fprintln(&said, value)
		log.New(&said, "", 0).Println(value)
		slog.New(slog.NewTextHandler(&said, nil)).Info("text", "value", value)
		slog.New(slog.NewJSONHandler(&said, nil)).Info("json", "value", value)
		if text, err := json.Marshal(value); err == nil {
			said.Write(text)
		}
		if text, err := yaml.Marshal(value); err == nil {
			said.Write(text)
		}
	}
	type element struct {
		A secret.Secret
		B secret.Secret `xml:",attr"`
	}
	text, err := xml.Marshal(element{h.Shown, h.Shown})
	require.NoError(t, err)
	said.Write(text)
	require.Error(t, gob.NewEncoder(&said).Encode(struct{ A secret.Secret }{h.Shown}), "gob refuses it")
	said.WriteString(cmp.Diff(h.Shown, secret.New("other")))
	said.WriteString(cmp.Diff(map[string]secret.Secret{}, h.Named))
	rec := &recorder{}
	assert.Equal(rec, holder{}, h)
	said.WriteString(rec.said)

	require.Contains(t, said.String(), secret.Masked)
	assert.NotContains(t, said.String(), canary)
	for _, part := range []string{"hunter", fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), "104 117 110 116 101 114"} {
		assert.NotContains(t, said.String(), part)
	}
}

type holderError struct{ h holder }

func (e holderError) Error() string { return fmt.Sprintf("holds %+v", e.h) }

type recorder struct{ said string }

func (r *recorder) Errorf(format string, args ...any) { r.said += fmt.Sprintf(format, args...) }

func TestASecretIsThereForWhoAsks(t *testing.T) {
	var c struct{ Key, Other secret.Secret }
	require.NoError(t, json.Unmarshal([]byte(`{"Key": "abc", "Other": ""}`), &c))
	assert.Equal(t, "abc", c.Key.Reveal())
	assert.False(t, c.Key.IsZero())
	assert.True(t, c.Other.IsZero())
	assert.Empty(t, c.Other.Reveal())
	assert.Empty(t, c.Other.String(), "it can be seen that none is set")
	assert.True(t, c.Key.Equal(secret.New("abc")))
	assert.False(t, c.Key.Equal(secret.New("abd")))
	assert.False(t, c.Key.Equal(c.Other))
	assert.True(t, secret.New("").Equal(secret.Secret{}))
	assert.False(t, strings.Contains(fmt.Sprintf("%#v", c), "abc"))
}
