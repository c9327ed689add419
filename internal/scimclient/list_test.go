package scimclient_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/source"
)

// Whatever a service provider does, a list is complete or an error.
func TestListIsCompleteOrAnError(t *testing.T) {
	for name, c := range map[string]struct {
		dials    fake
		n        int
		cfg      scimclient.Config
		wrong    string // the error, "" for none
		requests int
	}{
		"nobody":                             {fake{}, 0, scimclient.Config{}, "", 1},
		"nobody, carefully":                  {fake{omit: true}, 0, scimclient.Config{Careful: true}, "", 1},
		"one page":                           {fake{}, 9, scimclient.Config{}, "", 1},
		"one page, carefully":                {fake{}, 9, scimclient.Config{Careful: true}, "", 2},
		"a full page may be all":             {fake{}, 10, scimclient.Config{}, "", 2},
		"two pages":                          {fake{}, 20, scimclient.Config{}, "", 2},
		"pages":                              {fake{}, 95, scimclient.Config{}, "", 10},
		"pages, carefully":                   {fake{}, 95, scimclient.Config{Careful: true}, "", 11},
		"everybody past the end (scimmy)":    {fake{pastEnd: true}, 10, scimclient.Config{}, "", 2},
		"the same, carefully":                {fake{pastEnd: true}, 7, scimclient.Config{Careful: true}, "", 2},
		"total is the page (pyscim)":         {fake{total: "page"}, 35, scimclient.Config{}, "", 5},
		"the same, all in one page":          {fake{total: "page"}, 10, scimclient.Config{}, "", 2},
		"the same, and a cap":                {fake{total: "page", most: 4}, 10, scimclient.Config{Careful: true}, "", 4},
		"a cap below what is asked for":      {fake{most: 4}, 10, scimclient.Config{}, "", 3},
		"pages of one":                       {fake{most: 1}, 3, scimclient.Config{}, "", 3},
		"pages of one, total is the page":    {fake{most: 1, total: "page"}, 3, scimclient.Config{Careful: true}, "", 4},
		"one, and anew past the end":         {fake{pastEnd: true}, 1, scimclient.Config{Careful: true}, "", 4},
		"short pages":                        {fake{short: 3}, 10, scimclient.Config{}, "", 4},
		"no totals":                          {fake{total: "absent"}, 25, scimclient.Config{}, "", 4},
		"no totals, and nobody":              {fake{total: "absent"}, 0, scimclient.Config{}, "", 1},
		"numbers as text":                    {fake{total: "text", omit: true}, 25, scimclient.Config{}, "", 3},
		"names in lower case":                {fake{names: strings.ToLower}, 25, scimclient.Config{}, "", 3},
		"text/plain (imulab)":                {fake{contentType: "text/plain; charset=utf-8"}, 25, scimclient.Config{}, "", 3},
		"no pages (Google)":                  {fake{noStart: true, noCount: true}, 25, scimclient.Config{}, "", 3},
		"no pages, and few":                  {fake{noStart: true, noCount: true}, 8, scimclient.Config{Careful: true}, "", 4},
		"no pages, as configured":            {fake{noStart: true, noCount: true}, 25, scimclient.Config{Paging: scimclient.Unpaged}, "", 1},
		"pages where none were configured":   {fake{most: 20}, 25, scimclient.Config{Paging: scimclient.Unpaged}, "20 of 25 resources came", 1},
		"startIndex is ignored":              {fake{noStart: true}, 25, scimclient.Config{}, "startIndex 11 gets the beginning again", 3},
		"the same, total is the page":        {fake{noStart: true, total: "page"}, 25, scimclient.Config{}, "startIndex 10 gets the beginning again", 4},
		"the same, and that capped":          {fake{noStart: true, total: "page", most: 6}, 25, scimclient.Config{Careful: true}, "startIndex 6 gets the beginning again", 4},
		"the same, and all is there":         {fake{noStart: true}, 8, scimclient.Config{Careful: true}, "", 4},
		"cursors instead (AWS)":              {fake{noStart: true, total: "page", cursors: true}, 25, scimclient.Config{}, "", 5},
		"startIndex is refused":              {fake{refuseStart: true}, 25, scimclient.Config{}, "400 Bad Request", 2},
		"the same, and cursors instead":      {fake{refuseStart: true, cursors: true}, 25, scimclient.Config{}, "", 4},
		"cursors":                            {fake{cursors: true}, 25, scimclient.Config{Paging: scimclient.ByCursor}, "", 3},
		"cursors without totals":             {fake{cursors: true, total: "absent"}, 25, scimclient.Config{Paging: scimclient.ByCursor}, "", 3},
		"cursors, and short pages":           {fake{cursors: true, short: 2}, 5, scimclient.Config{Paging: scimclient.ByCursor}, "", 3},
		"a cursor repeats":                   {fake{cursors: true, loop: true}, 35, scimclient.Config{Paging: scimclient.ByCursor}, "a cursor comes twice", 2},
		"cursors are not known":              {fake{}, 25, scimclient.Config{Paging: scimclient.ByCursor}, "10 of 25 resources came", 3},
		"a cursor in the first answer":       {fake{cursors: true, only: true}, 25, scimclient.Config{}, "", 3},
		"the same, and index was configured": {fake{cursors: true, only: true}, 25, scimclient.Config{Paging: scimclient.ByIndex}, "", 3},
	} {
		t.Run(name, func(t *testing.T) {
			f := c.dials
			f.ids = numbered(c.n)
			got, err := f.list(t, c.cfg)
			if c.wrong == "" {
				require.NoError(t, err)
				require.Equal(t, f.ids, append([]string{}, got...))
			} else {
				require.ErrorContains(t, err, c.wrong)
				require.ErrorContains(t, err, "acme: GET app.example/scim/v2/Users: ")
			}
			require.Len(t, f.asked, c.requests, strings.Join(f.asked, "\n"))
		})
	}
}

