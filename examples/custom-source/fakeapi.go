package main

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
)

//go:embed workers.json
var workersJSON []byte

const (
	pageSize = 3
	token    = "secret-token"
)

// fakeAPI plays the vendor's side: it has pages, checks the token, and can be
// made to break in the middle of a list.
type fakeAPI struct {
	workers []worker
	// cutAt, if not 0, is the worker before which the connection breaks.
	cutAt int
	// forgetful leaves out where the list goes on.
	forgetful bool
}

func newFakeAPI() (*fakeAPI, error) {
	f := &fakeAPI{}
	return f, json.Unmarshal(workersJSON, &f.workers)
}

// ServeHTTP answers GET /v1/workers and GET /v1/workers/{id}.
func (f *fakeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+token {
		http.Error(w, "who are you?", http.StatusUnauthorized)
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/workers", f.list)
	mux.HandleFunc("GET /v1/workers/{id}", f.one)
	mux.ServeHTTP(w, r)
}

func (f *fakeAPI) list(w http.ResponseWriter, r *http.Request) {
	first, _ := strconv.Atoi(r.FormValue("cursor")) // no cursor is the first page
	first = min(max(first, 0), len(f.workers))
	last := min(first+pageSize, len(f.workers))
	if f.cutAt > 0 && last > f.cutAt {
		panic(http.ErrAbortHandler)
	}
	next := ""
	if last < len(f.workers) && !f.forgetful {
		next = strconv.Itoa(last)
	}
	answer(w, map[string]any{"workers": f.workers[first:last], "next": next, "total": len(f.workers)})
}

func (f *fakeAPI) one(w http.ResponseWriter, r *http.Request) {
	n := slices.IndexFunc(f.workers, func(w worker) bool { return w.ID == r.PathValue("id") })
	if n < 0 {
		http.NotFound(w, r)
		return
	}
	answer(w, f.workers[n])
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body) // the reader is gone if this fails
}
