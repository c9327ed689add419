package adp_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/adp"
	"github.com/provision-go/provision/source/adp/adptest"
	"github.com/provision-go/provision/source/sourcetest"
)

func TestConformance(t *testing.T) {
	broken := func(f adptest.Fault) func(t *testing.T) source.Source {
		return func(t *testing.T) source.Source {
			c := serve(t, adptest.Config{People: staff()})
			c.Break(f)
			return c.open(t, nil)
		}
	}
	second := func(s adptest.Spoil) func(t *testing.T) source.Source {
		return broken(adptest.Fault{Endpoint: adptest.Workers, After: 1, Spoil: s})
	}
	ok := map[string]string{"Content-Type": "application/json"}
	sourcetest.Run(t, func(t *testing.T) source.Source {
		return serve(t, adptest.Config{People: staff()}).open(t, nil)
	}, &sourcetest.Options{
		WantIDs: ids(), MissingID: "G3NOBODY",
		Broken: second(adptest.Spoil{Status: http.StatusForbidden}),
		BrokenWays: map[string]func(t *testing.T) source.Source{
			"nothing in the second page":         second(adptest.Spoil{Status: http.StatusNoContent}),
			"an empty second page":               second(adptest.Spoil{Status: 200, Body: `{"workers":[]}`, Header: ok}),
			"no list":                            second(adptest.Spoil{Status: 200, Body: `{"confirmMessage":{}}`, Header: ok}),
			"the list is null":                   second(adptest.Spoil{Status: 200, Body: `{"workers":null}`, Header: ok}),
			"the total is a word":                second(replaced(`"totalNumber":7`, `"totalNumber":"all"`)),
			"another total on every page":        second(replaced(`"totalNumber":7`, `"totalNumber":8`)),
			"the total is more than the workers": broken(adptest.Fault{Spoil: replaced(`"totalNumber":7`, `"totalNumber":8`)}),
			"no token":                           broken(adptest.Fault{Endpoint: adptest.Token, Spoil: adptest.Spoil{Status: 401}}),
			"nobody": func(t *testing.T) source.Source {
				return serve(t, adptest.Config{}).open(t, nil)
			},
			"nobody, as an empty list": func(t *testing.T) source.Source {
				return serve(t, adptest.Config{EmptyList: true}).open(t, nil)
			},
		},
		LostPage: func(t *testing.T) source.Source {
			c := serve(t, adptest.Config{People: staff()})
			// The second page is the third one.
			c.Break(adptest.Fault{Endpoint: adptest.Workers, Spoil: adptest.Spoil{
				Alter: func(body []byte) []byte {
					people := staff()
					if !bytes.Contains(body, []byte(`"G3TEST0004"`)) {
						return body
					}
					return fmt.Appendf(nil, `{"workers":[%s,%s],"meta":{"totalNumber":7}}`, people[5].JSON(), people[6].JSON())
				},
			}})
			return c.open(t, func(cfg *adp.Config) { cfg.Readings = 1 })
		},
	})
}

// The faults of any system, where ADP states totals and where it does not. The answers
// about tokens are left alone.
func TestFaults(t *testing.T) {
	columns := []string{"workerStatus", "terminationDate", "hireDate", "statusCode", "associateOID", "workerDates"}
	people := staff()
	people[0].Assignments[0].HireDate = "2023-05-02" // only the assignment says so
	for name, without := range map[string]bool{"totals": false, "no totals": true} {
		// Only of Workforce Now is it known that assignments always have a status.
		for product, columns := range map[adp.Product][]string{
			adp.AnyProduct: columns, adp.WorkforceNow: append(columns, "assignmentStatus", "workAssignments"),
		} {
			t.Run(fmt.Sprintf("%s/%d", name, product), func(t *testing.T) {
				sourcetest.Faults(t, sourcetest.FaultOptions{
					Fake: func() http.Handler {
						return adptest.Verified(adptest.New(adptest.Config{
							ClientID: "client", ClientSecret: secret, People: people, NoTotals: without,
						}))
					},
					Source: func(t *testing.T, through http.RoundTripper) source.Source {
						return local(t, through, func(c *adp.Config) { c.PageSize, c.NoTotals, c.Product = 3, without, product })
					},
					About:   func(r *http.Request) bool { return !strings.HasSuffix(r.URL.Path, "/token") },
					Columns: columns,
				})
			})
		}
	}
}

