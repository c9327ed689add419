package greenhouse

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/hiring"
)

const (
	mostPage = 500 // records, and
	batch    = 50  // ids in a filter, as https://harvestdocs.greenhouse.io has them
)

// A reading is one read, of everybody or of a few people. It belongs to one
// goroutine.
type reading struct {
	*Source
	today source.Date
	begun time.Time // by the server's clock, when the first answer came

	apps    map[string]*application // by id
	offers  map[string]*offer       // the current one by application
	aliases hiring.Aliases
	*catalogue
}

// A catalogue is what many people share, read once.
type catalogue struct {
	jobs                 map[string]*job // nil for one that was asked for and did not come
	placesRead           bool
	departments, offices map[string]place
}

func (s *Source) reading() *reading {
	return &reading{
		Source: s, today: source.DateOf(s.cfg.Clock().UTC()),
		apps: map[string]*application{}, offers: map[string]*offer{},
		catalogue: &catalogue{jobs: map[string]*job{}, departments: map[string]place{}, offices: map[string]place{}},
	}
}

// list reads all pages of an endpoint and calls take with each record. key names a
// record: a page on which all of them came before is a page that came twice, in the
// place of another. The error of take ends the list.
func list[T any](
	ctx context.Context, r *reading, endpoint string, query url.Values,
	read func(*jsonscan.Scanner) (T, error), key func(*T) string, take func(*T) error,
) error {
	query.Set("per_page", strconv.Itoa(r.cfg.PageSize))
	known := map[string]bool{}
	pages := source.Pages(ctx, func(ctx context.Context, next string) (source.Page[T], error) {
		var page source.Page[T]
		request := fetch.Request{Path: "/" + endpoint, Next: next}
		if next == "" {
			request.Query = query
		}
		asked := r.cfg.Clock()
		answer, err := r.client.Read(ctx, request)
		if err != nil {
			return page, err
		}
		if r.begun.IsZero() {
			r.begun = servedAt(answer.Header, asked)
		}
		if page.Items, err = elements(answer.Body, read); err != nil {
			return page, answer.Fail(fetch.BadContent, err)
		}
		fresh := 0
		for n := range page.Items {
			if k := key(&page.Items[n]); !known[k] {
				known[k] = true
				fresh++
			}
		}
		if fresh == 0 && len(page.Items) > 0 {
			return page, fmt.Errorf("%w: a page came twice", source.ErrIncomplete)
		}
		page.Next = fetch.NextLink(answer.Header)
		return page, nil
	})
	for element, err := range pages {
		if err != nil {
			return fmt.Errorf("%s: %w", endpoint, err)
		}
		if err := take(&element); err != nil {
			return fmt.Errorf("%s: %w", endpoint, err)
		}
	}
	return nil
}

// only returns a function that returns an error for a record that was not asked for by
// a filter of the name: then the answer belongs to another question, or the filter was
// not understood.
func only(name string, filters []string) func(id string) error {
	if filters[0] != name {
		return func(string) error { return nil }
	}
	asked := map[string]bool{}
	for id := range strings.SplitSeq(filters[1], ",") {
		asked[id] = true
	}
	return func(id string) error {
		if !asked[id] {
			return fmt.Errorf("%w: asked for certain records, another one came", source.ErrIncomplete)
		}
		return nil
	}
}

// elements reads the list that an answer is. Anything else, such as the message that
// a request is being worked on, is an error.
func elements[T any](body []byte, read func(*jsonscan.Scanner) (T, error)) ([]T, error) {
	var all []T
	s := jsonscan.New(body)
	if s.Peek() != '[' {
		return nil, errors.New("it is no list")
	}
	err := s.Elements(func() error {
		element, err := read(&s)
		all = append(all, element)
		return err
	})
	if err == nil {
		err = s.End()
	}
	return all, err
}

// ask returns the parameters of a request for records.
func (r *reading) ask(fields string, filters ...string) url.Values {
	query := url.Values{}
	for pair := range slices.Chunk(filters, 2) {
		query.Set(pair[0], pair[1])
	}
	if !r.cfg.WholeRecords {
		query.Set("fields", fields)
	}
	return query
}

