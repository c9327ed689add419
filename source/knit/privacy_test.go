package knit_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/knit"
)

// What was pushed and is not mapped never reaches the store.
func TestNothingPrivateIsKept(t *testing.T) {
	people := company()
	people[0].Custom = map[string]any{"badge": "B-7", "salary": "canary-pay"}
	b := newBench(t, people, func(c *knit.Config) {
		c.Fields = map[string]string{"custom.badge": "customFields.fields.badge", "personal_email": ""}
	})
	b.sync("initial_sync")
	records, err := b.store.List(t.Context(), integration, "", 100)
	require.NoError(t, err)
	require.Len(t, records, len(ids()))
	for _, r := range records {
		for _, private := range []string{"canary", "1990-01-01", "home.example", "Main St", "gender", "phone"} {
			assert.NotContains(t, strings.ToLower(string(r.Body)), strings.ToLower(private))
		}
	}
	assert.JSONEq(t, `{"customFields.fields.badge":"B-7","locations.workAddress.city":"Berlin","locations.workAddress.country":"DE",
		"orgStructure.department":"Platform","orgStructure.designation":"Engineer",
		"profile.employeeNumber":"E-00000","profile.employmentStatus":"ACTIVE","profile.employmentType":"FULL_TIME",
		"profile.firstName":"Ada","profile.id":"1000","profile.lastName":"Ng","profile.startDate":"2010-01-10T00:00:00Z",
		"profile.workEmail":"p0@acme.example","recordId":"1000"}`, string(records[0].Body))
	// In other forms than usual neither.
	b.later(time.Hour)
	for _, data := range []string{
		`{"profile":{"id":"1","firstName":{"name":"Ada","ssn":"canary"},"lastName":{"ssn":"canary"},"workEmail":[{"ssn":"canary"}]},"locations":[{"presentAddress":"canary"}]}`,
		`{"profile":{"id":"1"},"locations":"canary","orgStructure":{"manager":"canary","department":["Sales",["canary"]]},"bankAccounts":["canary"]}`,
	} {
		require.Equal(t, 200, push(b, []byte(`{"eventType":"record.new","syncDataType":"employee","syncRunId":"sr_9","recordId":"1","eventData":`+data+`}`)))
		records, err := b.store.Records(t.Context(), integration, []string{"1"})
		require.NoError(t, err)
		assert.NotContains(t, string(records[0].Body), "canary")
	}
	snapshot, err := b.collect()
	require.NoError(t, err)
	assert.Equal(t, []string{"B-7"}, snapshot.Find("1000").Custom["badge"])
}

// However it is printed, nobody sees the key.
func TestKeyIsNotShown(t *testing.T) {
	b := newBench(t, nil, nil)
	cfg := knit.Config{APIKey: key, OldKeys: []knit.Key{key}}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", cfg.APIKey, "connector", b.Connector)
	text, err := json.Marshal(struct{ Key knit.Key }{key})
	require.NoError(t, err)
	shown := fmt.Sprintf("%v %+v %#v %s %q %v %+v %#v %s %s", cfg, cfg, cfg, cfg.APIKey, cfg.APIKey, b.Connector, b.Connector, b.Connector, log.String(), text)
	assert.NotContains(t, shown, "canary")
}