// Everything comes, whatever the size of the page, also where it divides the number of
// people.
func TestPageSizes(t *testing.T) {
	c := serve(t, adptest.Config{People: staff()})
	for size := 2; size <= 9; size++ {
		for _, without := range []bool{false, true} {
			s := c.open(t, func(cfg *adp.Config) { cfg.PageSize, cfg.NoTotals = size, without })
			assert.Equal(t, 7, collect(t, s).Len(), "pages of %d", size)
		}
	}
	for _, request := range c.Requests() {
		assert.NotContains(t, request, "%24", "the dollar sign goes as it is")
	}
}

// People who come and go between two pages move the others. Whatever happens, the list
// that counts as whole has everybody who was there all the time.
func TestPeopleMove(t *testing.T) {
	tests := map[string]func(c *clinic){
		"hired at the front":            func(c *clinic) { c.Put(person("G3AAAA", "90")) },
		"hired at the end":              func(c *clinic) { c.Put(person("G3ZZZZ", "91")) },
		"gone from the front":           func(c *clinic) { c.Delete("G3TEST0000") },
		"one hired and one gone":        func(c *clinic) { c.Delete("G3TEST0000"); c.Put(person("G3ZZZZ", "91")) },
		"one gone from behind the page": func(c *clinic) { c.Delete("G3TEST0008") },
		"two gone from the front":       func(c *clinic) { c.Delete("G3TEST0000", "G3AAAA") },
	}
	for name, happens := range tests {
		for _, without := range []bool{false, true} {
			for page := 1; page <= 3; page++ {
				t.Run(fmt.Sprintf("%s/%v/%d", name, without, page), func(t *testing.T) {
					c := serve(t, adptest.Config{People: append(staff(), person("G3TEST0000", "0"), person("G3TEST0008", "8")), NoTotals: without})
					if name == "two gone from the front" {
						c.Put(person("G3AAAA", "90"))
					}
					asked := 0
					c.OnRequest(func(request string) {
						if strings.Contains(request, "/workers?") {
							if asked++; asked == page+1 {
								happens(c)
							}
						}
					})
					snapshot := collect(t, c.open(t, func(cfg *adp.Config) { cfg.NoTotals = without }))
					for _, id := range ids() {
						assert.NotNil(t, snapshot.Find(id), id)
					}
					assert.Empty(t, snapshot.Contested())
				})
			}
		}
	}
}

// A list that never stays still is an error, and says why.
func TestPeopleGoOnMoving(t *testing.T) {
	c := serve(t, adptest.Config{People: staff()})
	n, up := 0, true
	c.OnRequest(func(request string) {
		if !strings.Contains(request, "/workers?") {
			return
		}
		if n++; up {
			c.Put(person("G3AAAA", "90"))
		} else {
			c.Delete("G3AAAA")
		}
		up = !up
	})
	_, err := source.Collect(t.Context(), c.open(t, nil))
	require.ErrorIs(t, err, source.ErrIncomplete)
	require.ErrorContains(t, err, "people moved in the list while it was read")
	require.ErrorContains(t, err, "NoTotals")
}

// A product that answers with fewer than were asked for, and one that does not say how
// many there are, are read to the end.
func TestShortPages(t *testing.T) {
	people := staff()
	c := serve(t, adptest.Config{People: people, NoTotals: true})
	c.Break(adptest.Fault{Endpoint: adptest.Workers, Times: 1, Spoil: adptest.Spoil{Alter: func([]byte) []byte {
		return fmt.Appendf(nil, `{"workers":[%s,%s]}`, people[0].JSON(), people[1].JSON())
	}}})
	assert.Equal(t, 7, collect(t, c.open(t, func(cfg *adp.Config) { cfg.NoTotals = true })).Len())
}

