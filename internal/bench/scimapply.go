package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/internal/bench/measure"
	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/internal/bench/saas"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

const (
	saasUsers  = 10_000
	saasGroups = 200
)

// saasStaff is who is provisioned.
func saasStaff() []saas.User {
	staff := make([]saas.User, saasUsers)
	for n := range staff {
		number := strconv.Itoa(n)
		staff[n] = saas.User{
			Key: "E" + number, UserName: "user" + number + "@acme.example", DisplayName: "Given" + number + " Family" + number,
			Given: "Given" + number, Family: "Family" + number, Email: "user" + number + "@acme.example",
			Title: "Engineer", Department: saas.GroupName(n % saasGroups), Group: n % saasGroups,
		}
	}
	return staff
}

// saasRun is an application to be filled by an engine or by hand.
type saasRun struct {
	staff  []saas.User
	app    *saas.App
	engine *provision.Engine
	client *saas.Client
}

func (s *saasRun) prepare(ctx context.Context) error {
	if err := s.close(); err != nil {
		return err
	}
	app, err := saas.Start(ctx)
	if err != nil {
		return err
	}
	s.app, s.client = app, saas.NewClient(app.URL, atOnce)
	s.engine, err = saasEngine(s.staff, app.URL)
	return err
}

func (s *saasRun) close() error {
	if s.app == nil {
		return nil
	}
	s.client.Close()
	err := s.app.Stop()
	s.app = nil
	return err
}

// saasEngine provisions the staff into a SCIM service, with the default
// configuration but for the concurrency.
func saasEngine(staff []saas.User, url string) (*provision.Engine, error) {
	hr := make([]source.Identity, len(staff))
	grants := make([]rules.Grant, saasGroups)
	for n := range grants {
		team := saas.GroupName(n)
		grants[n] = rules.Grant{ID: team, When: rules.Department.Is(team), Give: []string{"app/group:" + team}}
	}
	for n, u := range staff {
		hr[n] = source.Identity{
			ID: u.Key, Status: source.Active, DisplayName: u.DisplayName, WorkEmail: u.Email,
			Name: source.Name{Given: u.Given, Family: u.Family}, JobTitle: u.Title, Department: source.Named(u.Department),
		}
	}
	set, err := rules.Build(rules.Spec{
		Name: "acme",
		Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone, Attributes: []rules.Attribute{
			{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly},
			{Set: "displayName", To: rules.DisplayName},
			{Set: "name.givenName", To: rules.GivenName},
			{Set: "name.familyName", To: rules.FamilyName},
			{Set: "emails.work", To: rules.WorkEmail},
			{Set: "title", To: rules.JobTitle},
			{Set: "department", To: rules.Department},
		}}},
		Grants: grants,
	})
	if err != nil {
		return nil, err
	}
	app, err := scimtarget.New(scimtarget.Config{Name: "app", BaseURL: url, Groups: true, Private: true, Connections: atOnce})
	if err != nil {
		return nil, err
	}
	return provision.New(provision.Config{
		Source: memsource.New("hr", hr...), Targets: []target.Target{app}, Rules: set, Concurrency: atOnce,
		Policy: reconcile.Policy{
			CreateEntitlements: true,
			Limits:             map[reconcile.Action]reconcile.Limit{reconcile.Create: {Percent: 100}},
		},
		Clock: people.Noon,
	})
}

var (
	errSecondSync = errors.New("a second run is not quiet")
	errRequests   = errors.New("the two sides send different requests")
)

// scimApply measures 10,000 users and 200 groups provisioned into a SCIM service on
// this machine, plan and all, against a client that makes the same requests and
// nothing else. What counts is the time on the clock.
func scimApply(ctx context.Context, r *results) error {
	ours, bare := &saasRun{staff: saasStaff()}, &saasRun{staff: saasStaff()}
	times, err := r.again(saasUsers,
		measure.Side{Name: "sync over SCIM", Setup: func() error { return ours.prepare(ctx) }, Run: func() error {
			report, err := ours.engine.Sync(ctx)
			if err != nil {
				return err
			}
			return report.Err()
		}},
		measure.Side{Name: "bare HTTP", Setup: func() error { return bare.prepare(ctx) }, Run: func() error {
			return bare.client.Fill(ctx, bare.staff, saasGroups, atOnce)
		}},
	)
	if err == nil {
		err = saasCheck(ctx, r, ours, bare)
	}
	if err := errors.Join(err, ours.close(), bare.close()); err != nil {
		return err
	}
	r.set("scim-apply", ratio(times[1].Wall, times[0].Wall))
	return nil
}

// saasCheck looks whether both sides did the same, and whether a second run leaves
// it at reading.
func saasCheck(ctx context.Context, r *results, ours, bare *saasRun) error {
	posts, patches := ours.app.Posts.Load(), ours.app.Patches.Load()
	r.note("ours: %d POST, %d PATCH, %d GET; bare: %d POST, %d PATCH", posts, patches, ours.app.Gets.Load(),
		bare.app.Posts.Load(), bare.app.Patches.Load())
	if posts != bare.app.Posts.Load() || patches > bare.app.Patches.Load() {
		return errRequests
	}
	gets := ours.app.Gets.Load()
	report, err := ours.engine.Sync(ctx)
	if err != nil {
		return err
	}
	if ours.app.Posts.Load() != posts || ours.app.Patches.Load() != patches {
		return fmt.Errorf("%w: %s", errSecondSync, report)
	}
	r.note("a second run: %d GET, nothing written", ours.app.Gets.Load()-gets)
	return report.Err()
}
