package main

import (
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/greenhouse"
	"github.com/provision-go/provision/source/workday"
)

// people reads Workday and Greenhouse as one company. Workday is trusted most; it says
// nothing of a hire before it knows them, and until then Greenhouse speaks. Whoever
// had an account by then keeps it, because the desk remembers.
func people(s *systems, desk *provision.Desk, clock func() time.Time) (*source.Merged, error) {
	hris, err := workday.New(workday.Config{
		Connection: workday.Connection{
			Tenant:  "acme",
			Auth:    workday.Password("isu", "test-password"),
			BaseURL: s.hrisHTTP.URL + "/ccx", // Host: "wd5-services1.myworkday.com" for a real one
			Private: true,                    // leave it out for a real one
			Clock:   clock,
		},
		FieldService: fieldService,
		Fields:       map[string]string{"custom.candidate": "Integration_Field_Override_Data[Candidate]"},
	})
	if err != nil {
		return nil, err
	}
	ats, err := greenhouse.New(greenhouse.Config{
		Auth:     greenhouse.ClientCredentials("test-client", "test-secret", ""),
		BaseURL:  s.atsHTTP.URL + "/v3",
		TokenURL: s.atsHTTP.URL + "/token",
		Private:  true,
		Clock:    clock,
	})
	if err != nil {
		return nil, err
	}
	return source.Merge(source.MergeConfig{
		Name:          "people",
		Sources:       []source.Source{source.Map(hris, candidate), ats},
		Authoritative: []string{"workday", "greenhouse"},
		Match:         []source.MatchBy{source.ByAlternateID},
		Memory:        desk,
	})
}

// candidate says who an employee was in Greenhouse: whoever hires writes it into a
// field of Workday. People are never matched by name, and an ATS knows no work address.
func candidate(i source.Identity) (source.Identity, error) {
	ids := append([]source.AlternateID{}, i.AlternateIDs...)
	for _, id := range i.Custom["candidate"] {
		ids = append(ids, source.AlternateID{Type: "greenhouse:candidate", Value: id})
	}
	i.AlternateIDs = ids
	return i, nil
}
