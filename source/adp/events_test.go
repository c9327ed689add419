package adp_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/adp"
	"github.com/provision-go/provision/source/adp/adptest"
)

// take takes everything from the queue.
func take(t testing.TB, s *adp.Source) []adp.Event {
	t.Helper()
	var all []adp.Event
	_, err := s.Events(t.Context(), adp.EventConfig{}, func(_ context.Context, e adp.Event) error {
		all = append(all, e)
		return nil
	})
	require.NoError(t, err)
	return all
}

func TestEvents(t *testing.T) {
	c := serve(t, adptest.Config{People: staff()})
	s := c.open(t, nil)
	assert.Empty(t, take(t, s), "an empty queue is no error")
	first := c.Send(adptest.Event("worker.terminate", "G3TEST0003"))
	second := c.Send(adptest.Event("worker.hire", "G3TEST0009"))
	assert.Equal(t, []adp.Event{
		{Message: first, Names: []string{"worker.terminate"}, People: []string{"G3TEST0003"}},
		{Message: second, Names: []string{"worker.hire"}, People: []string{"G3TEST0009"}},
	}, take(t, s), "whom they are about, and not who did it")
	assert.Empty(t, c.Queued())
}

// A message leaves the queue only after it was handled, however the call ends.
func TestEventIsKeptUntilHandled(t *testing.T) {
	c := serve(t, adptest.Config{People: staff()})
	s := c.open(t, nil)
	first := c.Send(adptest.Event("worker.hire", "G3TEST0001"))
	second := c.Send(adptest.Event("worker.hire", "G3TEST0002"))
	third := c.Send(adptest.Event("worker.hire", "G3TEST0003"))

	full := errors.New("the disk is full")
	handled, err := s.Events(t.Context(), adp.EventConfig{}, func(_ context.Context, e adp.Event) error {
		assert.Contains(t, c.Queued(), e.Message, "while it is handled it is still there")
		if e.Message == second {
			return full
		}
		return nil
	})
	require.ErrorIs(t, err, full)
	require.ErrorContains(t, err, second)
	assert.Equal(t, 1, handled)
	assert.Equal(t, []string{second, third}, c.Queued())

	// The process dies while it handles a message, which here is a panic.
	assert.Panics(t, func() {
		_, _ = s.Events(t.Context(), adp.EventConfig{}, func(context.Context, adp.Event) error { panic("killed") })
	})
	assert.Equal(t, []string{second, third}, c.Queued())

	// It is cancelled after it handled one, before that could be told.
	ctx, cancel := context.WithCancel(t.Context())
	_, err = s.Events(ctx, adp.EventConfig{}, func(context.Context, adp.Event) error {
		cancel()
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, []string{second, third}, c.Queued())

	// The acknowledgement fails: the message comes again.
	c.Break(adptest.Fault{Endpoint: adptest.Events, Method: http.MethodDelete, Times: 1, Spoil: adptest.Spoil{Status: 500}})
	handled, err = s.Events(t.Context(), adp.EventConfig{}, func(context.Context, adp.Event) error { return nil })
	require.ErrorIs(t, err, source.ErrUnavailable)
	assert.Zero(t, handled)
	assert.Equal(t, []string{second, third}, c.Queued())

	// One at a time.
	handled, err = s.Events(t.Context(), adp.EventConfig{Most: 1}, func(context.Context, adp.Event) error { return nil })
	require.NoError(t, err)
	assert.Equal(t, 1, handled)
	assert.Equal(t, []string{third}, c.Queued())
	assert.NotContains(t, c.Queued(), first)
}

// An acknowledgement whose answer is lost or broken was carried out all the same, and one
// of a message that is gone is no error.
func TestAcknowledgements(t *testing.T) {
	for name, spoil := range map[string]adptest.Spoil{
		"gone": {Status: 404}, "half": {Cut: 10}, "empty": {Status: 204}, "text": {Alter: func([]byte) []byte { return []byte("deleted") }},
	} {
		c := serve(t, adptest.Config{})
		s := c.open(t, nil)
		c.Send(adptest.Event("worker.hire", "G3TEST0001"))
		c.Break(adptest.Fault{Endpoint: adptest.Events, Method: http.MethodDelete, Spoil: spoil})
		handled, err := s.Events(t.Context(), adp.EventConfig{Most: 1}, func(context.Context, adp.Event) error { return nil })
		require.NoError(t, err, name)
		assert.Equal(t, 1, handled, name)
	}
	// A queue that does not let go of a message must not be asked for ever.
	c := serve(t, adptest.Config{})
	c.Send(adptest.Event("worker.hire", "G3TEST0001"))
	c.Break(adptest.Fault{Endpoint: adptest.Events, Method: http.MethodDelete, Spoil: adptest.Spoil{Status: 200}})
	handled, err := c.open(t, nil).Events(t.Context(), adp.EventConfig{}, func(context.Context, adp.Event) error { return nil })
	require.ErrorContains(t, err, "came again after it was acknowledged")
	assert.Equal(t, 1, handled)
}

// Whatever a message says, it is handed on and can be acknowledged: one that could not
// be would hold back all that come after it. What is not understood concerns everybody.
func TestEventShapes(t *testing.T) {
	tests := map[string]adp.Event{
		`{"events":[{"eventNameCode":{"codeValue":"worker.rehire"},"data":{"output":{"worker":{"associateOID":"G3A",
			"workAssignments":[{"reportsTo":[{"associateOID":"G3BOSS"}]}]}}}}]}`: {Names: []string{"worker.rehire"}, People: []string{"G3A"}},
		`{"events":[{"eventNameCode":"worker.hire","data":{"eventContext":{"worker":[{"associateOID":"G3B"},{"associateOID":"G3A"}]},
			"output":{"workers":[{"associateOID":"G3A"}]}}}]}`: {Names: []string{"worker.hire"}, People: []string{"G3A", "G3B"}},
		`{"events":{"eventNameCode":{"codeValue":"workerHire.cancel"},"data":{"transform":{"worker":{"associateOID":"G3C"}}}}}`: {
			Names: []string{"workerHire.cancel"}, People: []string{"G3C"},
		},
		`{"events":[{"eventNameCode":{"codeValue":"worker.hire"},"data":{}}]}`:                                         {Names: []string{"worker.hire"}, Everybody: true},
		`{"events":[{"eventNameCode":{"codeValue":"worker.hire"},"data":{"output":{"worker":{"associateOID":"?"}}}}]}`: {Names: []string{"worker.hire"}, Everybody: true},
		`{"events":[{"eventNameCode":{"codeValue":"time-card.submit"}}]}`:                                              {Names: []string{"time-card.submit"}},
		`{"events":[]}`: {Everybody: true},
		`{}`:            {Everybody: true},
		`[]`:            {Everybody: true},
		`{"events":[{"eventNameCode":{"codeValue":"worker.hire"},"data":{"output":{"worker":{"associateOID":"G3A"}}}}`: {
			Names: []string{"worker.hire"}, People: []string{"G3A"}, Everybody: true,
		},
		"{\"events\":[{\"eventNameCode\":{\"codeValue\":\"worker.hire\"},\"eventTitle\":\"Embauche r\xe9ussie\",\"data\":{\"output\":{\"worker\":{\"associateOID\":\"G3A\"}}}}]}": {
			Names: []string{"worker.hire"}, People: []string{"G3A"},
		},
	}
	for body, want := range tests {
		c := serve(t, adptest.Config{})
		want.Message = c.Send(body)
		assert.Equal(t, []adp.Event{want}, take(t, c.open(t, nil)), body)
		assert.Empty(t, c.Queued())
	}
}

// What is no message is an error, and nothing is acknowledged.
func TestNoEvent(t *testing.T) {
	for name, spoil := range map[string]adptest.Spoil{
		"no id":   {Header: map[string]string{"Adp-Msg-Msgid": ""}},
		"dots":    {Header: map[string]string{"Adp-Msg-Msgid": ".."}},
		"no JSON": {Status: 200, Body: "<html>maintenance</html>", Header: map[string]string{"Adp-Msg-Msgid": "1", "Content-Type": "text/html"}},
		"scope":   {Status: 403},
		"empty":   {Status: 200},
	} {
		c := serve(t, adptest.Config{})
		c.Send(adptest.Event("worker.hire", "G3TEST0001"))
		c.Break(adptest.Fault{Endpoint: adptest.Events, Spoil: spoil})
		_, err := c.open(t, nil).Events(t.Context(), adp.EventConfig{}, func(context.Context, adp.Event) error {
			t.Error("it was handed on")
			return nil
		})
		require.Error(t, err, name)
		assert.Len(t, c.Queued(), 1, name)
		assert.False(t, slices.ContainsFunc(c.Requests(), func(r string) bool { return strings.HasPrefix(r, "DELETE") }), name)
	}
}

func TestLongPollingAndRole(t *testing.T) {
	var seen []http.Header
	fake := adptest.New(adptest.Config{ClientID: "client", ClientSecret: secret})
	s := local(t, inMemory{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header)
		fake.ServeHTTP(w, r)
	})}, func(c *adp.Config) { c.RoleCode, c.Clock = "practitioner", nil })
	for _, long := range []bool{true, false} {
		handled, err := s.Events(t.Context(), adp.EventConfig{LongPolling: long}, nil)
		require.NoError(t, err)
		assert.Zero(t, handled)
	}
	require.Len(t, seen, 3)
	assert.Equal(t, "/adp/long-polling", seen[1].Get("Prefer"))
	assert.Empty(t, seen[2].Get("Prefer"))
	assert.Equal(t, "practitioner", seen[2].Get("roleCode"))
}

// FuzzEvent: whatever a message says, it has a verdict, and nobody is named who cannot
// be asked for.
func FuzzEvent(f *testing.F) {
	f.Add([]byte(adptest.Event("worker.hire", "G3A")))
	f.Add([]byte(`{"events":[{"data":{"x":[{"workers":[{"associateOID":7}]}]}}]}`))
	f.Add([]byte("{\"events\":[{\"eventNameCode\":\"\xff\"}]}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		answers := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if strings.HasSuffix(r.URL.Path, "/token") {
				_, _ = fmt.Fprint(w, `{"access_token":"t","token_type":"Bearer","expires_in":3600}`)
				return
			}
			w.Header().Set("adp-msg-msgid", "1")
			_, _ = w.Write(body)
		})
		s := local(t, inMemory{answers}, nil)
		_, _ = s.Events(t.Context(), adp.EventConfig{Most: 1}, func(_ context.Context, e adp.Event) error {
			require.True(t, slices.IsSorted(e.People))
			for _, id := range e.People {
				require.Regexp(t, `^[A-Za-z0-9_-]{1,64}$`, id)
			}
			require.True(t, e.Everybody || len(e.People) > 0 || len(e.Names) > 0)
			return nil
		})
	})
}