// A product that answers with the same short page for ever ends with an error.
func TestSkipIsIgnored(t *testing.T) {
	people := staff()
	c := serve(t, adptest.Config{People: people, NoTotals: true})
	c.Break(adptest.Fault{Endpoint: adptest.Workers, Spoil: adptest.Spoil{Alter: func([]byte) []byte {
		return fmt.Appendf(nil, `{"workers":[%s,%s]}`, people[0].JSON(), people[1].JSON())
	}}})
	_, err := source.Collect(t.Context(), c.open(t, func(cfg *adp.Config) { cfg.NoTotals = true }))
	require.ErrorIs(t, err, source.ErrIncomplete)
	require.ErrorContains(t, err, "came twice")
}

// Somebody who comes again behind a short page moved there, and is taken as they are now.
func TestMovedBehindAShortPage(t *testing.T) {
	people := staff()
	c := serve(t, adptest.Config{People: people, NoTotals: true})
	moved := people[1]
	moved.FamilyName = "Married"
	n := 0
	c.Break(adptest.Fault{Endpoint: adptest.Workers, Spoil: adptest.Spoil{Alter: func(body []byte) []byte {
		switch n++; n {
		case 1:
			return fmt.Appendf(nil, `{"workers":[%s,%s]}`, people[0].JSON(), people[1].JSON())
		case 2:
			return fmt.Appendf(nil, `{"workers":[%s,%s]}`, moved.JSON(), people[2].JSON())
		case 3:
			return []byte(`{"workers":[]}`)
		}
		return body
	}}})
	snapshot := collect(t, c.open(t, func(cfg *adp.Config) { cfg.NoTotals = true }))
	assert.Equal(t, 3, snapshot.Len())
	assert.Empty(t, snapshot.Contested())
	assert.Equal(t, "Married", snapshot.Find(moved.AOID).Name.Family)
}

// Two rows with one associateOID on one page contradict each other.
func TestOneIDTwice(t *testing.T) {
	c := serve(t, adptest.Config{People: staff()})
	c.PutRaw("G3TEST0002x", changed(staff()[1], "Ng2", "Other"))
	s := c.open(t, func(cfg *adp.Config) { cfg.PageSize = 100 })
	assert.Equal(t, []string{"G3TEST0002"}, collect(t, s).Contested())
}

func changed(p adptest.Person, old, by string) []byte {
	return []byte(strings.ReplaceAll(string(p.JSON()), old, by))
}

func TestIdentity(t *testing.T) {
	c := serve(t, adptest.Config{People: staff()})
	s := c.open(t, nil)
	one, err := source.Read(t.Context(), s, "G3TEST0002")
	require.NoError(t, err)
	assert.Equal(t, *collect(t, s).Find("G3TEST0002"), one)
	for _, id := range []string{"G3NOBODY", "../x", "", strings.Repeat("A", 65), "a b"} {
		_, err = s.Identity(t.Context(), id)
		require.ErrorIs(t, err, source.ErrNotFound, id)
	}
	c.Break(adptest.Fault{Spoil: adptest.Spoil{Alter: func(body []byte) []byte {
		worker := bytes.TrimSuffix(bytes.TrimPrefix(body, []byte(`{"workers":[`)), []byte(`]}`))
		return fmt.Appendf(nil, `{"workers":%s}`, worker)
	}}})
	alone, err := source.Read(t.Context(), s, "G3TEST0002")
	require.NoError(t, err, "without a list around it")
	assert.Equal(t, one, alone)
	c.Break(adptest.Fault{Spoil: adptest.Spoil{Status: 204}})
	_, err = s.Identity(t.Context(), "G3TEST0002")
	require.ErrorIs(t, err, source.ErrNotFound)
	c.Break(adptest.Fault{Spoil: replaced("G3TEST0002", "G3TEST0003")})
	_, err = s.Identity(t.Context(), "G3TEST0002")
	require.ErrorIs(t, err, source.ErrIncomplete)
	c.Break(adptest.Fault{Spoil: adptest.Spoil{Status: 403}})
	_, err = s.Identity(t.Context(), "G3TEST0002")
	require.ErrorIs(t, err, source.ErrForbidden)
	require.NotErrorIs(t, err, source.ErrNotFound)
}

