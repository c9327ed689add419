package provision_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// wireAPI is a system with people and one with accounts behind one handler, and what
// is true in both. Its faults are in wire_faults_test.go.
type wireAPI struct {
	seed uint64
	// unique refuses a second account with a user name. Without it nothing but who asks
	// keeps somebody from getting two.
	unique     bool
	idempotent bool
	// quick: nothing takes time, for tests outside of a bubble.
	quick bool

	mu      sync.Mutex
	people  map[string]*wirePerson
	users   map[string]*wireUser
	born    map[string]time.Time // account → when
	byKey   map[string][]string  // key → accounts
	byClaim map[string]string    // idempotency key → account
	tokens  map[string]int       // system → how many it has handed out
	version int
	calls   int
	wrong   []string // what must never happen and did
	weather
}

func newWireAPI(seed uint64) *wireAPI {
	return &wireAPI{
		seed: seed, unique: seed%2 == 0, idempotent: seed%3 == 0,
		people: map[string]*wirePerson{}, users: map[string]*wireUser{}, born: map[string]time.Time{},
		byKey: map[string][]string{}, byClaim: map[string]string{}, tokens: map[string]int{},
	}
}

func (w *wireAPI) note(format string, args ...any) {
	w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
}

const wirePageSize = 40

// wireAnswer is what the systems say before anything happens to it.
type wireAnswer struct {
	status int
	value  any
}

func refuseWith(status int) wireAnswer {
	return wireAnswer{status, map[string]string{"error": http.StatusText(status)}}
}

// ServeHTTP reads a whole request first: a server that does not may never notice that
// its client has left.
func (w *wireAPI) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	call := w.arrive(r)
	if !w.quick {
		time.Sleep(call.takes)
	}
	if strings.HasSuffix(r.URL.Path, "/token") {
		w.write(out, call, w.handOut(call.system))
		return
	}
	if !w.lets(out, r, call) {
		return
	}
	if call.fault.before() {
		w.spoil(out, r, call, wireAnswer{})
		return
	}
	w.mu.Lock()
	answer := w.answer(r, call, body)
	encoded, err := json.Marshal(answer.value)
	w.mu.Unlock()
	if err != nil {
		answer = refuseWith(http.StatusBadRequest)
		encoded = nil
	}
	answer.value = json.RawMessage(encoded)
	w.spoil(out, r, call, answer)
}

func (w *wireAPI) write(out http.ResponseWriter, call wireCall, answer wireAnswer) {
	out.Header().Set("Content-Type", "application/json")
	if call.last {
		out.Header().Set("Connection", "close")
	}
	body, _ := json.Marshal(answer.value) // it was JSON before
	out.Header().Set("Content-Length", strconv.Itoa(len(body)))
	out.WriteHeader(answer.status)
	_, _ = out.Write(body)
}

func (w *wireAPI) handOut(system string) wireAnswer {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokens[system]++
	return wireAnswer{http.StatusOK, map[string]string{"token": system + strconv.Itoa(w.tokens[system])}}
}

