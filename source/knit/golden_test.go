package knit_test

import (
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/provision-go/provision/source/knit"
	"github.com/provision-go/provision/source/knit/knittest"
	"github.com/provision-go/provision/source/sourcetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A golden file holds pushes as Knit sends them, and who is known by them.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			b := newBench(t, nil, func(c *knit.Config) {
				c.Fields = map[string]string{"custom.tools": "customFields.fields.tools", "legal_entity": "company.name"}
			})
			b.now = time.Date(2026, time.October, 27, 9, 0, 0, 0, time.UTC)
			var want *txtar.File
			for n := range archive.Files {
				if archive.Files[n].Name == "want" {
					want = &archive.Files[n]
					continue
				}
				assert.Equal(t, 200, push(b, archive.Files[n].Data), archive.Files[n].Name)
			}
			snapshot, err := b.collect()
			require.NoError(t, err)
			got := sourcetest.Describe(snapshot)
			if *update {
				want.Data = []byte(got)
				require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
			}
			assert.Equal(t, string(want.Data), got)
		})
	}
}

func push(b *bench, body []byte) int {
	return knittest.Push{
		Body: body, Signature: knittest.Sign(key, body), Header: http.Header{"X-Knit-Integration-Id": {integration}},
	}.Send(b)
}

// Whatever is pushed, signed: no panic, an answer that says whether it was taken, and
// of those who are known nobody leaves by something that is no end of a sync, which is
// as it was.
func FuzzPush(f *testing.F) {
	f.Add([]byte(`{"eventId":"ev_1","eventType":"record.modified","syncType":"delta_sync","syncDataType":"employee","syncJobId":"sj_1","syncRunId":"sr_9","recordId":"1001","triggeredAt":"1772452800000","eventData":{"profile":{"id":"1001","employmentStatus":"ACTIVE"},"locations":{"workAddress":{"city":["a"]}}}}`))
	f.Add([]byte(`[{"eventType":"record.deleted","syncDataType":"employee","syncRunId":7,"eventData":{"employeeId":1001}},{"eventType":"sync.heartbeat"}]`))
	f.Add([]byte(`{"eventType":"sync.events.processed","syncDataType":"employee","syncRunId":"x","eventData":{"emitted":1e3,"status":null}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		b := newBench(t, company(), nil)
		b.sync("initial_sync")
		status := push(b, body)
		require.Contains(t, []int{200, 400, 413}, status)
		first := b.statuses()
		push(b, body)
		b.restart()
		require.Equal(t, first, b.statuses(), "twice")
		for _, id := range ids() {
			require.Contains(t, first, id)
			if first[id].Ended() {
				require.Contains(t, strings.ToLower(string(body)), "eventtype", "by something that is no event")
			}
		}
	})
}
