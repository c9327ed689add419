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

	apps    map[int64]*application // by id
	offers  map[int64]*offer       // the current one by application
	aliases hiring.Aliases
	texts   map[string]string // that many records have
	hires   []hiring.Hire     // of the present person
	parts   []source.Identity
	*catalogue
}

// A catalogue is what many people share, read once.
type catalogue struct {
	jobs                 map[int64]*job // nil for one that was asked for and did not come
	placesRead           bool
	departments, offices map[int64]place
}

func (s *Source) reading() *reading {
	return &reading{
		Source: s, today: source.DateOf(s.cfg.Clock().UTC()),
		apps: map[int64]*application{}, offers: map[int64]*offer{}, texts: map[string]string{},
		catalogue: &catalogue{jobs: map[int64]*job{}, departments: map[int64]place{}, offices: map[int64]place{}},
	}
}

// A filter is a parameter that chooses records, by a text or by ids, which are sorted.
type filter struct {
	name, text string
	ids        []int64
}

// list reads all pages of an endpoint and calls take with each record. key names a
// record: a page that begins with the one that another page began with is a page that
// came twice, in the place of another. The error of take ends the list.
func list[T any](
	ctx context.Context, r *reading, endpoint string, query url.Values,
	read func(*jsonscan.Scanner) (T, error), key func(*T) int64, take func(*T) error,
) error {
	query.Set("per_page", strconv.Itoa(r.cfg.PageSize))
	known := map[int64]bool{}
	pages := source.Pages(ctx, func(ctx context.Context, next string) (source.Page[*T], error) {
		var page source.Page[*T]
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
			r.begun = answer.Served(asked)
		}
		if page.Items, err = elements(answer.Body, read); err != nil {
			return page, answer.Fail(fetch.BadContent, err)
		}
		if len(page.Items) > 0 {
			first := key(page.Items[0])
			if known[first] {
				return page, fmt.Errorf("%w: a page came twice", source.ErrIncomplete)
			}
			known[first] = true
		}
		page.Next = fetch.NextLink(answer.Header)
		return page, nil
	})
	for element, err := range pages {
		if err != nil {
			return fmt.Errorf("%s: %w", endpoint, err)
		}
		if err := take(element); err != nil {
			return fmt.Errorf("%s: %w", endpoint, err)
		}
	}
	return nil
}

// only returns an error for a record that was not asked for by a filter of the name:
// then the answer belongs to another question, or the filter was not understood.
func (f *filter) only(name string, id int64) error {
	if f.name == name {
		if _, asked := slices.BinarySearch(f.ids, id); !asked {
			return fmt.Errorf("%w: asked for certain records, another one came", source.ErrIncomplete)
		}
	}
	return nil
}

// elements reads the list that an answer is. Anything else, such as the message that
// a request is being worked on, is an error.
func elements[T any](body []byte, read func(*jsonscan.Scanner) (T, error)) ([]*T, error) {
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
	pointers := make([]*T, len(all))
	for n := range all {
		pointers[n] = &all[n]
	}
	return pointers, err
}

// ask returns the parameters of a request for records.
func (r *reading) ask(fields string, filters ...filter) url.Values {
	query := url.Values{}
	for _, f := range filters {
		text := []byte(f.text)
		for n, id := range f.ids {
			if n > 0 {
				text = append(text, ',')
			}
			text = strconv.AppendInt(text, id, 10)
		}
		query.Set(f.name, string(text))
	}
	if !r.cfg.WholeRecords {
		query.Set("fields", fields)
	}
	return query
}

func (r *reading) readApplications(ctx context.Context, f filter) error {
	return list(ctx, r, "applications", r.ask(r.asked(applications), f), r.application,
		func(a *application) int64 { return a.id }, func(a *application) error {
			r.apps[a.id] = a
			status, fault := r.words.status(a.status)
			if f.name == "status" && status != source.PreHire && fault == "" {
				return fmt.Errorf("%w: asked for hired applications, one came that is %q", source.ErrIncomplete, excerpt.Of(a.status))
			}
			return cmp.Or(f.only("ids", a.id), f.only("candidate_ids", a.candidate))
		})
}

func (r *reading) readOffers(ctx context.Context, f filter) error {
	return list(ctx, r, "offers", r.ask(r.asked(offers), f, filter{name: "current_only", text: "true"}), r.offer,
		func(o *offer) int64 { return o.id }, func(o *offer) error {
			r.offers[o.application] = o
			switch {
			case o.status == "":
				return fmt.Errorf("%w: an offer has no status", source.ErrIncomplete)
			case f.name == "status" && !accepted(o):
				return fmt.Errorf("%w: asked for accepted offers, one came that is %q", source.ErrIncomplete, excerpt.Of(o.status))
			}
			return cmp.Or(f.only("application_ids", o.application), f.only("candidate_ids", o.candidate))
		})
}

// inBatches calls each with as many of the ids as fit into a filter of the name,
// sorted.
func inBatches(name string, all []int64, each func(filter) error) error {
	slices.Sort(all)
	for some := range slices.Chunk(slices.Compact(all), batch) {
		if err := each(filter{name: name, ids: some}); err != nil {
			return err
		}
	}
	return nil
}

// readJobs reads the jobs of applications that are not known yet, and once the
// departments and offices of the company.
func (r *reading) readJobs(ctx context.Context, people [][]*application) error {
	if !slices.ContainsFunc(r.mappings, func(m mapping) bool { return m.record == jobs }) {
		return nil
	}
	var missing []int64
	for _, apps := range people {
		for _, a := range apps {
			if _, known := r.jobs[a.job]; !known && a.job != 0 {
				missing = append(missing, a.job)
				r.jobs[a.job] = nil // looked for
			}
		}
	}
	err := inBatches("ids", missing, func(f filter) error {
		return list(ctx, r, "jobs", r.ask(r.asked(jobs), f), r.job,
			func(j *job) int64 { return j.id }, func(j *job) error {
				r.jobs[j.id] = j
				return f.only("ids", j.id)
			})
	})
	if err != nil || len(missing) == 0 || r.placesRead {
		return err
	}
	r.placesRead = true
	for _, p := range []struct {
		endpoint, plain string
		into            map[int64]place
	}{{"departments", "department", r.departments}, {"offices", "office", r.offices}} {
		if !r.wants(jobs, p.plain) {
			continue
		}
		err := list(ctx, r, p.endpoint, r.ask("id,name,external_id"), readPlace,
			func(p *place) int64 { return p.id }, func(found *place) error {
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
