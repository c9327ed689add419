package main

import (
	"context"
	"embed"
	"io"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/csvsource"
	"github.com/provision-go/provision/source/manual"
)

//go:embed data/*.csv
var exports embed.FS

// export is what a system says on a morning.
func export(clock func() time.Time, system string, config csvsource.Config) (source.Source, error) {
	config.Name = system
	config.Open = func() (io.ReadCloser, error) {
		return exports.Open("data/" + clock().Format(time.DateOnly) + "-" + system + ".csv")
	}
	return csvsource.New(config)
}

// people puts five statements about people together. From the inside to the outside:
//
//   - HR has one row per employment: its rows become people.
//   - HR, the agency and the ATS know the same people: they are merged, and HR is
//     trusted most. Nobody changes their ID when HR comes to know them, because the desk
//     remembers under which one they have accounts.
//   - The CRM knows others: contacts of customers, put beside them.
//   - Administrators decide about anybody.
func people(clock func() time.Time, desk *provision.Desk, decisions func() []manual.Decision) (source.Source, error) {
	employments, err := export(clock, "hr", csvsource.Config{Require: []string{"status", "termination_date"}})
	if err != nil {
		return nil, err
	}
	hr, err := source.People(source.PeopleConfig{
		Source: kind(employments, source.KindEmployee), Match: []source.MatchBy{source.ByEmployeeNumber}, Memory: desk,
	})
	if err != nil {
		return nil, err
	}
	agency, err := export(clock, "agency", csvsource.Config{})
	if err != nil {
		return nil, err
	}
	ats, err := export(clock, "ats", csvsource.Config{})
	if err != nil {
		return nil, err
	}
	staff, err := source.Merge(source.MergeConfig{
		Name:          "staff",
		Sources:       []source.Source{hr, kind(agency, source.KindContingent), kind(ats, source.KindEmployee)},
		Authoritative: []string{"hr", "agency", "ats"},
		Departures:    []string{"agency"}, // HR never knew its contractors
		Match:         []source.MatchBy{source.ByEmployeeNumber, source.ByWorkEmail},
		Memory:        desk,
	})
	if err != nil {
		return nil, err
	}
	crm, err := export(clock, "crm", csvsource.Config{DefaultStatus: source.Active})
	if err != nil {
		return nil, err
	}
	contacts := kind(crm, source.KindContact) // identities without employment
	everybody, err := source.Union("everybody", source.Part{Source: staff}, source.Part{Source: contacts, Prefix: "crm-"})
	if err != nil {
		return nil, err
	}
	return manual.Over(everybody, manual.Config{
		Decisions: func(context.Context) ([]manual.Decision, error) { return decisions(), nil },
		Clock:     clock,
	})
}

// kind says what sort of people a source has.
func kind(s source.Source, k source.Kind) source.Source {
	return source.Map(s, func(i source.Identity) (source.Identity, error) {
		i.Kind = k
		return i, nil
	})
}
