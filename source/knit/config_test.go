package knit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/knit"
	"github.com/provision-go/provision/source/knit/knittest"
)

// Every mistake is an error that names the field.
func TestConfig(t *testing.T) {
	retired := source.Retired
	for want, alter := range map[string]func(*knit.Config){
		"APIKey: it is missing":                          func(c *knit.Config) { c.APIKey = "" },
		"OldKeys: one is empty":                          func(c *knit.Config) { c.OldKeys = []knit.Key{"a", ""} },
		"Store: it is missing":                           func(c *knit.Config) { c.Store = nil },
		"MaxAge: it is negative":                         func(c *knit.Config) { c.MaxAge = -1 },
		"Oldest: it is negative":                         func(c *knit.Config) { c.Oldest = -time.Hour },
		"MaxSkew: it is negative":                        func(c *knit.Config) { c.MaxSkew = -1 },
		"MaxBody: it is negative":                        func(c *knit.Config) { c.MaxBody = -1 },
		"ID: want ProfileID":                             func(c *knit.Config) { c.ID = 7 },
		"Gone: want Terminated, Deleted or Unknown":      func(c *knit.Config) { c.Gone = &retired },
		`Countries: "Germany" of "D"`:                    func(c *knit.Config) { c.Countries = map[string]string{"D": "Germany"} },
		"field BaseURL":                                  func(c *knit.Config) { c.BaseURL = "http://localhost/" },
		"Models: employee_profile is missing":            func(c *knit.Config) { c.Models = []string{"employee_location"} },
		"Models: employee_bankAccount holds bank":        func(c *knit.Config) { c.Models = []string{"employee_profile", "employee_bankAccount"} },
		"Models: employee_compensation holds pay":        func(c *knit.Config) { c.Models = []string{"employee_profile", "employee_compensation"} },
		"Models: employee_dependent holds rel":           func(c *knit.Config) { c.Models = []string{"employee_profile", "employee_dependent"} },
		"Models: employee_kycDocuments holds":            func(c *knit.Config) { c.Models = []string{"employee_profile", "employee_kycDocuments"} },
		`field "shoe" of Fields: there is no such field`: func(c *knit.Config) { c.Fields = map[string]string{"shoe": "profile.id"} },
		`field "status" of Fields: it cannot be filled`:  func(c *knit.Config) { c.Fields = map[string]string{"status": "profile.id"} },
		`"firstName" is no place`:                        func(c *knit.Config) { c.Fields = map[string]string{"given_name": "firstName"} },
		`"bankAccounts.x" is no place`:                   func(c *knit.Config) { c.Fields = map[string]string{"team": "bankAccounts.x"} },
		"profile.birthDate holds a birth date":           func(c *knit.Config) { c.Fields = map[string]string{"custom.b": "profile.birthDate"} },
		"customFields.fields.salary holds pay":           func(c *knit.Config) { c.Fields = map[string]string{"custom.s": "customFields.fields.salary"} },
		"locations.presentAddress.city holds":            func(c *knit.Config) { c.Fields = map[string]string{"city": "locations.presentAddress.city"} },
		"rawValues.maritalStatus holds":                  func(c *knit.Config) { c.Fields = map[string]string{"custom.m": "rawValues.maritalStatus"} },
	} {
		cfg := knit.Config{APIKey: key, Store: knit.NewMemory()}
		alter(&cfg)
		_, err := knit.New(cfg)
		require.Error(t, err, want)
		assert.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), key)
	}
	_, err := knit.New(knit.Config{})
	require.Error(t, err)
	assert.ErrorContains(t, err, "APIKey")
	assert.ErrorContains(t, err, "Store", "everything that is wrong at once")
}

// one is what becomes of one person.
func one(t *testing.T, p knittest.Person, alter func(*knit.Config)) source.Identity {
	t.Helper()
	p.ID = "1"
	b := newBench(t, []knittest.Person{p, {ID: "2", Status: "ACTIVE"}}, alter)
	// Who is inactive is not in an initial sync: they are pushed as they are all the same.
	b.fake.Put(knittest.Person{ID: "1", Status: "ACTIVE"})
	b.sync("initial_sync", b.fake.Rewritten(func(e *knittest.Event) {
		if e.RecordID == "1" {
			e.Data = p.Data()
		}
	}))
	i, err := source.Read(t.Context(), b.Source(integration), "1")
	require.NoError(t, err)
	return i
}