// Where each page is of another order, the order of ids is asked for; one that does not
// help is no reason to believe in less.
func TestListInAnotherOrderEachTime(t *testing.T) {
	for _, c := range []struct {
		sort  string
		n     int
		total string
		wrong string
	}{
		{"known", 35, "", ""},
		{"known", 10, "", ""},
		{"known", 35, "text", ""},
		{"known", 35, "page", "incomplete"},
		{"known", 35, "absent", "incomplete"},
		{"", 35, "", "incomplete"},
		{"refused", 35, "", "incomplete"},
		{"drops", 35, "", "incomplete"},
		{"drops", 35, "page", "incomplete"},
		{"drops", 20, "page", "incomplete"},
		{"drops", 10, "page", "incomplete"},
	} {
		f := fake{ids: numbered(c.n), shuffled: true, sort: c.sort, total: c.total}
		got, err := f.list(t, scimclient.Config{})
		if c.wrong != "" {
			require.ErrorContains(t, err, c.wrong, "%+v", c)
			require.ErrorIs(t, err, scimclient.ErrIncomplete)
			continue
		}
		require.NoError(t, err, "%+v", c)
		require.ElementsMatch(t, f.ids, got, "%+v", c)
		require.NotContains(t, f.asked[0], "sortBy", "most need no order")
	}
}

func TestFirstCursorIsABareName(t *testing.T) {
	f := fake{ids: numbered(25), cursors: true}
	_, err := f.list(t, scimclient.Config{Paging: scimclient.ByCursor})
	require.NoError(t, err)
	require.Equal(t, []string{"cursor&count=10", "count=10&cursor=10", "count=10&cursor=20"}, f.asked)
}

// People come and go while a list is read. Who is there all the time is in it.
func TestListWhilePeopleComeAndGo(t *testing.T) {
	failed, restarted := 0, 0
	for seed := range uint64(2000) {
		dice := rand.New(rand.NewPCG(seed, 1))
		f := &fake{ids: numbered(dice.IntN(45))}
		cfg := scimclient.Config{Careful: dice.IntN(2) == 0, PageSize: 2 + dice.IntN(12)}
		f.total = []string{"", "page", "absent", "text"}[dice.IntN(4)]
		f.pastEnd, f.noStart, f.cursors, f.noCount = dice.IntN(3) == 0, dice.IntN(8) == 0, dice.IntN(4) == 0, dice.IntN(8) == 0
		if dice.IntN(3) == 0 && !(f.noStart && f.noCount) { // nobody could find out about the rest
			f.most = 2 + dice.IntN(12)
		}
		if f.total == "page" && f.most > 0 && f.most < cfg.PageSize {
			cfg.Careful = true // the documentation says so
		}
		stay := map[string]bool{}
		for _, id := range f.ids {
			stay[id] = true
		}
		// Without care, as many deletions as creations are not noticed.
		can, turbulence, next := dice.IntN(2), dice.IntN(8), 1000
		shuffled := dice.IntN(10) == 0
		f.before = func(int) {
			if shuffled { // an order that does not last
				turbulence = 0
				f.ids = slices.Clone(f.ids)
				dice.Shuffle(len(f.ids), func(a, b int) { f.ids[a], f.ids[b] = f.ids[b], f.ids[a] })
			}
			for dice.IntN(8) < turbulence && len(f.asked) < 40 {
				change := can
				if cfg.Careful {
					change = dice.IntN(2)
				}
				at := dice.IntN(len(f.ids) + 1)
				if change == 0 {
					next++
					f.ids = slices.Insert(slices.Clone(f.ids), at, strconv.Itoa(next))
				} else if at < len(f.ids) {
					delete(stay, f.ids[at])
					f.ids = slices.Delete(slices.Clone(f.ids), at, at+1)
				}
				turbulence = max(turbulence-1, 0)
			}
		}
		got, err := f.list(t, cfg)
		if err != nil {
			require.ErrorIs(t, err, scimclient.ErrIncomplete)
			failed++
			continue
		}
		restarted += strings.Count(strings.Join(f.asked, "\n"), "startIndex=1\n") / 2
		for id := range stay {
			require.Contains(t, got, id, "seed %d: %s was there all the time\n%+v\n%s", seed, id, cfg, strings.Join(f.asked, "\n"))
		}
	}
	t.Logf("%d of 2000 were errors, %d began again", failed, restarted)
	require.Less(t, failed, 1500)
	require.Positive(t, restarted)
}

