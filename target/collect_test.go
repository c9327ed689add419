package target_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

func key(id string) target.Key { return target.Key{Identity: id} }

func TestCollectFromMemtarget(t *testing.T) {
	m := memtarget.New("app", &memtarget.Config{MembersOnEntitlement: true})
	ctx := context.Background()
	boss, err := m.Create(ctx, target.CreateRequest{Key: key("E2"), State: target.Enabled,
		Attributes: target.Attrs(map[string]string{"userName": "boss"})})
	require.NoError(t, err)
	_, err = m.Create(ctx, target.CreateRequest{Key: key("E1"), State: target.Disabled,
		Attributes: target.Attrs(map[string]string{"userName": "ana", "manager": boss.ID})})
	require.NoError(t, err)
	m.Put(target.Account{State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "svc"})})
	group := target.Entitlement{Kind: "group", Name: "staff"}
	m.AddEntitlements(group)
	require.NoError(t, m.Grant(ctx, target.GrantRequest{Ref: target.Ref{ID: boss.ID}, Entitlement: group}))

	s, err := target.Collect(ctx, m)
	require.NoError(t, err)
	assert.True(t, s.Complete())
	assert.Equal(t, 3, s.Len())
	require.Len(t, s.Managed(), 2)
	assert.Equal(t, key("E1"), s.Managed()[0].Key)
	assert.Equal(t, "E2", s.Managed()[0].Attributes.Get("manager"))
	assert.Equal(t, []target.Entitlement{group}, s.Managed()[1].Entitlements)
	assert.Equal(t, "svc", s.Unmanaged()[0].Attributes.Get("userName"))
	assert.Equal(t, []target.Held{{Entitlement: group, ID: "e1"}}, s.Catalogue())
	assert.Empty(t, s.Findings())
}
