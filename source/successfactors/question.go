package successfactors

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/provision-go/provision/source"
)

// A question is what PerPerson is asked.
type question struct {
	filters []string // all of them have to hold
	day     source.Date
	all     bool // everybody: many pages, at peace from what changes meanwhile
}

// query returns the parameters of a question.
func (r *reading) query(q question) url.Values {
	query := url.Values{
		"$format":        {"json"},
		"$select":        {strings.Join(r.layout.selects, ",")},
		"$expand":        {strings.Join(r.layout.nexts, ",")},
		"$filter":        {strings.Join(append(slices.Clone(q.filters), r.ofUsers()), " and ")},
		"customPageSize": {strconv.Itoa(r.cfg.PageSize)},
	}
	if q.all && !r.cfg.NoSnapshot {
		query.Set("paging", "snapshot")
	}
	if q.all && r.cfg.Count {
		query.Set("$inlinecount", "allpages")
	}
	switch {
	case !q.day.IsZero():
		query.Set("asOfDate", q.day.String())
	case r.cfg.DaysBack+r.cfg.DaysAhead > 0:
		query.Set("fromDate", r.today.AddDays(-r.cfg.DaysBack).String())
		query.Set("toDate", r.today.AddDays(r.cfg.DaysAhead).String())
	}
	return query
}

// ofUsers is the filter without which people whose users are not active are not
// listed.
func (r *reading) ofUsers() string {
	return "employmentNav/userNav/status in " + literals(r.cfg.UserStatuses)
}

// literals writes texts as OData does, with quotes that are doubled inside.
func literals(texts []string) string {
	var out strings.Builder
	for n, text := range texts {
		if n > 0 {
			out.WriteByte(',')
		}
		out.WriteString("'" + strings.ReplaceAll(text, "'", "''") + "'")
	}
	return out.String()
}

// changedSince is the filter for people of whom something was changed since an
// instant, or came into force. A change below PerPerson leaves its own
// lastModifiedDateTime as it is. Of what has several records in time, each of the two
// bounds may be met by another one (SAP note 2920680), so that more people come than
// changed.
func changedSince(from, now time.Time) string {
	at := func(t time.Time) string { return "datetimeoffset'" + t.UTC().Format("2006-01-02T15:04:05Z") + "'" }
	var ways []string
	for _, nav := range []string{"", personal, "emailNav/", work, user, job} {
		ways = append(ways, nav+"lastModifiedDateTime ge "+at(from))
	}
	// A day begins somewhere up to 14 hours earlier than here.
	day := from.UTC().Add(-24 * time.Hour).Truncate(24 * time.Hour)
	for _, nav := range []string{personal, work, job} {
		ways = append(ways, "("+nav+"startDate ge "+at(day)+" and "+nav+"startDate le "+at(now.Add(14*time.Hour))+")")
	}
	return "(" + strings.Join(ways, " or ") + ")"
}
