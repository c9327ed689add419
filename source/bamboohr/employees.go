package bamboohr

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/source"
)

// employees asks for a page of the list of employees
// (https://documentation.bamboohr.com/reference/list-employees). It is sorted by the
// key, which never changes: sorted by name, somebody who marries between two pages
// would be on neither.
func (r *reading) employees(ctx context.Context, cursor string, ids []string) (source.Page[source.Identity], error) {
	query := url.Values{
		"sort": {"employeeId"}, "fields": {r.optional()}, "page[limit]": {strconv.Itoa(r.cfg.PageSize)},
	}
	if cursor != "" {
		query.Set("page[after]", cursor)
	}
	if ids != nil {
		query["filter[ids][]"] = ids
	}
	var page source.Page[source.Identity]
	answer, err := r.client.Read(ctx, fetch.Request{Path: "/v1/employees", Query: query})
	if err != nil {
		return page, err
	}
	e, err := r.page(answer.Body)
	if err != nil {
		return page, answer.Fail(fetch.BadContent, err)
	}
	if ids == nil {
		r.pages.total = e.total
	}
	return source.Page[source.Identity]{Items: e.people, Next: e.next, Total: e.total}, nil
}

// optional returns the fields that are not in the answer by themselves.
func (r *reading) optional() string {
	always := []string{"employeeId", "firstName", "lastName", "preferredName", "jobTitleName", "status"}
	var names []string
	for n := range r.columns {
		if !slices.Contains(always, r.columns[n].name) {
			names = append(names, r.columns[n].name)
		}
	}
	return strings.Join(names, ",")
}

// An envelope is what lies around the people of a page. Links are no part of it: the
// cursor or the number of the page says the same, and nothing is followed.
type envelope struct {
	people  []source.Identity
	listed  bool // there is a list of people
	counted bool // there is a total
	total   int
	next    string // cursor
	// By number, in the dataset.
	page, pageSize, totalPages int
}

// page takes a page apart. What it does not know it skips. The people in it are
// overwritten by the next page.
func (r *reading) page(body []byte) (envelope, error) {
	e := envelope{people: r.buffer[:0]}
	s := jsonscan.New(body)
	err := s.Members(func(key []byte) error {
		switch name := string(key); {
		case name == "data" && s.Peek() == '[':
			e.listed = true
			return s.Elements(func() error {
				identity, err := r.row(&s)
				e.people = append(e.people, identity)
				return err
			})
		case name == "meta" && s.Peek() == '{':
			return s.Members(func(key []byte) error { return e.meta(&s, key) })
		}
		return s.Skip()
	})
	if err == nil {
		err = s.End()
	}
	switch {
	case err != nil:
	case !e.listed:
		err = errors.New("there is no list of people in it")
	case !e.counted:
		err = errors.New("it does not say how many people there are")
	}
	r.buffer = e.people
	return e, err
}

// meta reads a member of "meta". In the list of employees "page" is an object, in
// the dataset a number.
func (e *envelope) meta(s *jsonscan.Scanner, key []byte) error {
	var into *int
	switch string(key) {
	case "total", "totalItems":
		into, e.counted = &e.total, true
	case "pageSize":
		into = &e.pageSize
	case "totalPages":
		into = &e.totalPages
	case "page":
		if s.Peek() == '{' {
			return s.Members(func(key []byte) error {
				v, err := s.Value()
				// The vendor's schema has it as a number in one place and shows a text in
				// another.
				if string(key) == "nextCursor" && (v.Kind == jsonscan.Text || v.Kind == jsonscan.Number) {
					e.next = v.Text()
				}
				return err
			})
		}
		into = &e.page
	default:
		return s.Skip()
	}
	v, err := s.Value()
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(v.Text())
	if err != nil || n < 0 || v.Kind != jsonscan.Number {
		return fmt.Errorf("%s is no number", key)
	}
	*into = n
	return nil
}
