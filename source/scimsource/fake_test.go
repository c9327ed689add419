package scimsource_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimsource"
)

// provider is a service provider with dials. It knows the filters "attribute eq" and
// pages by index.
type provider struct {
	users, groups []string // JSON objects
	most          int      // the largest page; defaults to 2
	before        func(w http.ResponseWriter, r *http.Request) bool
	filter        string // "" works, "refuse" is a 400, "nobody" finds nobody, "all" everybody

	mu    sync.Mutex
	asked []string
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked = append(p.asked, r.Method+" "+r.URL.RequestURI())
	p.mu.Unlock()
	if p.before != nil && p.before(w, r) {
		return
	}
	w.Header().Set("Content-Type", "application/scim+json")
	path := strings.TrimPrefix(r.URL.Path, "/scim/v2")
	switch path {
	case "/Users":
		p.list(w, r, p.users)
	case "/Groups":
		p.list(w, r, p.groups)
	default:
		for _, u := range p.users {
			if id := fields(u)["id"]; path == fmt.Sprintf("/Users/%v", id) {
				_, _ = w.Write([]byte(u))
				return
			}
		}
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404"}`))
	}
}

func (p *provider) list(w http.ResponseWriter, r *http.Request, rows []string) {
	q := r.URL.Query()
	if name, value, ok := strings.Cut(q.Get("filter"), " eq "); ok {
		var found []string
		for _, row := range rows {
			if text, _ := json.Marshal(fields(row)[name]); p.filter == "all" || p.filter == "" && string(text) == value {
				found = append(found, row)
			}
		}
		if p.filter == "refuse" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		rows = found
	}
	start, _ := strconv.Atoi(q.Get("startIndex"))
	count, _ := strconv.Atoi(q.Get("count"))
	most := p.most
	if most == 0 {
		most = 2
	}
	from := min(max(start-1, 0), len(rows))
	page := rows[from:min(from+min(count, most), len(rows))]
	_, _ = fmt.Fprintf(w, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":%d,"itemsPerPage":%d,"startIndex":%d,"Resources":[%s]}`,
		len(rows), len(page), start, strings.Join(page, ","))
}

func fields(row string) map[string]any {
	var o map[string]any
	_ = json.Unmarshal([]byte(row), &o)
	return o
}

// open returns a source of a provider.
func open(t *testing.T, p http.Handler, alter ...func(*scimsource.Config)) *scimsource.Source {
	t.Helper()
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	cfg := scimsource.Config{BaseURL: server.URL + "/scim/v2", Auth: scimsource.Bearer("token-1"), Private: true, Attempts: 1}
	for _, a := range alter {
		a(&cfg)
	}
	s, err := scimsource.New(cfg)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// people are five users, of whom the fourth is not active.
func people() []string {
	var out []string
	for n := 1; n <= 5; n++ {
		out = append(out, fmt.Sprintf(`{"id":"%d","externalId":"e%d","userName":"user%d","active":%v,"meta":{"lastModified":"2026-03-0%dT08:00:00Z"},
			"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"1"}}}`, n, n, n, n != 4, n))
	}
	return out
}