func TestListAnswersThatMakeNoSense(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"empty":               {``, "the answer is empty"},
		"null":                {`null`, "the body is not a JSON object (at byte 1) (invalidSyntax)"},
		"an array":            {`[]`, "the body is not a JSON object"},
		"HTML":                {`<html>sign in</html>`, "wanted JSON, got HTML (a login or maintenance page?)"},
		"cut":                 {`{"totalResults":1,"Resources":[{"id":`, "expected a value (at byte 38)"},
		"nothing said":        {`{}`, "there are neither Resources nor totalResults in the answer"},
		"another list":        {`{"users":[{"id":"1"}]}`, "there are neither Resources nor totalResults in the answer"},
		"an error":            {`{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"ana@x","status":"500"}`, "an error message with a status of success"},
		"no array":            {`{"Resources":{"id":"1"}}`, "member Resources is not an array"},
		"a total in words":    {`{"totalResults":"many","Resources":[]}`, "totalResults is not a number"},
		"a negative total":    {`{"totalResults":-1,"Resources":[]}`, "totalResults is not a number"},
		"a row of text":       {`{"Resources":[{"id":"1"},"ana@x"]}`, "resource 2 of the list is not an object"},
		"no id":               {`{"Resources":[{"id":"1"},{"userName":"ana@x"}]}`, "resource 2 of the list has no id"},
		"an empty id":         {`{"Resources":[{"id":""}]}`, "resource 1 of the list has no id"},
		"an id of no type":    {`{"Resources":[{"id":{"a":1}}]}`, "resource 1 of the list has no id"},
		"announced, not sent": {`{"totalResults":3}`, "0 of 3 resources came"},
		"twice in a page":     {`{"totalResults":2,"Resources":[{"id":"1"},{"id":"1"}]}`, "a resource came twice, and how many there are is not said"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := list(t, answers{body: c.body}, "/Users")
			require.ErrorContains(t, err, "acme: GET app.example/scim/v2/Users: ")
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "ana@x")
			if !strings.Contains(c.want, "twice") {
				require.ErrorIs(t, err, source.ErrBadContent)
			}
		})
	}
}

func TestListStops(t *testing.T) {
	f := &fake{ids: numbered(95)}
	client, err := scimclient.New(scimclient.Config{System: "acme", Base: "https://app.example", Transport: f, PageSize: 10})
	require.NoError(t, err)
	n := 0
	for _, err := range client.List(t.Context(), "/Users", scimclient.Query{}) {
		require.NoError(t, err)
		if n++; n == 15 {
			break
		}
	}
	require.Len(t, f.asked, 2, "a page is asked for when it is wanted")
	seq := client.List(t.Context(), "/Users", scimclient.Query{})
	for range 2 {
		n = 0
		for _, err := range seq {
			require.NoError(t, err)
			n++
		}
		require.Equal(t, 95, n)
	}
}

func TestListQuery(t *testing.T) {
	f := &fake{ids: numbered(3)}
	client, err := scimclient.New(scimclient.Config{System: "acme", Base: "https://app.example", Transport: f})
	require.NoError(t, err)
	for _, err := range client.List(t.Context(), "/Users", scimclient.Query{
		Filter: `active eq true`, Attributes: []string{"userName", "active"}, Excluded: []string{"groups"}, PageSize: 7,
	}) {
		require.NoError(t, err)
	}
	require.Equal(t, []string{"attributes=userName%2Cactive&count=7&excludedAttributes=groups&filter=active+eq+true&startIndex=1"}, f.asked)
}

// Whatever is answered, a list ends, and what it yields has an id.
func FuzzList(f *testing.F) {
	f.Add([]byte(`{"totalResults":2,"Resources":[{"id":"1"},{"id":"2"}]}`), []byte(`{"totalResults":2,"Resources":[]}`), uint8(0))
	f.Add([]byte(`{"totalResults":"9","RESOURCES":[{"ID":1}],"nextCursor":"a"}`), []byte(`{"Resources":[{"id":"2"}],"nextCursor":"b"}`), uint8(1))
	f.Add([]byte(`{"totalResults":0}`), []byte(`[]`), uint8(6))
	f.Fuzz(func(t *testing.T, first, second []byte, how uint8) {
		cfg := scimclient.Config{Paging: scimclient.Paging(how % 4), Careful: how&4 != 0, PageSize: 2, Attempts: 1}
		n := 0
		for r, err := range client(t, answers{body: string(first), then: string(second)}, cfg).List(t.Context(), "/Users", scimclient.Query{}) {
			if err != nil {
				require.NotContains(t, fmt.Sprintf("%+v", err), "\n")
				continue
			}
			require.NotEmpty(t, r.ID)
			n++
		}
	})
}
