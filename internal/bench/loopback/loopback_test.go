package loopback

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/target"
)

func TestTargetAndLimitSendTheSame(t *testing.T) {
	c := people.Company{Size: 200, Seed: 3, Settled: true}
	plain := c.Creates()
	for n := range c.Size {
		account := c.Account(n)
		bare := appendAccount([]byte{'{'}, plain[n].Key, plain[n].All())
		assert.Equal(t, string(bare), string(appendAccount([]byte{'{'}, account.Key.String(), account.Attributes.All())))
		assert.True(t, json.Valid(bare), string(bare))
	}
	odd := appendText(nil, "a\"b\\c\n\x01ü")
	var back string
	require.NoError(t, json.Unmarshal(odd, &back))
	assert.Equal(t, "a\"b\\c\n\x01ü", back)
}

func TestServer(t *testing.T) {
	c := people.Company{Size: 50, Seed: 3, Settled: true}
	server, err := Start(t.Context(), c)
	require.NoError(t, err)
	client := server.Client()
	app := client.Target()
	want := c.Account(42)

	byKey, err := app.Find(t.Context(), target.Find{Key: want.Key})
	require.NoError(t, err)
	assert.Equal(t, []target.Account{want}, byKey)
	byID, err := app.Find(t.Context(), target.Find{ID: want.ID})
	require.NoError(t, err)
	assert.Equal(t, []target.Account{want}, byID)
	_, err = app.Find(t.Context(), target.Find{ID: people.AccountID(50)})
	require.ErrorIs(t, err, errStatus)

	made, err := app.Create(t.Context(), target.CreateRequest{Key: want.Key, State: target.Enabled, Attributes: want.Attributes})
	require.NoError(t, err)
	assert.Equal(t, want, made)
	require.NoError(t, client.CreateAll(t.Context(), c.Creates(), 4))
	_, err = app.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: want.ID, Key: want.Key}, Set: want.Attributes})
	require.NoError(t, err)

	client.Close()
	require.NoError(t, server.Stop())
	require.Error(t, client.CreateAll(t.Context(), c.Creates(), 4))
}
