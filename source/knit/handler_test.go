package knit_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/knit"
	"github.com/provision-go/provision/source/knit/knittest"
)

// Several processes over one store take the pushes of one sync at the same time.
func TestSeveralProcesses(t *testing.T) {
	b := newBench(t, knittest.Population(40), nil)
	pushes := knittest.Twice(b.fake.Pushes(b.fake.Events("initial_sync")))
	var wait sync.WaitGroup
	refused := make([]int, 4)
	for n := range 4 {
		c, err := knit.New(knit.Config{APIKey: key, Store: b.store, Clock: b.clock})
		require.NoError(t, err)
		wait.Go(func() {
			for i := n; i < len(pushes); i += 4 {
				for pushes[i].Send(c) != http.StatusOK { // as Knit does
					refused[n]++
				}
			}
		})
	}
	wait.Wait()
	assert.Len(t, b.statuses(), 40)
	o, err := b.Overview(t.Context(), integration)
	require.NoError(t, err)
	assert.Equal(t, 40, o.Syncs[0].Events)
	t.Log("refused meanwhile:", refused)
}

// A push that came already says once more whom to look at: the answer to the first one
// may not have arrived, nor what was told of it.
func TestChangedTwice(t *testing.T) {
	b := newBench(t, company(), nil)
	p := b.fake.Pushes(b.fake.Events("initial_sync"))[0]
	assert.Equal(t, 200, p.Send(b))
	assert.Equal(t, 200, p.Send(b))
	assert.Equal(t, []string{"int_1 1000", "int_1 1000"}, b.changed)
}

// Accept binds sync jobs to integrations, which the signature does not.
func TestAccept(t *testing.T) {
	b := newBench(t, company(), func(c *knit.Config) {
		c.Accept = func(_ context.Context, i, job string) error {
			if job != "sj_"+i {
				return errors.New("not theirs")
			}
			return nil
		}
	})
	pushes := b.fake.Pushes(b.fake.Events("initial_sync"))
	stolen := knittest.Altered(func(p *knittest.Push) { p.Header.Set("X-Knit-Integration-Id", "int_2") })(pushes)
	assert.Equal(t, 403, stolen[0].Send(b))
	require.ErrorIs(t, b.failed[0], knit.ErrForeign)
	state, err := b.store.State(t.Context(), "int_2")
	require.NoError(t, err)
	assert.Zero(t, state.Version)
	assert.Empty(t, knittest.Send(b, pushes))
	assert.Len(t, b.statuses(), len(ids()))
}

// Keys are changed while both are in use.
func TestOldKeys(t *testing.T) {
	b := newBench(t, company(), func(c *knit.Config) { c.APIKey, c.OldKeys = "new", []knit.Key{key} })
	b.sync("initial_sync")
	p := b.fake.Pushes(b.fake.Events("delta_sync"))[0]
	p.Signature = knittest.Sign("new", p.Body)
	assert.Equal(t, 200, p.Send(b))
}

// The signature of another implementation, with padding and without.
func TestSignatureVector(t *testing.T) {
	c, err := knit.New(knit.Config{APIKey: "test-signing-key", Store: knit.NewMemory()})
	require.NoError(t, err)
	p := knittest.Push{
		Body:   []byte(`{"eventId":"ev_1","eventType":"record.new","eventData":{}}`),
		Header: http.Header{"X-Knit-Integration-Id": {integration}},
	}
	for _, signature := range []string{"0W0mXtzCGaTW_L-OU5APQ7Gk0xB_WXJsRx5oxHtsUC4=", "0W0mXtzCGaTW_L-OU5APQ7Gk0xB_WXJsRx5oxHtsUC4"} {
		p.Signature = signature
		assert.Equal(t, 200, p.Send(c))
	}
	p.Signature = "0W0mXtzCGaTW_L-OU5APQ7Gk0xB_WXJsRx5oxHtsUC5"
	assert.Equal(t, 401, p.Send(c))
	assert.Equal(t, p.Signature[:10], knittest.Sign("test-signing-key", p.Body)[:10])
}

func TestOtherMethods(t *testing.T) {
	b := newBench(t, nil, nil)
	w := httptest.NewRecorder()
	b.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody))
	assert.Equal(t, 405, w.Code)
	assert.Equal(t, "POST", w.Header().Get("Allow"))
	assert.JSONEq(t, `{"success":false}`, w.Body.String())
}
