package workday_test

import (
	"context"
	"encoding/xml"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/workday"
	"github.com/provision-go/provision/source/workday/workdaytest"
)

// Everything of one read is about one day and one moment, or people would move from
// one page to another while it goes on.
func TestOneMoment(t *testing.T) {
	c := &clock{now: noon()}
	fake, url := newFake(t, workdaytest.Config{Workers: staff(), Clock: c.Now})
	s := newSource(t, url, func(cfg *workday.Config) { cfg.PageSize, cfg.Connection.Clock = 1, c.Now })
	read := 0
	for i, err := range s.Identities(t.Context()) {
		require.NoError(t, err)
		assert.NotEqual(t, "0000", i.ID)
		// Somebody who would be first on every page.
		c.forward(26 * time.Hour)
		fake.Put(workdaytest.Worker{WID: "0000", EmployeeID: "1", HireDate: "2020-01-01"})
		read++
	}
	assert.Equal(t, len(staff()), read)
	moment := regexp.MustCompile(`<w:As_Of_Entry_DateTime>(.*?)</w:As_Of_Entry_DateTime>`)
	day := regexp.MustCompile(`<w:As_Of_Effective_Date>(.*?)</w:As_Of_Effective_Date>`)
	var days []string
	for _, r := range fake.Requests() {
		assert.Equal(t, "2026-03-02T19:59:00.000Z", moment.FindStringSubmatch(r.Body)[1])
		days = append(days, day.FindStringSubmatch(r.Body)[1])
		assert.Equal(t, `""`, r.Header.Get("SOAPAction"))
		assert.Equal(t, "text/xml; charset=utf-8", r.Header.Get("Content-Type"))
	}
	assert.Equal(t, []string{"2026-03-02", "2026-03-02", "2026-03-02", "2026-03-02", "2026-03-02", "2026-04-01"}, days)
}

// What is configured cannot break out of its place.
func TestEscaping(t *testing.T) {
	const hostile = `p</s:Password><!--&"'<![CDATA[x]]>`
	fake := workdaytest.New(workdaytest.Config{Workers: staff(), User: "i&<u", Password: hostile, Clock: noon})
	url := serve(t, fake)
	s := newSource(t, url, func(c *workday.Config) { c.Connection.Auth = workday.Password("i&<u", hostile) })
	_, err := source.Collect(t.Context(), s)
	require.NoError(t, err)
	for _, r := range fake.Requests() {
		require.NoError(t, xml.Unmarshal([]byte(r.Body), &struct{}{}))
		assert.NotContains(t, r.Body, "<!--")
	}
	_, err = s.Identity(t.Context(), `1</w:ID>`)
	require.ErrorIs(t, err, source.ErrNotFound)
	assert.NotContains(t, fake.Requests()[len(fake.Requests())-1].Body, "1</w:ID>")
}

func TestTenantOfTheUser(t *testing.T) {
	for user, want := range map[string]string{"isu": "isu@acme", "isu@other": "isu@other"} {
		fake, url := newFake(t, workdaytest.Config{Workers: staff()})
		s := newSource(t, url, func(c *workday.Config) { c.Connection.Auth = workday.Password(user, password) })
		_, err := s.Identity(t.Context(), ada)
		require.Equal(t, user == "isu", err == nil)
		assert.Contains(t, fake.Requests()[0].Body, "<s:Username>"+want+"</s:Username>")
	}
}

func TestToken(t *testing.T) {
	fake, url := newFake(t, workdaytest.Config{Workers: staff(), Token: "canary-token", Report: theReport()})
	auth := workday.Token(func(context.Context) (string, error) { return "canary-token", nil }, nil)
	for _, s := range []source.Source{
		newSource(t, url, func(c *workday.Config) { c.Connection.Auth = auth }),
		newReport(t, url, func(c *workday.ReportConfig) { c.Connection.Auth = auth }),
	} {
		snapshot, err := source.Collect(t.Context(), s)
		require.NoError(t, err)
		assert.Equal(t, len(staff()), snapshot.Len())
	}
	for _, r := range fake.Requests() {
		assert.NotContains(t, r.Body, "Security")
	}
}

// What is not mapped is not asked for.
func TestResponseGroup(t *testing.T) {
	tests := map[string]struct {
		change func(*workday.Config)
		with   string // in the request
		not    string
	}{
		"usual": {
			func(*workday.Config) {}, "Exclude_Teams Exclude_Custom_Organizations Exclude_Pay_Groups Exclude_Cost_Center_Hierarchies",
			"Exclude_Cost_Centers Exclude_Companies Exclude_Supervisory_Organizations Exclude_Business_Units Include_Account_Provisioning",
		},
		"fewer": {
			func(c *workday.Config) { c.Units = map[string]string{"cost_center": "", "Company": ""} },
			"Exclude_Cost_Centers Exclude_Companies", "Exclude_Supervisory_Organizations",
		},
		"more": {
			func(c *workday.Config) {
				c.Units = map[string]string{"REGION_HIERARCHY": "division", "TEAM": "team"}
			},
			"Exclude_Custom_Organizations", "Exclude_Regions Exclude_Region_Hierarchies Exclude_Teams",
		},
		"of one's own": {
			func(c *workday.Config) { c.Units = map[string]string{"Guild": "custom.guild"} },
			"Exclude_Teams", "Exclude_Custom_Organizations",
		},
		"groups": {func(c *workday.Config) { c.ProvisioningGroups = true }, "Include_Account_Provisioning", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			fake, url := newFake(t, workdaytest.Config{Workers: staff()})
			s := newSource(t, url, test.change)
			_, err := source.Collect(t.Context(), s)
			require.NoError(t, err)
			body := fake.Requests()[0].Body
			for flag := range strings.FieldsSeq(test.with) {
				assert.Contains(t, body, "<w:"+flag+">true")
			}
			for flag := range strings.FieldsSeq(test.not) {
				assert.NotContains(t, body, "<w:"+flag+">")
			}
		})
	}
}
