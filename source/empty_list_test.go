package source_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
)

// Whoever loses their last right must lose it: an empty list is not a missing
// one, and stays so on its way to the rules.
func TestEmptyListsStayKnown(t *testing.T) {
	s := memsource.New("hr", source.Identity{
		ID: "E1", Groups: []source.Group{},
		Custom: map[string][]string{"rights": {}, "unknown": nil, "blank": {" "}, "some": {"a"}},
	})
	snap, err := source.Collect(t.Context(), s)
	require.NoError(t, err)
	one, err := source.Read(t.Context(), s, "E1")
	require.NoError(t, err)
	for name, got := range map[string]*source.Identity{"collected": snap.Find("E1"), "read": &one} {
		require.NotNil(t, got.Groups, name)
		assert.Equal(t, map[string][]string{"rights": {}, "some": {"a"}}, got.Custom, name)
	}
}