func (r *reading) readApplications(ctx context.Context, filters ...string) error {
	byID, byCandidate := only("ids", filters), only("candidate_ids", filters)
	return list(ctx, r, "applications", r.ask(r.asked(applications), filters...), r.application,
		func(a *application) string { return a.id }, func(a *application) error {
			r.apps[a.id] = a
			status, fault := r.words.status(a.status)
			if filters[0] == "status" && status != source.PreHire && fault == "" {
				return fmt.Errorf("%w: asked for hired applications, one came that is %q", source.ErrIncomplete, excerpt.Of(a.status))
			}
			return cmp.Or(byID(a.id), byCandidate(a.candidate))
		})
}

func (r *reading) readOffers(ctx context.Context, filters ...string) error {
	filters = append(filters, "current_only", "true")
	byApplication, byCandidate := only("application_ids", filters), only("candidate_ids", filters)
	return list(ctx, r, "offers", r.ask(r.asked(offers), filters...), r.offer,
		func(o *offer) string { return o.id }, func(o *offer) error {
			r.offers[o.application] = o
			switch {
			case o.status == "":
				return fmt.Errorf("%w: an offer has no status", source.ErrIncomplete)
			case filters[0] == "status" && !o.accepted():
				return fmt.Errorf("%w: asked for accepted offers, one came that is %q", source.ErrIncomplete, excerpt.Of(o.status))
			}
			return cmp.Or(byApplication(o.application), byCandidate(o.candidate))
		})
}

// inBatches calls each with as many of the ids as fit into a filter, sorted.
func inBatches(all []string, each func(some string) error) error {
	slices.SortFunc(all, compareIDs)
	for some := range slices.Chunk(slices.Compact(all), batch) {
		if err := each(strings.Join(some, ",")); err != nil {
			return err
		}
	}
	return nil
}

// compareIDs compares numbers written as texts.
func compareIDs(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// readJobs reads the jobs of applications that are not known yet, and once the
// departments and offices of the company.
func (r *reading) readJobs(ctx context.Context, people [][]*application) error {
	if !slices.ContainsFunc(r.mappings, func(m mapping) bool { return m.record == jobs }) {
		return nil
	}
	var missing []string
	for _, apps := range people {
		for _, a := range apps {
			if _, known := r.jobs[a.job]; !known && a.job != "" {
				missing = append(missing, a.job)
				r.jobs[a.job] = nil // looked for
			}
		}
	}
	err := inBatches(missing, func(some string) error {
		byID := only("ids", []string{"ids", some})
		return list(ctx, r, "jobs", r.ask(r.asked(jobs), "ids", some), r.job,
			func(j *job) string { return j.id }, func(j *job) error {
				r.jobs[j.id] = j
				return byID(j.id)
			})
	})
	if err != nil || len(missing) == 0 || r.placesRead {
		return err
	}
	r.placesRead = true
	for _, p := range []struct {
		endpoint, plain string
		into            map[string]place
	}{{"departments", "department", r.departments}, {"offices", "office", r.offices}} {
		if !r.wants(jobs, p.plain) {
			continue
		}
		err := list(ctx, r, p.endpoint, r.ask("id,name,external_id"), readPlace,
			func(p *place) string { return p.id }, func(found *place) error {
				p.into[found.id] = *found
				return nil
			})
		if err != nil {
			return err
		}
	}
	return nil
}

// fault adds what is particular to Greenhouse's errors.
func fault(e *fetch.Error, h http.Header, _ []byte) {
	if e.Status == http.StatusForbidden && e.Message == "" {
		e.Message = "look at the scopes of the client, and whether its user is a Site Admin"
	}
	if e.Kind != fetch.Throttled || e.RetryAfter > 0 {
		return
	}
	// The seconds until the limit is lifted, or the instant in seconds since 1970: which,
	// the documentation leaves open.
	const instants = 30 * 24 * 60 * 60
	n, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64)
	if err != nil || n <= 0 {
		return
	}
	wait := time.Duration(min(n, int64(24*time.Hour/time.Second))) * time.Second
	if date, err := http.ParseTime(h.Get("Date")); n > instants {
		if wait = 0; err == nil {
			wait = max(time.Unix(n, 0).Sub(date), 0)
		}
	}
	e.RetryAfter = wait
}
