package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/sourcetest"
)

// TestConformance is all that a connector needs to show that it keeps the
// contract.
func TestConformance(t *testing.T) {
	sourcetest.Run(t, func(t *testing.T) source.Source {
		return serve(t, func(*fakeAPI) {})
	}, &sourcetest.Options{
		WantIDs: []string{"w_01", "w_02", "w_03", "w_04", "w_05", "w_06", "w_07", "w_08"},
		Broken:  func(t *testing.T) source.Source { return serve(t, func(f *fakeAPI) { f.cutAt = 4 }) },
	})
}

// TestFaults spoils each answer in all the ways in which answers go wrong. Columns are
// those that say who works.
func TestFaults(t *testing.T) {
	sourcetest.Faults(t, sourcetest.FaultOptions{
		Fake: func() http.Handler {
			api, err := newFakeAPI()
			if err != nil {
				t.Error(err)
			}
			return api
		},
		Source: func(_ *testing.T, through http.RoundTripper) source.Source {
			return &peopleAPI{URL: "http://people.example", Token: token, Client: &http.Client{Transport: through}}
		},
		Columns: []string{`"state"`, `"started_on"`, `"leaves_on"`},
	})
}

func TestNoDateIsNoFinding(t *testing.T) {
	ines, err := source.Read(t.Context(), serve(t, func(*fakeAPI) {}), "w_05")
	if err != nil {
		t.Fatal(err)
	}
	if !ines.LastDay.IsZero() || len(ines.Findings) > 0 {
		t.Errorf("last day %s, findings %v: 0000-00-00 says that there is none", ines.LastDay, ines.Findings)
	}
}

// One person is as strict as the list.
func TestAnAnswerAboutSomebodyElseIsAnError(t *testing.T) {
	for _, body := range []string{`{}`, `null`, `{"error": "try again later"}`, `{"id": "w_02", "state": "employed"}`} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }))
		people := &peopleAPI{URL: server.URL, Token: token, Client: server.Client()}
		if _, err := source.Read(t.Context(), people, "w_01"); !errors.Is(err, source.ErrBadContent) {
			t.Errorf("%s: error %v, want that it cannot be understood", body, err)
		}
		server.Close()
	}
}

func TestAnUnknownWordIsAFinding(t *testing.T) {
	dee, err := source.Read(t.Context(), serve(t, func(*fakeAPI) {}), "w_08")
	if err != nil {
		t.Fatal(err)
	}
	if dee.Status != source.Unknown {
		t.Errorf("status %s, want unknown: furlough is no word that we map", dee.Status)
	}
	if !slices.ContainsFunc(dee.Findings, func(f source.Finding) bool { return f.Field == "status" }) {
		t.Errorf("findings %v, want one about the status", dee.Findings)
	}
}

// The total is what tells a list that ends too early from a small company.
func TestALostPageIsAnError(t *testing.T) {
	people := serve(t, func(f *fakeAPI) { f.forgetful = true })
	if _, err := source.Collect(t.Context(), people); !errors.Is(err, source.ErrIncomplete) {
		t.Errorf("error %v, want that the list is incomplete", err)
	}
}

func TestAWrongTokenIsAnError(t *testing.T) {
	people := serve(t, func(*fakeAPI) {})
	people.Token = "stale"
	if _, err := source.Collect(t.Context(), people); !errors.Is(err, source.ErrUnauthorized) {
		t.Errorf("error %v, want that the token is not accepted", err)
	}
}

func TestTheProgramRuns(t *testing.T) {
	if err := run(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// serve returns a source over a fake API of its own.
func serve(t *testing.T, change func(*fakeAPI)) *peopleAPI {
	t.Helper()
	api, err := newFakeAPI()
	if err != nil {
		t.Fatal(err)
	}
	change(api)
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	return &peopleAPI{URL: server.URL, Token: token, Client: server.Client()}
}