// answer does what is asked for. It runs under mu.
func (w *wireAPI) answer(r *http.Request, call wireCall, body []byte) wireAnswer {
	rest, _ := strings.CutPrefix(r.URL.Path, "/"+call.system)
	part := strings.Split(strings.Trim(rest, "/"), "/")
	query := r.URL.Query()
	switch {
	case part[0] == "people" && len(part) == 2:
		if p := w.people[part[1]]; p != nil {
			return wireAnswer{http.StatusOK, p}
		}
		return refuseWith(http.StatusNotFound)
	case part[0] == "people":
		return w.list(call, "people", slices.Sorted(maps.Keys(w.people)), query.Get("cursor"), func(id string) any { return w.people[id] })
	case part[0] == "groups" && len(part) == 1:
		return wireAnswer{http.StatusOK, map[string]any{"groups": []string{"Engineering", "Sales", "Legal"}}}
	case part[0] == "groups":
		return w.member(r.Method, part[1], part[3])
	case len(part) == 2 && r.Method == http.MethodGet:
		if u := w.users[part[1]]; u != nil {
			return wireAnswer{http.StatusOK, u}
		}
		return refuseWith(http.StatusNotFound)
	case len(part) == 2:
		return w.patch(part[1], r.Header.Get("If-Match"), body)
	case r.Method == http.MethodPost:
		return w.create(r.Header.Get("Idempotency-Key"), body)
	case query.Has("key"):
		return w.found(w.byKey[query.Get("key")])
	case query.Has("userName"):
		return w.found(slices.DeleteFunc(slices.Collect(maps.Keys(w.users)), func(id string) bool { return w.users[id].User != query.Get("userName") }))
	}
	ids := slices.SortedFunc(maps.Keys(w.users), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	return w.list(call, "users", ids, query.Get("cursor"), func(id string) any { return w.users[id] })
}

func (w *wireAPI) found(ids []string) wireAnswer {
	list := []any{}
	for _, id := range ids {
		list = append(list, w.users[id])
	}
	return wireAnswer{http.StatusOK, map[string]any{"users": list, "total": len(list)}}
}

// list answers with a page; faults of listings happen here.
func (w *wireAPI) list(call wireCall, name string, ids []string, cursor string, row func(id string) any) wireAnswer {
	start, _ := strconv.Atoi(cursor)
	start = min(start, len(ids))
	end := min(start+wirePageSize, len(ids))
	rows := []any{}
	for _, id := range ids[start:end] {
		rows = append(rows, row(id))
	}
	page := map[string]any{name: rows, "total": len(ids)}
	if end < len(ids) {
		page["next"] = strconv.Itoa(end)
	}
	switch {
	case call.fault == listedEmpty:
		page = map[string]any{name: []any{}, "total": 0}
	case call.fault == cursorTwice && start > 0:
		page["next"] = cursor
	case call.fault == nextLost && start > 0:
		delete(page, "next")
	}
	return wireAnswer{http.StatusOK, page}
}

func (w *wireAPI) create(claim string, body []byte) wireAnswer {
	var u wireUser
	if json.Unmarshal(body, &u) != nil || u.Key == "" || u.Active == nil {
		return refuseWith(http.StatusBadRequest)
	}
	if id := w.byClaim[claim]; claim != "" && id != "" {
		return wireAnswer{http.StatusOK, w.users[id]}
	}
	for _, other := range w.users {
		if w.unique && other.User == u.User {
			return refuseWith(http.StatusConflict)
		}
	}
	u.ID = "u" + strconv.Itoa(len(w.users)+1)
	u.Groups = []string{}
	w.users[u.ID] = &u
	w.born[u.ID] = time.Now()
	w.byKey[u.Key] = append(w.byKey[u.Key], u.ID)
	w.byClaim[claim] = u.ID
	w.touch(&u)
	if n := len(w.byKey[u.Key]); n > 1 {
		w.note("%s has %d accounts", u.Key, n)
	}
	return wireAnswer{http.StatusCreated, &u}
}

func (w *wireAPI) touch(u *wireUser) {
	w.version++
	u.Version = strconv.Itoa(w.version)
}

func (w *wireAPI) patch(id, version string, body []byte) wireAnswer {
	u := w.users[id]
	if u == nil {
		return refuseWith(http.StatusNotFound)
	}
	if version != "" && version != u.Version {
		return refuseWith(http.StatusPreconditionFailed)
	}
	was := *u
	if json.Unmarshal(body, u) != nil {
		return refuseWith(http.StatusBadRequest)
	}
	if p := w.people[u.Key]; !*u.Active && *was.Active && p.Status == "active" {
		w.note("%s works here and was disabled", u.Key)
	}
	w.touch(u)
	return wireAnswer{http.StatusOK, u}
}

func (w *wireAPI) member(method, group, id string) wireAnswer {
	u := w.users[id]
	if u == nil {
		return refuseWith(http.StatusNotFound)
	}
	at := slices.Index(u.Groups, group)
	switch {
	case method == http.MethodPut && at < 0:
		u.Groups = append(u.Groups, group)
		w.touch(u)
	case method == http.MethodDelete && at >= 0:
		if p := w.people[u.Key]; p.Status == "active" && p.Department == group {
			w.note("%s works in %s and lost its group", u.Key, group)
		}
		u.Groups = slices.Delete(u.Groups, at, at+1)
		w.touch(u)
	}
	return wireAnswer{http.StatusOK, u}
}