func TestStatus(t *testing.T) {
	own := func(c *knit.Config) {
		c.RawStatus = map[string]source.Status{"On Leave": source.OnLeave}
		c.Status = map[string]source.Status{"Furlough": source.OnLeave}
	}
	for _, tt := range []struct {
		p     knittest.Person
		alter func(*knit.Config)
		want  source.Status
		fault string
	}{
		{knittest.Person{Status: "ACTIVE"}, nil, source.Active, ""},
		{knittest.Person{Status: "active"}, nil, source.Active, ""},
		{knittest.Person{Status: "INACTIVE"}, nil, source.Terminated, ""},
		{knittest.Person{Status: "INACTIVE", StartDate: "2020-01-01"}, nil, source.Terminated, ""},
		{knittest.Person{Status: "INACTIVE", StartDate: "2026-03-02"}, nil, source.PreHire, ""},
		{knittest.Person{Status: "INACTIVE", StartDate: "2026-09-01"}, nil, source.PreHire, ""},
		{
			knittest.Person{Status: "INACTIVE", StartDate: "2026-09-01"},
			func(c *knit.Config) { c.Status = map[string]source.Status{"Inactive": source.Suspended} }, source.Suspended, "",
		},
		{knittest.Person{}, nil, source.Unknown, "does not say"},
		{knittest.Person{Status: "NOT_SPECIFIED"}, nil, source.Unknown, "map that in RawStatus"},
		{knittest.Person{Status: "TERMINATED"}, nil, source.Unknown, `"TERMINATED" is no known status`},
		{knittest.Person{Status: "FURLOUGH"}, own, source.OnLeave, ""},
		{knittest.Person{Status: "ACTIVE", RawStatus: "on leave"}, own, source.OnLeave, ""},
		{knittest.Person{Status: "NOT_SPECIFIED", RawStatus: "on leave"}, own, source.OnLeave, ""},
		{knittest.Person{Status: "ACTIVE", RawStatus: "Aktiv"}, own, source.Active, ""},
	} {
		i := one(t, tt.p, tt.alter)
		assert.Equal(t, tt.want, i.Status, "%+v", tt.p)
		if tt.fault == "" {
			assert.Empty(t, i.Findings, "%+v", tt.p)
		} else if assert.Len(t, i.Findings, 1) {
			assert.Contains(t, i.Findings[0].Message, tt.fault)
		}
	}
}

func TestValues(t *testing.T) {
	i := one(t, knittest.Person{Status: "ACTIVE", TerminationDate: "2026-12-31", Country: "Germany", Type: "CONTRACT", Manager: "2"}, nil)
	assert.Equal(t, "2026-12-31", i.TerminationDate.String())
	assert.Equal(t, source.KindContingent, i.Kind)
	assert.Equal(t, "2", i.Manager.ID)
	assert.Empty(t, i.Location.Country)
	require.Len(t, i.Findings, 1)
	assert.Contains(t, i.Findings[0].Message, "map it in Countries")

	i = one(t, knittest.Person{Status: "ACTIVE", TerminationDate: "2026-12-31", Country: "Germany", Type: "NOT_SPECIFIED"}, func(c *knit.Config) {
		c.FirstDayOff, c.Countries = true, map[string]string{"Germany": "DE"}
	})
	assert.Equal(t, "2026-12-30", i.TerminationDate.String())
	assert.Equal(t, "DE", i.Location.Country)
	assert.Empty(t, i.Findings)
	assert.Equal(t, "NOT_SPECIFIED", i.EmploymentTypeRaw)
}

// Two names for one person: the profile's is the ID, unless the configuration says
// that the record's is.
func TestIDs(t *testing.T) {
	for id, want := range map[knit.IdentityID]string{knit.ProfileID: "1001", knit.RecordID: "rec_1001"} {
		b := newBench(t, company(), func(c *knit.Config) { c.ID = id })
		rename := b.fake.Rewritten(func(e *knittest.Event) {
			if e.Type[:4] == "reco" {
				e.RecordID = "rec_" + e.RecordID
			}
		})
		b.sync("initial_sync", rename)
		i, err := source.Read(t.Context(), b.Source(integration), want)
		require.NoError(t, err)
		require.Len(t, i.AlternateIDs, 1)
		b.later(time.Hour)
		b.fake.Remove("1001")
		b.sync("delta_sync", rename)
		i, err = source.Read(t.Context(), b.Source(integration), want)
		require.NoError(t, err)
		assert.Equal(t, source.Terminated, i.Status)
	}
	// A deletion that names nobody but by the recordId, of somebody who is known by it,
	// and of somebody who is not.
	for _, record := range []string{"1001", "rec_1001"} {
		b := newBench(t, company(), nil)
		b.sync("initial_sync")
		b.later(time.Hour)
		b.fake.Remove("1001")
		refused := b.fake.Sync(b, "delta_sync", b.fake.Rewritten(func(e *knittest.Event) {
			if e.Type == "record.deleted" {
				e.Data, e.RecordID = nil, record
			}
		}))
		if record == "1001" {
			assert.Empty(t, refused)
			assert.Equal(t, source.Terminated, b.statuses()["1001"])
			continue
		}
		assert.Equal(t, []int{400}, refused)
		assert.ErrorIs(t, b.failed[0], knit.ErrRefused)
		assert.Equal(t, source.Active, b.statuses()["1001"])
	}
}

// Blocks that a modification does not have stay as they were.
func TestModification(t *testing.T) {
	b := newBench(t, company(), nil)
	b.sync("initial_sync")
	b.later(time.Hour)
	p := company()[1]
	p.FirstName, p.Title = "Robert", "Chief"
	b.fake.Put(p)
	b.sync("delta_sync", b.fake.Rewritten(func(e *knittest.Event) {
		delete(e.Data, "orgStructure")
		e.Data["locations"] = nil
	}))
	i, err := source.Read(t.Context(), b.Source(integration), "1001")
	require.NoError(t, err)
	assert.Equal(t, "Robert", i.Name.Given)
	assert.Equal(t, "Analyst", i.JobTitle)
	assert.Equal(t, "Berlin", i.Location.City)
}
