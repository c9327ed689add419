package scimserver_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// allocated is how many bytes the process has allocated so far.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// live is how many bytes are in use.
func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func packed(t *testing.T, size int64) string {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := io.CopyN(z, zeros{}, size)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return out.String()
}

// chunked hides the length of a body.
type chunked struct{ io.Reader }

// Requests that are meant to harm: each is refused, none costs more than a bound that
// does not depend on how bad it is, and nothing of them stays.
func TestAbuseIsCheap(t *testing.T) {
	c := newClient(t, nil)
	id := c.user("ana")
	const mib = 1 << 20
	filter := func(text string) string { return "/Users?filter=" + url.QueryEscape(text) }
	big := `{"userName":"` + strings.Repeat("a", 5*mib) + `"}`
	operations := func(n int, one string) string { return patch(strings.TrimSuffix(strings.Repeat(one+",", n), ",")) }
	for _, row := range []struct {
		name, method, path, body string
		unpack, unknown          bool // gzip, no Content-Length
		status                   []int
		most                     uint64 // bytes allocated, beyond the request itself
	}{
		{name: "brackets", method: "GET", path: filter(strings.Repeat("(", 100_000)), status: []int{400}, most: mib},
		{name: "nots", method: "GET", path: filter(strings.Repeat("not (", 50_000)), status: []int{400}, most: mib},
		{name: "square brackets", method: "GET", path: filter(strings.Repeat("emails[", 50_000)), status: []int{400}, most: mib},
		{name: "terms", method: "GET", path: filter(`userName eq "a"` + strings.Repeat(` or userName eq "a"`, 8_000)), status: []int{400}, most: mib},
		{name: "terms in a search", method: "POST", path: "/.search", body: `{"filter":"title pr` + strings.Repeat(` or title pr`, 8_000) + `"}`, status: []int{400}, most: 2 * mib},
		{name: "long text in a filter", method: "GET", path: filter(`userName eq "` + strings.Repeat("a", 900_000) + `"`), status: []int{400}, most: 4 * mib},
		{name: "attributes", method: "GET", path: "/Users?attributes=" + strings.Repeat("a,", 100_000), status: []int{400}, most: mib},
		{name: "10,000 operations", method: "PATCH", path: "/Users/" + id, body: operations(10_000, `{"op":"add","path":"title","value":"x"}`), status: []int{400, 413}, most: 40 * mib},
		{name: "deep path", method: "PATCH", path: "/Users/" + id, body: operations(1, `{"op":"remove","path":"emails`+strings.Repeat("[", 100_000)+`"}`), status: []int{400}, most: 2 * mib},
		{name: "5 MiB", method: "POST", path: "/Users", body: big, status: []int{413}, most: mib},
		{name: "5 MiB, length unknown", method: "POST", path: "/Users", body: big, unknown: true, status: []int{413}, most: 20 * mib},
		{name: "gzip bomb", method: "POST", path: "/Users", body: packed(t, 100*mib), unpack: true, status: []int{413}, most: 20 * mib},
		{name: "nesting", method: "POST", path: "/Users", body: strings.Repeat(`{"a":`, 500_000), status: []int{400}, most: 16 * mib},
		{name: "arrays", method: "POST", path: "/Users", body: strings.Repeat(`[`, 3*mib), status: []int{400}, most: 20 * mib},
		{name: "many values", method: "POST", path: "/Users", body: `{"userName":"b","emails":[` + strings.Repeat(`1,`, mib) + `1]}`, status: []int{400}, most: 64 * mib},
		{name: "many objects", method: "POST", path: "/Users", body: `{"userName":"b","x":[` + strings.Repeat(`{},`, mib) + `{}]}`, status: []int{400}, most: 96 * mib},
		{name: "many members", method: "POST", path: "/Groups", body: `{"displayName":"g","members":[` + strings.Repeat(`{"value":"x"},`, 200_000) + `{"value":"x"}]}`, status: []int{400}, most: 160 * mib},
		{name: "many names", method: "POST", path: "/Users", body: names(200_000), status: []int{400}, most: 12 * mib},
		{name: "bulk", method: "POST", path: "/Bulk", body: bulkBody(strings.TrimSuffix(strings.Repeat(`{"method":"DELETE","path":"/Users/x"},`, 20_000), ",")), status: []int{413}, most: 60 * mib},
	} {
		t.Run(row.name, func(t *testing.T) {
			send := func() int {
				var from io.Reader = strings.NewReader(row.body)
				if row.unknown {
					from = chunked{from}
				}
				path, query, _ := strings.Cut(row.path, "?")
				r := httptest.NewRequest(row.method, base+path, from)
				r.URL.RawQuery = query
				r.Header.Set("Authorization", "Bearer acme")
				if row.unpack {
					r.Header.Set("Content-Encoding", "gzip")
				}
				w := &dropped{header: http.Header{}}
				c.server.ServeHTTP(w, r)
				return w.status
			}
			assert.Contains(t, row.status, send())
			before := allocated()
			send()
			cost := allocated() - before
			t.Logf("%.2f MiB for %.2f MiB", float64(cost)/mib, float64(len(row.path)+len(row.body))/mib)
			assert.LessOrEqual(t, cost, row.most)
			held := live()
			send()
			assert.Less(t, float64(live())-float64(held), 0.5*mib, "something stays")
		})
	}
	assert.Equal(t, "ana", c.must(200, "GET", "/Users/"+id, "").str("userName"), "alive, and nothing was done")
	assert.EqualValues(t, 1, c.must(200, "GET", "/Users", "").body["totalResults"])
}

// names is an object with many members.
func names(n int) string {
	var out strings.Builder
	out.WriteString(`{"userName":3`)
	for i := range n {
		fmt.Fprintf(&out, `,"n%d":1`, i)
	}
	return out.String() + "}"
}