// With Select nothing private is sent but what lies in assignments, and everybody is read
// as without it.
func TestSelect(t *testing.T) {
	people := staff()
	people[2].Custom = map[string]string{"Squad": "Blue"}
	fake := adptest.New(adptest.Config{ClientID: "client", ClientSecret: secret, People: people, Clock: noon})
	var sent strings.Builder
	tap := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		adptest.Verified(fake).ServeHTTP(recorder, r)
		sent.Write(recorder.Body.Bytes())
		maps.Copy(w.Header(), recorder.Header())
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(recorder.Body.Bytes())
	})
	for _, fields := range []map[string]string{
		nil, {"team": "customFieldGroup[Squad]", "custom.position": "workAssignments.positionID", "custom.nick": "person.preferredName.nickName", "city": ""},
	} {
		open := func(narrow bool) *adp.Source {
			return local(t, inMemory{tap}, func(c *adp.Config) { c.Select, c.Fields, c.PersonalEmail = narrow, fields, true })
		}
		all := collect(t, open(false))
		assert.Contains(t, sent.String(), "governmentIDs", "without it")
		sent.Reset()
		narrow := collect(t, open(true))
		for i := range all.All() {
			assert.Equal(t, i, narrow.Find(i.ID))
			one, err := source.Read(t.Context(), open(true), i.ID)
			require.NoError(t, err)
			assert.Equal(t, *i, one)
		}
		for _, private := range []string{"governmentIDs", "birthDate", "legalAddress", "genderCode", "maritalStatusCode"} {
			assert.NotContains(t, sent.String(), private)
		}
		sent.Reset()
	}
}

// What ADP says about an error is named by its codes: its sentences repeat what they are
// about. Nothing private and no secret is in anything that is said.
func TestNothingPrivateIsSaid(t *testing.T) {
	c := serve(t, adptest.Config{People: staff()})
	s := c.open(t, nil)
	var said strings.Builder
	snapshot := collect(t, s)
	for i := range snapshot.All() {
		fmt.Fprintf(&said, "%+v\n", *i)
	}
	assert.NotContains(t, said.String(), adptest.Canary)
	assert.NotContains(t, said.String(), "@home.example")
	c.Break(adptest.Fault{Spoil: adptest.Spoil{
		Status: 400, Header: map[string]string{"Content-Type": "application/json"},
		Body: `{"confirmMessage":{"protocolStatusCode":{"codeValue":"400"},"requestStatusCode":{"codeValue":"failed"},
			"resourceMessages":[{"resourceMessageID":{"idValue":"123-45-6789"},"processMessages":[{"messageTypeCode":{"codeValue":"error"},
			"userMessage":{"codeValue":"INVALID-SSN","messageTxt":"SSN 123-45-6789 of Ada Ng is invalid"}},
			{"processMessageID":{"idValue":"42424"},"userMessage":{"messageTxt":"Okafor"}}]}]}}`,
	}})
	_, err := source.Collect(t.Context(), s)
	require.Error(t, err)
	fmt.Fprintln(&said, err)
	assert.ErrorContains(t, err, "400, failed, error, INVALID-SSN")
	c.Break(adptest.Fault{Spoil: adptest.Spoil{
		Status: 200, Header: map[string]string{"Content-Type": "application/json"},
		Body: `{"confirmMessage":{"requestStatusCode":{"codeValue":"failed"},"processMessages":[{"userMessage":{"messageTxt":"SSN 123-45-6789"}}]}}`,
	}})
	_, err = source.Collect(t.Context(), s)
	require.ErrorIs(t, err, source.ErrBadContent)
	fmt.Fprintln(&said, err)
	assert.ErrorContains(t, err, "ADP says failed")
	fmt.Fprintf(&said, "%v %+v %#v %v %#v %+v", s, s, s, c.config(t).Auth, c.config(t).Auth, c.config(t))
	for _, private := range []string{"6789", "invalid", "Okafor", "42424", secret, "PRIVATE"} {
		assert.NotContains(t, said.String(), private)
	}
	for _, request := range c.Requests() {
		assert.NotContains(t, request, secret)
	}
}
