package provision_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
)

// A replay that comes to another plan than the run says so, and shows it.
func TestReplayTellsOfAnotherPlan(t *testing.T) {
	_, _, b := bundleOfADay(t)
	z, err := gzip.NewReader(bytes.NewReader(fileOf(t, b)))
	require.NoError(t, err)
	var file struct {
		Format   int             `json:"format"`
		Checksum string          `json:"checksum"`
		Content  json.RawMessage `json:"content"`
	}
	require.NoError(t, json.NewDecoder(z).Decode(&file))
	var content map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(file.Content, &content))
	was := string(content["plan"])
	require.Contains(t, was, `"label":"`)
	content["plan"] = json.RawMessage(strings.Replace(was, `"label":"`, `"label":"not `, 1))
	file.Content, err = json.Marshal(content)
	require.NoError(t, err)
	sum := sha256.Sum256(file.Content)
	file.Checksum = hex.EncodeToString(sum[:])
	text, err := json.Marshal(file)
	require.NoError(t, err)

	altered, err := provision.ReadBundle(bytes.NewReader(zipped(t, string(text))), 0)
	require.NoError(t, err)
	plan, err := altered.Replay(nil)
	require.ErrorIs(t, err, provision.ErrReplayDiffers)
	again, err := plan.MarshalJSON()
	require.NoError(t, err)
	assert.Equal(t, was, string(again), "what the rules come to")
}
