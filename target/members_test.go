package target_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
)

func TestMembers(t *testing.T) {
	l := list(
		target.Account{ID: "1", Entitlements: []target.Entitlement{group("a"), group("b")}},
		target.Account{ID: "2", Entitlements: []target.Entitlement{group("a"), group("b")}},
		target.Account{ID: "3", Key: target.Key{Identity: "E3"}, Entitlements: []target.Entitlement{group("b")}},
		target.Account{ID: "4"},
	)
	s, err := target.Collect(t.Context(), l)
	require.NoError(t, err)
	assert.Equal(t, map[target.Entitlement]int{group("a"): 2, group("b"): 3}, s.Members())
	assert.Empty(t, target.Snapshot{}.Members())
}
